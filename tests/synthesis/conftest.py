import pytest

from sigtdnn.synthesis.study import generate_study


@pytest.fixture(scope="session")
def study():
    return generate_study(0)

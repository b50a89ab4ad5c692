from collections.abc import Callable

import pytest

from sigtdnn.networks.config import NetworkConfig
from sigtdnn.training.recipe import read_recipe


@pytest.fixture
def network() -> Callable[[str], NetworkConfig]:
    """One of the paper's networks by name."""

    def read(name: str) -> NetworkConfig:
        return read_recipe(name).network

    return read

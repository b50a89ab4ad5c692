from tests.verification.conftest import model  # noqa: F401

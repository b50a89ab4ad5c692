from tests.networks.conftest import model, network, path  # noqa: F401

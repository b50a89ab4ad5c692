from tests.matching.conftest import fitted, make_corpus  # noqa: F401
from tests.networks.conftest import model, network, path  # noqa: F401

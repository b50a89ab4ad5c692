from tests.evaluation.conftest import make_corpus, signed_corpus  # noqa: F401

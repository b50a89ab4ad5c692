"""Artificial signers, and a model fitted on some of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.models.model import Model
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.fit import fit_model
from tests.training.conftest import make_corpus  # noqa: F401


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model, and what it was fitted on."""

    model: Model
    training: Corpus
    validation: Corpus


@pytest.fixture(scope="session")
def fitted(make_model: Callable[..., Model], make_corpus: Callable[..., Corpus]) -> Fitted:  # noqa: F811
    """A Gaussian model around an encoder with random weights, on features of its own."""
    training = make_corpus(signers=5, genuine=8, seed=0)
    validation = make_corpus(signers=3, genuine=13, seed=1)
    table = {"kind": "gaussian", "variance_floor": 0.2}
    encoder = replace(make_model().encoder, preprocessing=PreprocessingSettings(air="removed"))
    model = fit_model("small", encoder, table, training, validation, seed=0)
    return Fitted(model, training, validation)


@pytest.fixture(scope="session")
def corpora(make_corpus: Callable[..., Corpus]) -> tuple[Corpus, Corpus, Corpus]:  # noqa: F811
    """To train on, to validate on and to test: three signers each, nobody in two of them."""
    whole = make_corpus(signers=9)
    signer = whole.recordings["signer"].str.removeprefix("made/").astype(int)
    first, second, third = (whole.select((signer // 3 == part).to_numpy()) for part in range(3))
    return first, second, third

"""Artificial signers in three parts."""

from collections.abc import Callable

import pytest

from sigtdnn.corpus.corpus import Corpus


@pytest.fixture(scope="session")
def corpora(make_corpus: Callable[..., Corpus]) -> tuple[Corpus, Corpus, Corpus]:
    """To train on, to validate on and to test: three signers each, nobody in two of them."""
    whole = make_corpus(signers=9)
    signer = whole.recordings["signer"].str.removeprefix("made/").astype(int)
    first, second, third = (whole.select((signer // 3 == part).to_numpy()) for part in range(3))
    return first, second, third

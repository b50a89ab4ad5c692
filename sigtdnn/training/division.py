"""Who is learnt from: a corpus divided by signers, and cleaned as a recipe says."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigtdnn.arrays import Rows
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus, labelled
from sigtdnn.corpus.splits import apart_from, split_signers
from sigtdnn.training.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Division:
    """Rows of a corpus to train on and to validate on."""

    training: Rows
    validation: Rows


def divide(
    recordings: pd.DataFrame, test: Collection[str], validation: Collection[str]
) -> Division:
    """The division that keeps test signers out of both parts, validation signers out of one.

    Nothing that a test signer signed or wrote, and no forgery by anyone who forged them, is in
    either part. Nothing that a validation signer signed or wrote is trained on; what their forgers
    forged of others may be.
    """
    free = labelled(recordings) & apart_from(recordings, test)
    signed = recordings["signer"].isin(validation)
    training = free & ~signed & ~recordings["writer"].isin(validation)
    return Division(np.flatnonzero(training), np.flatnonzero(free & signed))


def learnt_from(
    corpus: Corpus, division: Division, recipe: Recipe, seed: int
) -> tuple[Corpus, Corpus]:
    """The corpora to train and to validate on, cleaned as the recipe says."""
    training = _cleaned(corpus.select(division.training), recipe)
    return (
        _share(training, recipe.data.training_share, seed),
        _cleaned(corpus.select(division.validation), recipe),
    )


def _cleaned(corpus: Corpus, recipe: Recipe) -> Corpus:
    return corpus.select(clean(corpus.recordings).kept) if recipe.data.cleaned else corpus


def _share(corpus: Corpus, share: float, seed: int) -> Corpus:
    """The corpus of a share of its signers, drawn by seed."""
    if share == 1:
        return corpus
    signer = corpus.recordings["signer"]
    drawn = split_signers(corpus.recordings, {"kept": share, "dropped": 1 - share}, seed)["kept"]
    return corpus.select(signer.isin(drawn).to_numpy())

"""From a corpus to a model: clean, scale, train, choose the weights, fit the matcher.

Without a network: clean, fit the matcher.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float32, Rows
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus, labelled
from sigtdnn.corpus.splits import apart_from, split_signers
from sigtdnn.models.model import Model
from sigtdnn.networks.encoder import Encoder
from sigtdnn.preprocessing.pipeline import frame_step
from sigtdnn.tables import table_from
from sigtdnn.training.fit import fit_model
from sigtdnn.training.loop import Material, Training
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


class Experiment:
    """The training of one model. `training` may be run, saved and loaded before `model`."""

    def __init__(
        self, corpus: Corpus, division: Division, recipe: Recipe, seed: int, device: str = "cpu"
    ) -> None:
        """Cleans the recordings as the recipe says, measures the scales, draws the weights.

        Raises TooFewPairsError when the recordings do not give the pairs that training needs.
        """
        self.recipe, self.seed = recipe, seed
        self.training_corpus, self.validation_corpus = learnt_from(corpus, division, recipe, seed)
        learnt = material(self.training_corpus, recipe)
        self.scales = measure_scales(learnt.features, recipe)
        self.training = Training(
            recipe, self.scales, learnt, material(self.validation_corpus, recipe), seed, device
        )

    def encoder(self) -> Encoder:
        """The sub-network with the best weights so far."""
        network, recipe = self.recipe.require_network(), self.recipe
        return Encoder(network, recipe.preprocessing, self.training.best, self.scales)

    def model(self) -> Model:
        """The model of the best weights so far, with everything else fitted to them."""
        return fit_model(
            self.recipe.name,
            self.encoder(),
            table_from(self.recipe.matcher),
            self.training_corpus,
            self.validation_corpus,
            seed=self.seed,
            passes=self.training.best_pass,
        )


def learnt_from(
    corpus: Corpus, division: Division, recipe: Recipe, seed: int
) -> tuple[Corpus, Corpus]:
    """The corpora to train and to validate on, cleaned as the recipe says."""
    training = _cleaned(corpus.select(division.training), recipe)
    return (
        _share(training, recipe.data.training_share, seed),
        _cleaned(corpus.select(division.validation), recipe),
    )


def material(corpus: Corpus, recipe: Recipe) -> Material:
    """The recordings of a corpus as training takes them."""
    step = np.array([frame_step(s, recipe.preprocessing) for s in corpus.signatures()])
    features = corpus.features(recipe.preprocessing)
    return Material(corpus.recordings, features, step.astype(np.float32))


def measure_scales(features: Float32, recipe: Recipe) -> Float32:
    """One scale an input (inputs,): a percentile of its absolute value over the training set.

    PAPER section 2, step 6: "so that the majority fell between +1 and -1". An input that is
    always 0 keeps the scale 1.
    """
    inputs = np.abs(features[:, recipe.require_network().rows])
    scales = np.percentile(inputs, recipe.data.scale_percentile, axis=(0, 2))
    return np.where(scales > 0, scales, 1.0).astype(np.float32)


def _cleaned(corpus: Corpus, recipe: Recipe) -> Corpus:
    return corpus.select(clean(corpus.recordings).kept) if recipe.data.cleaned else corpus


def _share(corpus: Corpus, share: float, seed: int) -> Corpus:
    """The corpus of a share of its signers, drawn by seed."""
    if share == 1:
        return corpus
    signer = corpus.recordings["signer"]
    drawn = split_signers(corpus.recordings, {"kept": share, "dropped": 1 - share}, seed)["kept"]
    return corpus.select(signer.isin(drawn).to_numpy())

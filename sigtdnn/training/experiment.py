"""From a corpus to a model with a network: clean, scale, train, choose weights, fit the matcher."""

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.models.model import Model
from sigtdnn.networks.encoder import Encoder
from sigtdnn.preprocessing.pipeline import frame_step
from sigtdnn.tables import table_from
from sigtdnn.training.division import Division, learnt_from
from sigtdnn.training.fit import fit_model
from sigtdnn.training.loop import Material, Training
from sigtdnn.training.recipe import Recipe


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

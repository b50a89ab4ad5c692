"""The card of a model: which outputs a template of 80 bytes keeps, and how it is judged.

Components and ranges are chosen on training signers, the rest is measured on validation
signers, just as for the full vector.
"""

from dataclasses import replace

import numpy as np

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.network.card import MOST_COMPONENTS, Card, Population
from sigtdnn.network.decision import Curve
from sigtdnn.network.model_file import Model
from sigtdnn.training.components import Array, choose_components
from sigtdnn.training.decision import UNDECIDED, decide, measure_curve, validation_odds
from sigtdnn.training.population import measure_population
from sigtdnn.training.spread import mean_variance

# A range reaches beyond the training vectors by this share of their extent, on either side. Few
# training signers do not show all that others do; and 14 bits over three times the extent are
# still steps of a 5,000th of it, far finer than a consistent signer's deviation.
MARGIN = 1.0
# An output that never changes has a range, too.
LEAST_EXTENT = 1e-3

# Before anything is measured.
NO_CARD = Card(
    components=(0,),
    low=(0.0,),
    high=(1.0,),
    decision=UNDECIDED,
    curve=Curve((0.0,), (1.0,), (0.0,), 1, 1),
    population=Population(1.0, 1.0, (0.0, 1.0), 0.0, 1.0, 1.0, (1.0,)),
)


def make_card(model: Model, training: Corpus, validation: Corpus, floor: float) -> Card:
    """The card of a model; its present one does not count.

    `floor` is the least variance of a template as a share of the mean over training signers.

    Raises CorpusError when the validation signers cannot decide.
    """
    outputs = model.outputs(training.features_with(model.preprocessing))
    count = min(MOST_COMPONENTS, model.network.feature_vector)
    components = choose_components(outputs, training.recordings, count)
    vectors = outputs[:, list(components)]
    low, high = ranges(vectors)
    # The decision is measured as for any feature vector, here one of these components.
    least = floor * mean_variance(vectors, training.recordings)
    chosen = replace(
        model, components=components, decision=replace(UNDECIDED, variance_floor=least)
    )
    decision = decide(chosen, validation)
    genuine, forged = validation_odds(replace(chosen, decision=decision), validation)
    curve = measure_curve(genuine, forged)
    card = replace(
        NO_CARD, components=components, low=low, high=high, decision=decision, curve=curve
    )
    carded = replace(model, card=card)
    return replace(
        card, population=measure_population(carded, training, validation, decision, curve)
    )


def ranges(vectors: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Low and high end of each component of vectors (n, k)."""
    least, most = vectors.min(axis=0).astype(np.float64), vectors.max(axis=0).astype(np.float64)
    margin = np.maximum(MARGIN * (most - least), LEAST_EXTENT)
    return tuple((least - margin).tolist()), tuple((most + margin).tolist())

"""The card of a model: which outputs a template of 80 bytes keeps, and how it is judged.

Components and ranges are chosen on training signers, the rest is measured on validation
signers.
"""

from dataclasses import replace

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.systems import Carded, Encoded
from sigtdnn.models.card import MAX_COMPONENTS, Card, Population
from sigtdnn.models.decision import Curve
from sigtdnn.models.file import Model
from sigtdnn.training.components import choose_components
from sigtdnn.training.decision import UNDECIDED, decision_from, measure_curve, validation_odds
from sigtdnn.training.population import measure_population
from sigtdnn.training.spread import mean_variance
from sigtdnn.verification.traits import STATISTICS

# A range reaches beyond the training vectors by this share of their extent, on either side, since
# few training signers do not show all that others do. Strangers of SUSIG and NFI stayed within a
# quarter; 7 bits over the whole range are steps of a 64th of the extent.
MARGIN = 0.5
# An output that never changes has a range, too.
MIN_EXTENT = 1e-3

# Before anything is measured.
NO_CARD = Card(
    components=(0,),
    low=(0.0,),
    high=(1.0,),
    decision=UNDECIDED,
    curve=Curve((0.0,), (1.0,), (0.0,), 1, 1),
    population=Population(1.0, 1.0, (0.0, 1.0), 0.0, 1.0, 1.0, (1.0,) * len(STATISTICS)),
)


def make_card(model: Model, training: Corpus, validation: Corpus, floor: float) -> Card:
    """The card of a model; its present one does not count.

    `floor` is the least variance of a template as a share of the mean over training signers.

    Raises CorpusError when the validation signers cannot decide.
    """
    outputs = model.outputs(training.features(model.preprocessing))
    count = min(MAX_COMPONENTS, model.network.feature_vector)
    components = choose_components(outputs, training.recordings, count)
    vectors = outputs[:, list(components)]
    low, high = ranges(vectors)
    least = floor * mean_variance(vectors, training.recordings)
    undecided = replace(UNDECIDED, variance_floor=least)
    card = replace(NO_CARD, components=components, low=low, high=high, decision=undecided)
    # With templates as rounded as they will be.
    bare = Carded("bare", Encoded(replace(model, card=card), validation))
    genuine, forged = validation_odds(bare, validation)
    decision = decision_from(genuine, forged, undecided)
    curve = measure_curve(genuine - decision.log_p_no, forged - decision.log_p_no)
    carded = replace(model, card=replace(card, decision=decision, curve=curve))
    population = measure_population(carded, training, validation, decision, curve)
    return replace(carded.card, population=population)


def ranges(vectors: Float32) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Low and high end of each component of vectors (n, k)."""
    least, most = vectors.min(axis=0).astype(np.float64), vectors.max(axis=0).astype(np.float64)
    margin = np.maximum(MARGIN * (most - least), MIN_EXTENT)
    return tuple((least - margin).tolist()), tuple((most + margin).tolist())

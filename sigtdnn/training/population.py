"""What is usual among signers and forgers, in the units that templates judge by.

Ratios, in which a signer's own spread cancels, are measured on training and validation
signers together. The network has learnt to draw the training signers' signatures together,
so that spreads and forgeries, which do not cancel, are measured on validation signers only.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float32
from sigtdnn.corpus.corpus import Corpus, signing_order
from sigtdnn.matching.gaussian.density import fit_density
from sigtdnn.models.card import Population
from sigtdnn.models.decision import Curve, Decision
from sigtdnn.models.file import Model
from sigtdnn.verification.enrolment import WANTED, left_out_distances
from sigtdnn.verification.traits import statistics_of

# Of enrolments of genuine signatures, so many are asked to sign one again, or called too wide.
DOUBTED = 0.05
# Of signers, so many change more between their early and late signatures than a template may.
CHANGED = 0.1
# Of forgeries, at most so many pass the threshold of an update. Twice as many let more forgers
# take over a template; none at all keeps out hardly one more.
UPDATED = 0.01
# Least habit: the statistics are of the order of 1, and a habit of 0 would magnify rounding.
MIN_HABIT = 0.01
SHARES = np.linspace(0, 1, 21)  # at which the distances of forgeries are kept


def measure_population(
    model: Model, training: Corpus, validation: Corpus, decision: Decision, curve: Curve
) -> Population:
    """The population of a model's card, of which components and decision are settled."""
    signers = [*_signers(model, training), *_signers(model, validation)]
    known = _signers(model, validation)
    floor = decision.variance_floor
    odd = [left_out_distances(six, floor).max() for s in signers for six in _sixes(s.genuine)]
    spreads = [fit_density(six, floor).variance for s in known for six in _sixes(s.genuine)]
    changes = np.array([_change(s.genuine, floor) for s in signers])
    drift, widening = np.quantile(changes, 1 - CHANGED, axis=0)
    distances = np.concatenate(
        [np.mean((s.skilled - fit_density(s.genuine[-6:], floor).mean) ** 2, axis=1) for s in known]
    )
    update = next(
        (t for t, far in zip(curve.log_odds, curve.far, strict=True) if far <= UPDATED),
        curve.log_odds[-1],
    )
    return Population(
        odd=float(np.quantile(odd, 1 - DOUBTED)),
        widest=float(np.quantile(spreads, 1 - DOUBTED)),
        forged=tuple(np.quantile(distances, SHARES).tolist()),
        update=max(update, decision.threshold_fr80),
        drift=float(drift),
        widening=max(float(widening), 1.0),
        habits=measure_habits(training),
    )


def measure_habits(training: Corpus) -> tuple[float, ...]:
    """Deviation of each statistic of a profile within a signer: root of the mean variance."""
    genuine = training.select((training.recordings["kind"] == "genuine").to_numpy())
    table = pd.DataFrame(statistics_of(list(genuine.signatures())))
    within = table.groupby(genuine.recordings["signer"].to_numpy()).var(ddof=1).mean()
    deviation = np.maximum(np.sqrt(within.to_numpy(np.float64)), MIN_HABIT)
    return tuple(deviation.tolist())


@dataclass(frozen=True, eq=False)
class _Signer:
    genuine: Float32  # (n, k), in signing order
    skilled: Float32  # (m, k)


def _signers(model: Model, corpus: Corpus) -> list[_Signer]:
    """The signers that have the signatures of an enrolment."""
    outputs = model.outputs(corpus.features(model.preprocessing))
    vectors = outputs[:, list(model.card.components)]
    ordered = signing_order(corpus.recordings)
    found = []
    for _, rows in ordered.groupby("signer"):
        genuine, skilled = (
            vectors[rows.index[rows["kind"] == kind].to_numpy()] for kind in ("genuine", "skilled")
        )
        if len(genuine) >= WANTED:
            found.append(_Signer(genuine, skilled))
    return found


def _sixes(vectors: Float32) -> list[Float32]:
    """The enrolments that a signer's signatures make, none of them in two."""
    return [
        vectors[start : start + WANTED] for start in range(0, len(vectors) - WANTED + 1, WANTED)
    ]


def _change(vectors: Float32, floor: float) -> tuple[float, float]:
    """Drift and widening from the first half of a signer's signatures to the second."""
    half = len(vectors) // 2
    early, late = fit_density(vectors[:half], floor), fit_density(vectors[half:], floor)
    return float(np.mean((late.mean - early.mean) ** 2)) / early.variance, (
        late.variance / early.variance
    )

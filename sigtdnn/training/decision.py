"""From feature vectors to decisions: what the paper measures on signers beside the training.

All of it comes from the validation signers, enrolled with their last six genuines: p-no,
the calibration of the score, and thresholds (PAPER section 5).
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from sigtdnn.arrays import Float64
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import CorpusError
from sigtdnn.evaluation.systems import Encoded, Gaussian, System, run
from sigtdnn.metrics.operating_points import operating_points
from sigtdnn.models.decision import Curve, Decision
from sigtdnn.models.file import Model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

# Of a percentage: 100 x 0.29 is a little less than 29.
ROUNDING = 1e-9
DETECTED = 0.8  # share of the forgeries, at the paper's operating point
# Before anything is measured: log-odds are then plain logarithms of the density.
UNDECIDED = Decision(
    references=PROTOCOLS["paper"].references,
    variance_floor=0.0,
    log_p_no=0.0,
    p_no_largest_share=1.0,
    slope=1.0,
    offset=0.0,
    threshold_fr80=0.0,
    threshold_eer=0.0,
)


def decide(model: Model, validation: Corpus) -> Decision:
    """The decision of a model, measured on validation signers.

    Of `model.decision` only the variance floor counts.

    Raises CorpusError when the signers have no forgery or no questioned genuine.
    """
    undecided = replace(UNDECIDED, variance_floor=model.decision.variance_floor)
    bare = Encoded(replace(model, decision=undecided), validation)
    return decision_from(*validation_odds(Gaussian("bare", bare), validation), undecided)


def validation_odds(system: System, validation: Corpus) -> tuple[Float64, Float64]:
    """A system's scores of the questioned genuines (n,) and forgeries (m,) of validation signers.

    Raises CorpusError when one kind is missing.
    """
    scores = run(system, make_trials(validation, PROTOCOLS["paper"]))
    raw = scores["raw"].to_numpy(np.float64)
    genuine, forged = (raw[(scores["kind"] == kind).to_numpy()] for kind in ("genuine", "skilled"))
    if not len(genuine) or not len(forged):
        raise CorpusError(
            f"the validation signers have {len(genuine)} genuines to question and {len(forged)} "
            "forgeries, both are needed to calibrate; give more signers, with forgeries"
        )
    return genuine, forged


def decision_from(genuine: Float64, forged: Float64, undecided: Decision) -> Decision:
    """`undecided` with all that is measured on log p-yes of genuines (n,) and forgeries (m,)."""
    log_p_no = float(logsumexp(forged) - np.log(len(forged)))
    slope, offset = calibrate(genuine - log_p_no, forged - log_p_no)
    points = operating_points(genuine - log_p_no, forged - log_p_no)
    # Rejecting everything, the last point, would detect enough but serves nobody. Where no
    # score detects enough, the highest detects most.
    observed = points.thresholds[:-1]
    enough = np.append(np.flatnonzero(points.fr[:-1] >= DETECTED), len(observed) - 1)
    return replace(
        undecided,
        log_p_no=log_p_no,
        p_no_largest_share=float(np.exp(forged.max() - logsumexp(forged))),
        slope=slope,
        offset=offset,
        threshold_fr80=float(observed[enough[0]]),
        threshold_eer=float(points.thresholds[np.argmax(points.frr >= points.far)]),
    )


def measure_curve(genuine: Float64, forged: Float64) -> Curve:
    """The operating points on log-odds of genuines (n,) and forgeries (m,), thinned out.

    Of the thresholds, the observed scores and one just above all, those are kept that are the
    least to accept at most 0, 1, 2 ... 100 % of the forgeries.
    """
    points = operating_points(genuine, forged)
    thresholds = points.thresholds.copy()
    # Rejecting everything, as a number that a file and a command can hold.
    thresholds[-1] = np.nextafter(thresholds[-2], np.inf)
    wanted = np.arange(100, -1, -1)
    kept = np.unique([np.argmax(100 * points.far <= share + ROUNDING) for share in wanted])
    return Curve(
        log_odds=tuple(thresholds[kept].tolist()),
        far=tuple(points.far[kept].tolist()),
        frr=tuple(points.frr[kept].tolist()),
        forgeries=len(forged),
        genuines=len(genuine),
    )


def calibrate(genuine: Float64, forged: Float64) -> tuple[float, float]:
    """Slope > 0 and offset that make logistic(slope x log-odds + offset) a probability.

    Logistic regression at prior 1/2 on log-odds (n,) of genuines and (m,) of forgeries,
    with Platt's targets, which keep the slope finite where the kinds do not overlap.
    (J. Platt, "Probabilistic outputs for support vector machines", 1999.)
    """
    values = np.concatenate([genuine, forged])
    # Standardised, so that the optimiser sees the same problem whatever the network.
    centre, spread = float(np.median(values)), float(values.std()) or 1.0
    standard = (values - centre) / spread
    wanted = np.repeat(
        [1 - 1 / (len(genuine) + 2), 1 / (len(forged) + 2)], [len(genuine), len(forged)]
    )
    weight = np.repeat([0.5 / len(genuine), 0.5 / len(forged)], [len(genuine), len(forged)])

    def cross_entropy(parameters: Float64) -> float:
        logit = np.exp(parameters[0]) * standard + parameters[1]
        return float(weight @ (np.logaddexp(0.0, logit) - wanted * logit))

    found = minimize(
        cross_entropy, np.zeros(2), method="L-BFGS-B", bounds=[(-10, 10), (None, None)]
    )
    slope = float(np.exp(found.x[0])) / spread
    return slope, float(found.x[1]) - slope * centre

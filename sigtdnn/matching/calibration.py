"""From raw numbers to log-odds, scores and thresholds: fitted, applied and chosen here.

raw       a matcher's number; higher means more genuine
log_odds  natural logarithm of the odds of genuineness at prior 1/2, strictly increasing in raw
score     their logistic: the probability of genuineness at prior 1/2

One class serves every matcher. A signature is accepted when score >= threshold.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import ThresholdError
from sigtdnn.extras import needs
from sigtdnn.metrics.operating_points import operating_points

DETECTED = 0.8  # share of the forgeries, at the paper's operating point (PAPER section 6)
# Shares this close are one: 1 - 0.8 is a little less than 0.2, 100 x 0.29 a little less than 29.
ROUNDING = 1e-9


@dataclass(frozen=True)
class OperatingCurve:
    """Operating points on validation signers, thresholds ascending; enough to choose one by.

    The rates are shares of the validation trials: `far` of the forgeries accepted, `frr` of the
    genuines rejected, where raw >= threshold is accepted.
    """

    raw: tuple[float, ...]
    far: tuple[float, ...]
    frr: tuple[float, ...]
    forgeries: int  # trials
    genuines: int

    def __post_init__(self) -> None:
        if not len(self.raw) == len(self.far) == len(self.frr) > 0:
            raise ValueError("the curve needs as many far and frr as raw, one or more")
        if not all(map(math.isfinite, self.raw)):
            raise ValueError("a threshold of the curve is not finite")
        if not all(0 <= rate <= 1 for rate in (*self.far, *self.frr)):
            raise ValueError("a rate of the curve leaves 0..1")
        rising = all(a < b for a, b in pairwise(self.raw))
        falling = all(a >= b for a, b in pairwise(self.far))
        if not (rising and falling and all(a <= b for a, b in pairwise(self.frr))):
            raise ValueError("the curve must have thresholds and frr ascending, far descending")
        if min(self.forgeries, self.genuines) < 1:
            raise ValueError("the curve needs forgeries and genuines")

    @classmethod
    def fit(cls, genuine: Float64, impostor: Float64) -> Self:
        """The operating points on raw numbers of genuines (n,) and forgeries (m,), thinned out.

        Of the thresholds, the observed numbers and one just above them all, the least are kept
        that accept at most 0, 1, 2 ... 100 % of the forgeries.
        """
        points = operating_points(genuine, impostor)
        thresholds = points.thresholds.copy()
        # Rejecting everything, as a number that a file and a command can hold.
        thresholds[-1] = np.nextafter(thresholds[-2], np.inf)
        wanted = np.arange(100, -1, -1)
        kept = np.unique([np.argmax(100 * points.far <= share + ROUNDING) for share in wanted])
        return cls(
            raw=tuple(thresholds[kept].tolist()),
            far=tuple(points.far[kept].tolist()),
            frr=tuple(points.frr[kept].tolist()),
            forgeries=len(impostor),
            genuines=len(genuine),
        )

    def least(self, far: float) -> float | None:
        """The least threshold that accepts at most the share `far`; None if none does."""
        pairs = zip(self.raw, self.far, strict=True)
        return next((raw for raw, accepted in pairs if accepted <= far + ROUNDING), None)


@dataclass(frozen=True)
class Calibration:
    """log_odds = slope x raw + offset, with the curve that thresholds are chosen from."""

    slope: float
    offset: float
    curve: OperatingCurve

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and math.isfinite(self.offset) and self.slope > 0):
            raise ValueError("slope and offset must be finite, the slope above 0")

    @classmethod
    def fit(cls, genuine: Float64, impostor: Float64) -> Self:
        """The calibration of raw numbers of genuines (n,) and forgeries (m,), n, m >= 1."""
        slope, offset = logistic_line(genuine, impostor)
        return cls(slope, offset, OperatingCurve.fit(genuine, impostor))

    def log_odds(self, raw: Float64) -> Float64:
        """The log-odds of raw numbers, shape as `raw`."""
        return self.slope * raw + self.offset

    def score(self, raw: Float64) -> Float64:
        """The scores of raw numbers, shape as `raw`."""
        return logistic(self.log_odds(raw))

    def threshold(self, far: float | None = None, fr: float | None = None) -> float:
        """The least raw number that accepts at most `far` of the forgeries, or detects `fr`.

        With neither, the paper's operating point, which detects 80 % of them; where too many
        forgeries tie with the highest number for that, that number.

        Raises ThresholdError when both are given, for a share outside 0..1, and for one too small
        to be measured on the validation forgeries.
        """
        curve = self.curve
        if far is None and fr is None:
            found = curve.least(1 - DETECTED)
            # Rejecting everything would detect enough, but is of no use.
            rejecting = curve.far[-1] == 0 and curve.frr[-1] == 1 and len(curve.raw) > 1
            highest = curve.raw[-2 if rejecting else -1]
            return highest if found is None else min(found, highest)
        if far is not None and fr is not None:
            raise ThresholdError(
                "a threshold is chosen by far or by fr, not both", "give one of them"
            )
        share = far if fr is None else 1 - fr
        assert share is not None
        if not 0 < share < 1:
            name = "a false acceptance rate" if fr is None else "a detection rate"
            raise ThresholdError(f"{name} lies between 0 and 1", "give a share such as 0.05")
        found = curve.least(share)
        if share * curve.forgeries < 1 - ROUNDING or found is None:
            raise ThresholdError(
                f"the model was measured on {curve.forgeries} forgeries and cannot tell a false "
                f"acceptance rate below {1 / curve.forgeries:.2g}",
                "ask for more, or give a threshold",
            )
        return found


def logistic(values: Float64) -> Float64:
    """1 / (1 + exp(-values)), without overflow, and exact near 0."""
    odds: Float64 = np.exp(-np.logaddexp(0.0, -values))
    return odds


def logistic_line(genuine: Float64, impostor: Float64) -> tuple[float, float]:
    """Slope > 0 and offset that make logistic(slope x raw + offset) a probability.

    Logistic regression at prior 1/2 on raw numbers (n,) of genuines and (m,) of forgeries,
    with Platt's targets, which keep the slope finite where the kinds do not overlap.
    (J. Platt, "Probabilistic outputs for support vector machines", 1999.)
    """
    with needs("evaluate"):
        from scipy.optimize import minimize

    values = np.concatenate([genuine, impostor])
    # Standardised, so that the optimiser sees the same problem whatever the matcher.
    centre, spread = float(np.median(values)), float(values.std()) or 1.0
    standard = (values - centre) / spread
    sizes = [len(genuine), len(impostor)]
    wanted = np.repeat([1 - 1 / (sizes[0] + 2), 1 / (sizes[1] + 2)], sizes)
    weight = np.repeat([0.5 / sizes[0], 0.5 / sizes[1]], sizes)

    def cross_entropy(parameters: Float64) -> float:
        logit = np.exp(parameters[0]) * standard + parameters[1]
        return float(weight @ (np.logaddexp(0.0, logit) - wanted * logit))

    found = minimize(
        cross_entropy, np.zeros(2), method="L-BFGS-B", bounds=[(-10, 10), (None, None)]
    )
    slope = float(np.exp(found.x[0])) / spread
    return slope, float(found.x[1]) - slope * centre

"""From raw numbers to log-odds, scores and thresholds: fitted, applied and chosen here.

raw       a matcher's number; higher means more genuine
log_odds  natural logarithm of the odds of genuineness at prior 1/2, strictly increasing in raw
score     their logistic: the probability of genuineness at prior 1/2

The classes serve every matcher. A signature is accepted when score >= threshold. There is one
calibration for each number of references that was measured, and each has few parameters: a line
for the log-odds, and another for each kind of forgery, from which thresholds are chosen.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64, Rows
from sigtdnn.errors import ThresholdError
from sigtdnn.extras import needs
from sigtdnn.matching.matcher import REFERENCES, Comparisons
from sigtdnn.metrics.operating_points import operating_points

DETECTED = 0.8  # share of the forgeries, at the paper's operating point (PAPER section 6)
# Shares this close are one: 1 - 0.8 is a little less than 0.2, 100 x 0.29 a little less than 29.
ROUNDING = 1e-9
# Of a normal deviate, z(0.2) = 0.8416 is exceeded with the chance 0.2, then by 0.5582 on average.
MEAN_EXCESS = 0.5582


@dataclass(frozen=True)
class FalseAcceptance:
    """How the share of accepted forgeries of one kind falls with the threshold.

    A straight line on the scale of normal deviates, as DET curves are drawn: the threshold for a
    share `far` is usual + spread x (z(far) - z(0.2)), z(far) being what a normal deviate exceeds
    with the chance `far`. Of few forgeries a line tells small shares better than the few
    that score highest. Where the forgeries are less scattered above than below, small shares
    come out smaller than asked.
    """

    usual: float  # raw number that detects 80 % of them
    spread: float  # of their raw numbers above it, as a standard deviation
    forgeries: int  # trials that it was measured on

    def __post_init__(self) -> None:
        if not (math.isfinite(self.usual) and math.isfinite(self.spread) and self.spread >= 0):
            raise ValueError("usual and spread must be finite, the spread 0 or more")
        if self.forgeries < 1:
            raise ValueError("false acceptance needs forgeries")

    @classmethod
    def fit(cls, genuine: Float64, forged: Float64) -> Self:
        """The line through the paper's operating point on raw numbers (n,) and (m,).

        Where too many forgeries tie with the highest number for that point, it is that number.
        """
        tied = np.mean(forged >= max(genuine.max(), forged.max()))
        usual = least_threshold(genuine, forged, max(1 - DETECTED, float(tied)))
        above = forged[forged >= usual] - usual
        spread = float(above.mean()) / MEAN_EXCESS if len(above) else 0.0
        return cls(usual, spread, len(forged))

    def threshold(self, far: float) -> float:
        """The raw number that about the share `far` of the forgeries reaches.

        Raises ThresholdError for a share too small to be measured on so few forgeries.
        """
        if far * self.forgeries < 1 - ROUNDING:
            raise ThresholdError(
                f"the model was measured on {self.forgeries} forgeries and cannot tell a false "
                f"acceptance rate below {1 / self.forgeries:.2g}",
                "ask for more, or give a threshold",
            )
        if abs(far - (1 - DETECTED)) < ROUNDING:
            return self.usual
        # Most who score ask for no rate, and must not wait for it.
        from statistics import NormalDist

        deviate = NormalDist().inv_cdf
        return self.usual + self.spread * (deviate(1 - DETECTED) - deviate(far))


@dataclass(frozen=True)
class Calibration:
    """log_odds = slope x raw + offset, and the lines that thresholds are chosen from.

    The log-odds are of a genuine signature against a skilled forgery; random forgeries take no
    part. How often each kind is tried nobody knows, and a score that counted on strangers would
    promise too much where somebody imitates. Strangers only score lower.
    """

    references: int  # of the templates that it was measured with
    slope: float
    offset: float
    skilled: FalseAcceptance
    random: FalseAcceptance

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and math.isfinite(self.offset) and self.slope > 0):
            raise ValueError("slope and offset must be finite, the slope above 0")
        if self.references < 1:
            raise ValueError("templates have references, 1 or more")

    @classmethod
    def fit(cls, found: Comparisons, references: int = REFERENCES) -> Self:
        """The calibration of raw numbers, of each kind one or more, with so many references."""
        return cls(
            references,
            *logistic_line(found.genuine, found.skilled),
            FalseAcceptance.fit(found.genuine, found.skilled),
            FalseAcceptance.fit(found.genuine, found.random),
        )

    def log_odds(self, raw: Float64) -> Float64:
        """The log-odds of raw numbers, shape as `raw`."""
        return self.slope * raw + self.offset

    def score(self, raw: Float64) -> Float64:
        """The scores of raw numbers, shape as `raw`."""
        return logistic(self.log_odds(raw))

    def threshold(
        self, far: float | None = None, far_random: float | None = None, fr: float | None = None
    ) -> float:
        """The raw number that keeps all that is asked; without any, the paper's operating point.

        `far` is the share of skilled forgeries accepted, `far_random` that of random ones, `fr`
        the share of skilled ones detected. The paper's operating point detects 80 % of these.

        Raises ThresholdError for a share outside 0..1, and for one too small to be measured on
        the validation forgeries.
        """
        found = []
        if far is not None:
            found.append(self.skilled.threshold(_share(far, "false acceptance rate")))
        if far_random is not None:
            found.append(self.random.threshold(_share(far_random, "false acceptance rate")))
        if fr is not None:
            found.append(self.skilled.threshold(1 - _share(fr, "detection rate")))
        return max(found, default=self.skilled.usual)


@dataclass(frozen=True)
class Calibrations:
    """The calibrations of one matcher: with few references a raw number says something else."""

    measured: tuple[Calibration, ...]  # by number of references, ascending

    def __post_init__(self) -> None:
        numbers = [calibration.references for calibration in self.measured]
        if not numbers or not all(a < b for a, b in pairwise(numbers)):
            raise ValueError("calibrations need numbers of references, ascending")

    def of(self, references: int) -> Calibration:
        """That of templates of so many references: of the nearest number at or below.

        Where all were measured with more, that of the least number.
        """
        return self.measured[int(self._places(references))]

    def log_odds(self, raw: Float64, references: ArrayLike) -> Float64:
        """The log-odds (n,) of raw numbers (n,), each of a template of so many references (n,)."""
        slope, offset = self._lines[self._places(references)].T
        log_odds: Float64 = slope * raw + offset
        return log_odds

    def _places(self, references: ArrayLike) -> Rows:
        numbers = [calibration.references for calibration in self.measured[1:]]
        return np.searchsorted(numbers, references, side="right")

    @cached_property
    def _lines(self) -> Float64:
        return np.array([[one.slope, one.offset] for one in self.measured])


def _share(value: float, name: str) -> float:
    if not 0 < value < 1:
        raise ThresholdError(f"a {name} lies between 0 and 1", "give a share such as 0.05")
    return value


def least_threshold(genuine: Float64, forged: Float64, far: float) -> float:
    """The least number that at most the share `far` of the forgeries (m,) reaches.

    It is one of the observed numbers of genuines (n,) and forgeries, or just above them all.
    """
    points = operating_points(genuine, forged)
    thresholds = points.thresholds.copy()
    # Rejecting everything, as a number that a file and a command can hold.
    thresholds[-1] = np.nextafter(thresholds[-2], np.inf)
    return float(thresholds[np.argmax(points.far <= far + ROUNDING)])


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

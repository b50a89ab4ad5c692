"""What training measured that turns a density into a decision (PAPER section 5).

`verification` applies it. Log-odds are log p-yes - log p-no, and higher is more genuine.
"""

import math
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Decision:
    """Numbers measured on validation signers that turn a feature vector into a decision."""

    references: int  # signatures of a full template
    variance_floor: float  # least variance of a template
    log_p_no: float  # logarithm of the mean of p-yes over the validation forgeries
    p_no_largest_share: float  # of one forgery in that mean
    slope: float  # calibrated score = 1 / (1 + exp(-(slope * log_odds + offset)))
    offset: float
    threshold_fr80: float  # log-odds that detects 80 % of the validation forgeries
    threshold_eer: float  # log-odds of the equal error rate on validation signers

    def __post_init__(self) -> None:
        numbers = (self.p_no_largest_share, self.threshold_fr80, self.threshold_eer)
        measured = (self.variance_floor, self.log_p_no, self.slope, self.offset)
        # A threshold may be infinite, where only rejecting everything is fair to both kinds.
        if not all(map(math.isfinite, measured)) or any(map(math.isnan, numbers)):
            raise ValueError("a number is not finite")
        if self.references < 2 or self.variance_floor < 0 or self.slope <= 0:
            raise ValueError("references are below 2, the floor below 0 or the slope not above 0")


@dataclass(frozen=True)
class Curve:
    """Operating points on validation signers, thresholds ascending; enough to choose one by.

    A signature is accepted when its log-odds are >= the threshold. The rates are shares of
    the validation trials: `far` of the forgeries accepted, `frr` of the genuines rejected.
    """

    log_odds: tuple[float, ...]
    far: tuple[float, ...]
    frr: tuple[float, ...]
    forgeries: int  # tried
    genuines: int

    def __post_init__(self) -> None:
        if not len(self.log_odds) == len(self.far) == len(self.frr) > 0:
            raise ValueError("the curve needs as many far and frr as log_odds, one or more")
        if not all(map(math.isfinite, self.log_odds)):
            raise ValueError("a threshold of the curve is not finite")
        if not all(0 <= rate <= 1 for rate in (*self.far, *self.frr)):
            raise ValueError("a rate of the curve leaves 0..1")
        rising = all(a < b for a, b in pairwise(self.log_odds))
        falling = all(a >= b for a, b in pairwise(self.far))
        if not (rising and falling and all(a <= b for a, b in pairwise(self.frr))):
            raise ValueError("the curve must have thresholds and frr ascending, far descending")
        if min(self.forgeries, self.genuines) < 1:
            raise ValueError("the curve needs forgeries and genuines")

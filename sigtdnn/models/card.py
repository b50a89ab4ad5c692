"""What the 80 bytes of a template keep of the network's output, and what judges it.

The paper's card holds 38 of network 5's 76 outputs (PAPER section 6), ours all of them, more
coarsely (`verification.codec`). Which ones of a larger network's and in which ranges is chosen on
training signers, the rest is measured on signers beside them.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.models.decision import Curve, Decision

MAX_COMPONENTS = 76
# A range of a narrower share of its ends would lose its steps in rounding.
MIN_RANGE = 1e-9


@dataclass(frozen=True)
class Population:
    """What is usual among signers and forgers; distances are over the card's components.

    A *spread* is a variance pooled over the components, as in a template; a squared distance
    is a mean over the components, so that the two compare.
    """

    odd: float  # squared distance to a signer's other signatures, in their spread, that is odd
    widest: float  # spread that an enrolment should not exceed
    forged: tuple[float, ...]  # squared distances of forgeries at even shares, 0 to 1
    update: float  # log-odds from which an accepted signature may update a template
    drift: float  # squared distance between early and late signatures, in their spread
    widening: float  # ratio of the spreads of late and early signatures
    habits: tuple[float, ...]  # deviation of each statistic of a profile, within a signer

    def __post_init__(self) -> None:
        positive = (self.odd, self.widest, self.drift, self.widening, *self.habits)
        if not all(0 < number < math.inf for number in positive):
            raise ValueError("a distance, spread or habit is not positive and finite")
        if self.widening < 1:
            raise ValueError("widening is below 1")
        ascending = all(a <= b for a, b in pairwise(self.forged))
        if len(self.forged) < 2 or not ascending or not self.forged[0] >= 0:
            raise ValueError("distances of forgeries must be two or more, ascending from 0 or more")
        if math.isnan(self.update) or not math.isfinite(self.forged[-1]):
            raise ValueError("a number is not finite")


@dataclass(frozen=True)
class Card:
    """The components of a template of 80 bytes, their ranges, and a decision of its own."""

    components: tuple[int, ...]  # of the network's output, ascending, at most 76
    low: tuple[float, ...]  # least value that a component's mean can be stored as
    high: tuple[float, ...]  # greatest
    decision: Decision  # on vectors of these components
    curve: Curve
    population: Population

    def __post_init__(self) -> None:
        if not 1 <= len(self.components) <= MAX_COMPONENTS:
            raise ValueError(f"a card has 1 to {MAX_COMPONENTS} components")
        ascending = all(a < b for a, b in pairwise(self.components))
        if not ascending or self.components[0] < 0:
            raise ValueError("components of a card must be ascending outputs of the network")
        if not len(self.low) == len(self.high) == len(self.components):
            raise ValueError("a card needs one range a component")
        for low, high in zip(self.low, self.high, strict=True):
            # Written so that NaN fails.
            if not high - low > MIN_RANGE * max(abs(low), abs(high)) or math.isinf(high - low):
                raise ValueError("a range of the card is empty or not finite")

    @cached_property
    def ranges(self) -> tuple[Float64, Float64]:
        """`low` and `high` as arrays (k,)."""
        return np.array(self.low), np.array(self.high)

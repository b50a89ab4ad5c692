"""The figures that the paper prints, to stand beside ours (PAPER sections 4 and 6).

Rates are fractions. GA, genuines accepted: genuine pairs with a cosine above 0; FR, forgeries
rejected: genuine:forgery pairs with a cosine below 0. Each pair of figures is the best reading on
its set, at its own pass: training and validation figures of a network belong to different weights.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """GA and FR of a network at one pass."""

    ga: float
    fr: float
    at_pass: int


@dataclass(frozen=True)
class Row:
    """A line of Table 1."""

    training: Reading
    validation: Reading


TABLE_1 = {
    "network-1": Row(Reading(0.970, 0.653, 26), Reading(0.903, 0.748, 6)),
    "network-2": Row(Reading(0.978, 0.600, 11), Reading(0.932, 0.752, 2)),
    "network-3": Row(Reading(0.998, 0.888, 100), Reading(0.917, 0.742, 32)),
    "network-4": Row(Reading(0.982, 0.817, 42), Reading(0.994, 0.805, 42)),
    "network-5": Row(Reading(0.986, 0.815, 69), Reading(0.996, 0.801, 44)),
}

# Genuines accepted where 80 % of the forgeries are detected; printed for network 4 only.
GA_AT_FR80 = {"network-4": 0.955}
GA_AT_FR80_WITHOUT_FIRST_TWO = {"network-4": 0.970}
TESTED_GENUINES, TESTED_FORGERIES, TESTED_SIGNERS = 532, 424, 43

"""From log-odds to numbers between 0 and 1; both functions increase, until they saturate."""

import numpy as np
from numpy.typing import NDArray

from sigtdnn.network.decision import Decision

Floats = NDArray[np.float64]


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-values)), without overflow, and exact near 0."""
    odds: Floats = np.exp(-np.logaddexp(0.0, -values))
    return odds


def paper_score(log_odds: Floats) -> Floats:
    """p-yes / (p-yes + p-no), the paper's score (PAPER section 5). It saturates, and then ties."""
    return logistic(log_odds)


def calibrated_score(log_odds: Floats, decision: Decision) -> Floats:
    """Probability that the signature is genuine, at prior 1/2, fitted on validation signers."""
    return logistic(decision.slope * log_odds + decision.offset)

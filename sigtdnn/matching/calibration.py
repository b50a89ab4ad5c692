"""From log-odds to numbers between 0 and 1; both functions increase, until they saturate."""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.models.decision import Decision


def logistic(values: Float64) -> Float64:
    """1 / (1 + exp(-values)), without overflow, and exact near 0."""
    odds: Float64 = np.exp(-np.logaddexp(0.0, -values))
    return odds


def paper_score(log_odds: Float64) -> Float64:
    """p-yes / (p-yes + p-no), the paper's score (PAPER section 5). It saturates, and then ties."""
    return logistic(log_odds)


def calibrated_score(log_odds: Float64, decision: Decision) -> Float64:
    """Probability that the signature is genuine, at prior 1/2, fitted on validation signers."""
    return logistic(decision.slope * log_odds + decision.offset)

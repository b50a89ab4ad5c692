"""Intervals by the bootstrap over signers.

Trials of one signer are not independent, so signers are drawn with replacement, each with
all trials that claim to be his. A sample is a row of weights: how often each signer was
drawn. A figure is computed for every row at once.
"""

import numpy as np

from sigtdnn.arrays import Float64

SAMPLES = 1000
LEVEL = 0.95


def signer_weights(signers: int, seed: int, samples: int = SAMPLES) -> Float64:
    """How often each signer is drawn in each sample, shape (samples, signers).

    Rows sum to `signers`. Two systems given the same weights are compared pair by pair.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(signers, 1 / signers)
    return rng.multinomial(signers, shares, size=samples).astype(np.float64)


def interval(values: Float64) -> tuple[float, float] | None:
    """The central 95 % of resampled values (samples,), NaN left out; None when none is left."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)

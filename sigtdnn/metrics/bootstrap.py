"""Intervals by the bootstrap over signers.

Conventions
-----------
Trials of one signer are not independent, so signers are drawn with replacement, each with
all trials that claim to be theirs. A sample is a row of weights: how often each signer was
drawn. Two systems given the same weights are compared pair by pair.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64
from sigtdnn.metrics.operating_points import share

SAMPLES = 1000
LEVEL = 0.95


def bootstrap_interval(
    figure: Callable[[Float64, Float64], float],
    genuine: ArrayLike,
    genuine_signer: ArrayLike,
    impostor: ArrayLike,
    impostor_signer: ArrayLike,
    seed: int = 0,
) -> tuple[float, float] | None:
    """The central 95 % of `figure(genuine, impostor)` over resampled signers.

    Scores have shape (n,) and (m,), each with the name or number of the signer claimed.
    None when no sample has the figure.

    >>> from sigtdnn.metrics import eer
    >>> bootstrap_interval(eer, [1.0, 2.0, 4.0], ["a", "a", "b"], [0.0, 3.0], ["a", "b"])
    (0.0, 0.5)
    """
    genuine, impostor = np.asarray(genuine, np.float64), np.asarray(impostor, np.float64)
    claimed = np.concatenate([genuine_signer, impostor_signer])
    signers, place = np.unique(claimed, return_inverse=True)
    of_genuine, of_impostor = place[: len(genuine)], place[len(genuine) :]
    values = [
        figure(np.repeat(genuine, often[of_genuine]), np.repeat(impostor, often[of_impostor]))
        for often in signer_weights(len(signers), seed).astype(np.intp)
    ]
    return interval(np.array(values))


def signer_weights(signers: int, seed: int, samples: int = SAMPLES) -> Float64:
    """How often each signer is drawn in each sample, shape (samples, signers).

    >>> signer_weights(3, seed=0, samples=2).sum(axis=1)
    array([3., 3.])
    """
    rng = np.random.default_rng(seed)
    shares = np.full(signers, 1 / signers)
    return rng.multinomial(signers, shares, size=samples).astype(np.float64)


def interval(values: ArrayLike) -> tuple[float, float] | None:
    """The central 95 % of resampled values (samples,), NaN left out; None when none is left.

    >>> interval([0.5, float("nan"), 0.5])
    (0.5, 0.5)
    """
    values = np.asarray(values, np.float64)
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mean_of_signers(values: Float64, weights: Float64) -> Float64:
    """Weighted mean (samples,) of a figure (signers,), signers with NaN left out.

    >>> mean_of_signers(np.array([0.1, 0.3]), np.array([[1.0, 1.0], [2.0, 0.0]]))
    array([0.2, 0.1])
    """
    known = ~np.isnan(values)
    return share(weights[:, known] @ values[known], weights[:, known].sum(axis=-1))

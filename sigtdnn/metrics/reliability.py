"""Reliability curve: whether a calibrated score means what it says.

Conventions
-----------
A score is the probability that a signature is genuine, 0..1. Of the trials that were scored
around 0.7, seven in ten should be genuine, if genuines and impostors are equally likely
beforehand. The tested trials seldom are half and half, so each kind is weighted to one half.
Scores fall into bins of equal width; the last one holds 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64, Rows

BINS = 10
Z = 1.96  # of a normal density, beyond which 2.5 % lie on either side


@dataclass(frozen=True, eq=False)
class Reliability:
    """The bins that hold trials, each array of shape (bins,).

    The interval of the share is Wilson's, on as many trials as the weighted ones are worth.
    Trials of one signer count as independent, which they are not.
    """

    bin: Rows  # number, from 0
    score: Float64  # mean of the trials' scores, weighted
    share: Float64  # of genuines among the trials, weighted
    low: Float64  # } 95 % interval of the share
    high: Float64  # }
    trials: Rows  # how many


def reliability(genuine: ArrayLike, impostor: ArrayLike) -> Reliability | None:
    """The curve of calibrated scores (n,) and (m,), 0..1; None when either is empty.

    Raises ValueError for a score that is NaN or outside 0..1.

    >>> curve = reliability([0.9, 0.9, 0.9, 0.1], [0.9, 0.1, 0.1, 0.1])
    >>> curve.bin
    array([1, 9])
    >>> curve.share
    array([0.25, 0.75])
    """
    genuine, impostor = np.asarray(genuine, np.float64), np.asarray(impostor, np.float64)
    if not len(genuine) or not len(impostor):
        return None
    scores = np.concatenate([genuine, impostor])
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError("a score is not a probability, 0 to 1; calibrate it first")
    is_genuine = np.arange(len(scores)) < len(genuine)
    weight = np.where(is_genuine, 0.5 / len(genuine), 0.5 / len(impostor))
    number = np.minimum((scores * BINS).astype(np.intp), BINS - 1)
    held, place = np.unique(number, return_inverse=True)
    total = np.bincount(place, weight)
    share = np.bincount(place, weight * is_genuine) / total
    # As many trials of equal weight would be equally certain.
    count = total**2 / np.bincount(place, weight**2)
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    reach = Z * np.sqrt(share * (1 - share) / count + (Z / (2 * count)) ** 2) / (1 + Z**2 / count)
    return Reliability(
        bin=held,
        score=np.bincount(place, weight * scores) / total,
        share=share,
        # Rounding may leave the share just outside.
        low=np.minimum(middle - reach, share),
        high=np.maximum(middle + reach, share),
        trials=np.bincount(place),
    )

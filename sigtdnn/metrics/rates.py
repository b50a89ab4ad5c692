"""Figures of a test, as functions of its operating points.

Each takes points with counts of shape (..., points) and returns rates as fractions, shape
(...): a plain number for one set of trials, one a signer, or one a resampling. NaN means
that the figure cannot be computed. `operating_points` states what is accepted; thresholds
are chosen on the tested trials unless the caller brings one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.metrics.operating_points import OperatingPoints, share


def eer(points: OperatingPoints) -> Float64:
    """Equal error rate: linear between the two points around FAR = FRR."""
    far, frr = points.far, points.frr
    # FAR - FRR falls from 1 to -1; the curves meet after its last point not below 0.
    after = np.minimum((far >= frr).sum(axis=-1, keepdims=True), far.shape[-1] - 1)
    before = np.maximum(after - 1, 0)
    far_0, frr_0 = _at(far, before), _at(frr, before)
    far_1, frr_1 = _at(far, after), _at(frr, after)
    step = (far_0 - frr_0) / ((far_0 - frr_0) - (far_1 - frr_1))
    rate: Float64 = far_0 + step * (far_1 - far_0)
    return rate


def ga_at_fr(points: OperatingPoints, fr: float) -> Float64:
    """GA at the smallest observed score that detects at least the share `fr` of the forgeries.

    With `fr` 0.8 it is the paper's figure (PAPER section 6). NaN when no observed score
    detects so many, because too many forgeries tie with the highest score.
    """
    enough = points.fr >= fr
    first = np.argmax(enough, axis=-1)[..., None]
    computable = _at(enough, first) & _observed(points, first)
    return np.where(computable, _at(points.ga, first), np.nan)


def ga_at_threshold(points: OperatingPoints, threshold: float) -> Float64:
    """GA when scores >= `threshold` are accepted; FRR is 1 - GA."""
    return points.ga[..., _index(points, threshold)]


def fr_at_threshold(points: OperatingPoints, threshold: float) -> Float64:
    """Forgeries detected when scores >= `threshold` are accepted; FAR is 1 - FR."""
    return points.fr[..., _index(points, threshold)]


def min_dcf(points: OperatingPoints, prior: float = 0.5) -> Float64:
    """Least detection cost, prior x FRR + (1 - prior) x FAR, both errors costing the same.

    `prior` is that of a genuine signature. The cost is divided by that of the better blind
    decision, accept all or reject all, so that 1 means worthless.
    """
    cost = prior * points.frr + (1 - prior) * points.far
    least: Float64 = cost.min(axis=-1) / min(prior, 1 - prior)
    return least


def mean_of_signers(values: Float64, weights: Float64) -> Float64:
    """Weighted mean (samples,) of a figure (signers,), signers with NaN left out."""
    known = ~np.isnan(values)
    return share(weights[:, known] @ values[known], weights[:, known].sum(axis=-1))


def _at(values: NDArray[Any], index: Rows) -> NDArray[Any]:
    """values (..., points) at index (..., 1); shape (...)."""
    return np.take_along_axis(values, index, axis=-1)[..., 0]


def _observed(points: OperatingPoints, index: Rows) -> Bool:
    """Whether the threshold at `index` is a score of this very sample, or below one."""
    below = points.genuine_below + points.forged_below
    return _at(below, index) < below[..., -1]


def _index(points: OperatingPoints, threshold: float) -> int:
    """The operating point that accepts just what `threshold` accepts."""
    return int(np.searchsorted(points.thresholds, threshold))

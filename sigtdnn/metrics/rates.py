"""Error rates and detection cost of a set of trials.

Conventions
-----------
Scores are arrays (n,) of genuine and (m,) of impostor trials, higher more genuine, accepted
when >= the threshold; ties move together (see `operating_points`). Thresholds are chosen on
the tested trials themselves. Rates are fractions; NaN means that the figure cannot be computed.

Each figure has two forms: one of arrays, and one of operating points with counts (..., points),
which gives shape (...): a number a signer, or a number a resampling.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points


def eer(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Equal error rate: linear between the two points around FAR = FRR.

    >>> eer([2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 2.0, 3.0])
    0.25
    """
    return float(eer_of_points(operating_points(genuine, impostor)))


def ga_at_fr(genuine: ArrayLike, impostor: ArrayLike, fr: float = 0.8) -> float:
    """GA, the genuines accepted, where at least the share `fr` of the impostors is detected.

    The threshold is the smallest observed score that detects so many. With `fr` 0.8 it is the
    paper's figure (PAPER section 6). NaN when no observed score does, because too many
    impostors tie with the highest.

    >>> ga_at_fr([2.5, 3.0, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0])
    0.5
    """
    return float(ga_at_fr_of_points(operating_points(genuine, impostor), fr))


def min_dcf(genuine: ArrayLike, impostor: ArrayLike, prior: float = 0.5) -> float:
    """Least detection cost, prior x FRR + (1 - prior) x FAR, both errors costing the same.

    `prior` is that of a genuine signature. The cost is divided by that of the better blind
    decision, accept all or reject all, so that 1 means worthless.

    >>> min_dcf([2.0, 4.0, 5.0, 6.0], [1.0, 3.0])
    0.25
    """
    return float(min_dcf_of_points(operating_points(genuine, impostor), prior))


def eer_of_points(points: OperatingPoints) -> Float64:
    """`eer` for each row of counts."""
    far, frr = points.far, points.frr
    # FAR - FRR falls from 1 to -1; the curves meet after its last point not below 0.
    after = np.minimum((far >= frr).sum(axis=-1, keepdims=True), far.shape[-1] - 1)
    before = np.maximum(after - 1, 0)
    far_0, frr_0 = _at(far, before), _at(frr, before)
    far_1, frr_1 = _at(far, after), _at(frr, after)
    step = (far_0 - frr_0) / ((far_0 - frr_0) - (far_1 - frr_1))
    rate: Float64 = far_0 + step * (far_1 - far_0)
    return rate


def ga_at_fr_of_points(points: OperatingPoints, fr: float) -> Float64:
    """`ga_at_fr` for each row of counts."""
    enough = points.fr >= fr
    first = np.argmax(enough, axis=-1)[..., None]
    computable = _at(enough, first) & _observed(points, first)
    return np.where(computable, _at(points.ga, first), np.nan)


def min_dcf_of_points(points: OperatingPoints, prior: float = 0.5) -> Float64:
    """`min_dcf` for each row of counts."""
    cost = prior * points.frr + (1 - prior) * points.far
    least: Float64 = cost.min(axis=-1) / min(prior, 1 - prior)
    return least


def _at(values: NDArray[Any], index: Rows) -> NDArray[Any]:
    """values (..., points) at index (..., 1); shape (...)."""
    return np.take_along_axis(values, index, axis=-1)[..., 0]


def _observed(points: OperatingPoints, index: Rows) -> Bool:
    """Whether the threshold at `index` is a score of this very sample, or below one."""
    below = points.genuine_below + points.impostor_below
    return _at(below, index) < below[..., -1]

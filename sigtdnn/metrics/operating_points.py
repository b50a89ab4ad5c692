"""Operating points: what every threshold on the scores accepts and rejects.

Conventions
-----------
Higher means more genuine; a signature is accepted when its score is >= the threshold. The
thresholds are the distinct scores, ascending, so that tied scores move together, and at
the end one that rejects everything, written as infinity. Counts have shape (..., points):
one row for a set of trials, or one a signer, or one a resampling of signers. A rate of no
trials is NaN.

FAR  false acceptance rate, share of the impostors accepted; FR = 1 - FAR, those detected
FRR  false rejection rate, share of the genuines rejected; GA = 1 - FRR, those accepted
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64, Rows


@dataclass(frozen=True, eq=False)
class OperatingPoints:
    """Counts of trials below each threshold; see the module."""

    thresholds: Float64  # (points,), ascending, the last one infinite
    genuine_below: Float64  # (..., points)
    impostor_below: Float64  # (..., points)

    @cached_property
    def frr(self) -> Float64:
        """Share of the genuines rejected, shape (..., points)."""
        return share(self.genuine_below, self.genuine_below[..., -1:])

    @cached_property
    def ga(self) -> Float64:
        """Share of the genuines accepted, shape (..., points)."""
        total = self.genuine_below[..., -1:]
        return share(total - self.genuine_below, total)

    @cached_property
    def far(self) -> Float64:
        """Share of the impostors accepted, shape (..., points)."""
        total = self.impostor_below[..., -1:]
        return share(total - self.impostor_below, total)

    @cached_property
    def fr(self) -> Float64:
        """Share of the impostors detected, shape (..., points)."""
        return share(self.impostor_below, self.impostor_below[..., -1:])

    def at(self, threshold: float) -> int:
        """The point that accepts just what `threshold` accepts."""
        return int(np.searchsorted(self.thresholds, threshold))

    def weighted(self, weights: Float64) -> "OperatingPoints":
        """Points of pooled rows, each counted as often as its weight says.

        `weights` has shape (samples, rows); the rows here are signers. A threshold that no
        trial of a sample holds repeats the next point, which changes no figure.
        """
        return OperatingPoints(
            self.thresholds, weights @ self.genuine_below, weights @ self.impostor_below
        )


def operating_points(genuine: ArrayLike, impostor: ArrayLike) -> OperatingPoints:
    """The points of one set of trials, scores of shape (n,) and (m,); counts (points,).

    FAR over FRR is the DET curve, FR over GA figure 2 of the paper.

    Raises ValueError for a score that is NaN: it has no place in the order.

    >>> points = operating_points([2.0, 3.0], [1.0, 2.0])
    >>> points.thresholds
    array([ 1.,  2.,  3., inf])
    >>> points.far
    array([1. , 0.5, 0. , 0. ])
    >>> points.frr
    array([0. , 0. , 0.5, 1. ])
    """
    genuine, impostor = np.asarray(genuine, np.float64), np.asarray(impostor, np.float64)
    zeros = np.zeros(len(genuine), np.intp), np.zeros(len(impostor), np.intp)
    points = operating_points_by_signer(genuine, zeros[0], impostor, zeros[1], 1)
    return OperatingPoints(points.thresholds, points.genuine_below[0], points.impostor_below[0])


def operating_points_by_signer(
    genuine: Float64,
    genuine_signer: Rows,
    impostor: Float64,
    impostor_signer: Rows,
    signers: int,
) -> OperatingPoints:
    """The points of every signer at the thresholds of all, counts (signers, points).

    Scores have shape (n,) and (m,), each with the claimed signer, 0..signers - 1.

    Raises ValueError for a score that is NaN.
    """
    if np.isnan(genuine).any() or np.isnan(impostor).any():
        raise ValueError("a score is NaN; a trial without a score cannot be counted")
    thresholds = np.append(np.unique(np.concatenate([genuine, impostor])), np.inf)

    def below(scores: Float64, signer: Rows) -> Float64:
        counts = np.zeros((signers, len(thresholds)))
        np.add.at(counts, (signer, np.searchsorted(thresholds, scores) + 1), 1)
        return np.cumsum(counts, axis=1)

    return OperatingPoints(
        thresholds, below(genuine, genuine_signer), below(impostor, impostor_signer)
    )


def share(part: Float64, total: Float64) -> Float64:
    """part / total, and NaN where total is 0."""
    shape = np.broadcast_shapes(part.shape, total.shape)
    rate: Float64 = np.divide(part, total, out=np.full(shape, np.nan), where=total > 0)
    return rate

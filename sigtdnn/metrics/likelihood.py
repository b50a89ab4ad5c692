"""Cllr: what a log-likelihood ratio costs.

Conventions
-----------
A log-likelihood ratio is the natural logarithm of p(score | genuine) / p(score | impostor).
Cllr is in bits: 0 for a perfect score, 1 for one that always says "even odds" (Brümmer and du
Preez, "Application-independent evaluation of speaker detection", 2006). minCllr is what remains
after the best monotone recalibration on the tested trials themselves: it judges the order
of the scores only, Cllr - minCllr the calibration. NaN means that there is nothing to judge.
"""

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64
from sigtdnn.extras import needs
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points, share

BOTH = 3  # a score that genuines and impostors hold


def cllr(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Cllr of log-likelihood ratios, shapes (n,) and (m,); NaN when either is empty.

    Odds of 3 cost a genuine log2(4/3) bits, an impostor log2(4):

    >>> round(cllr([np.log(3)], [np.log(3)]), 6)
    1.207519
    """
    genuine, impostor = np.asarray(genuine, np.float64), np.asarray(impostor, np.float64)
    if not len(genuine) or not len(impostor):
        return float("nan")
    return float(genuine_cost(genuine).mean() + impostor_cost(impostor).mean()) / 2


def min_cllr(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """minCllr of scores on any scale, shapes (n,) and (m,); NaN when either is empty.

    >>> round(min_cllr([1.0, 3.0], [1.0, 1.0]), 6)
    0.688722
    """
    return float(min_cllr_of_points(operating_points(genuine, impostor)))


def genuine_cost(llr: Float64) -> Float64:
    """Bits that each genuine trial costs, shape as `llr`."""
    return _bits(-llr)


def impostor_cost(llr: Float64) -> Float64:
    """Bits that each impostor trial costs, shape as `llr`."""
    return _bits(llr)


def _bits(x: Float64) -> Float64:
    """log2(1 + exp(x)), without overflow; NaN stays NaN."""
    bits: Float64 = (np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))) / np.log(2)
    return bits


def min_cllr_of_points(points: OperatingPoints) -> Float64:
    """`min_cllr` for each row of counts (..., points), shape (...)."""
    with needs("evaluate"):
        from scipy.special import xlogy

    shape = points.genuine_below.shape[:-1]
    if len(points.thresholds) == 1:  # no trials at all
        return np.full(shape, np.nan)
    genuine, impostor = (
        np.diff(below).reshape(-1, below.shape[-1] - 1)
        for below in (points.genuine_below, points.impostor_below)
    )
    # Neighbouring scores of genuines only, or of impostors only, always share one fitted value.
    kind = np.asarray(2 * genuine.any(axis=0) + impostor.any(axis=0))
    start = np.flatnonzero(np.append(True, (kind[1:] != kind[:-1]) | (kind[1:] == BOTH)))
    genuine, impostor = (np.add.reduceat(counts, start, axis=1) for counts in (genuine, impostor))
    # Dividing by the totals puts both kinds at prior 1/2, so that the fitted share p of
    # genuines is the posterior, and p / (1 - p) the likelihood ratio.
    genuine = share(genuine, genuine.sum(axis=1, keepdims=True))
    impostor = share(impostor, impostor.sum(axis=1, keepdims=True))
    p = _ascending(genuine, genuine + impostor)
    bits = -(xlogy(genuine, p) + xlogy(impostor, 1 - p)).sum(axis=1) / np.log(2)
    return np.reshape(bits / 2, shape)


def _ascending(part: Float64, weight: Float64) -> Float64:
    """The ascending fit of part / weight along each row, shape (rows, scores), 0..1.

    Where the weight is 0 or NaN the fit is 0.
    """
    with needs("evaluate"):
        from scipy.optimize import isotonic_regression

    held = weight > 0
    # Rows are lifted to 0..1, 2..3, 4..5 and so on: one fit of all is then a fit of each.
    lift = np.broadcast_to(2.0 * np.arange(len(weight))[:, None], weight.shape)[held]
    fit = np.zeros_like(weight)
    if held.any():
        fitted = isotonic_regression(part[held] / weight[held] + lift, weights=weight[held])
        fit[held] = np.clip(fitted.x - lift, 0.0, 1.0)
    return fit

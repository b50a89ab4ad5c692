"""Cllr: what a score costs that is read as a log likelihood ratio.

`llr` is the natural logarithm of p(score | genuine) / p(score | forged). Cllr is in bits:
0 for a perfect score, 1 for one that always says "even odds" (Brümmer and du Preez,
"Application-independent evaluation of speaker detection", 2006). minCllr is what remains
after the best monotone recalibration on the tested trials themselves: it judges the order
of the scores only, Cllr - minCllr the calibration.
"""

import numpy as np
from scipy.optimize import isotonic_regression

from sigtdnn.evaluation.operating_points import Array, OperatingPoints

BOTH = 3  # a score that genuines and forgeries hold


def genuine_cost(llr: Array) -> Array:
    """Bits that each genuine trial costs, shape as `llr`."""
    return _bits(-llr)


def forged_cost(llr: Array) -> Array:
    """Bits that each forgery costs, shape as `llr`."""
    return _bits(llr)


def _bits(x: Array) -> Array:
    """log2(1 + exp(x)), without overflow; NaN stays NaN."""
    bits: Array = (np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))) / np.log(2)
    return bits


def cllr(genuine: Array, forged: Array) -> float:
    """Cllr of log likelihood ratios, shapes (n,) and (m,); NaN when either is empty."""
    if not len(genuine) or not len(forged):
        return float("nan")
    return float(genuine_cost(genuine).mean() + forged_cost(forged).mean()) / 2


def min_cllr(points: OperatingPoints) -> Array:
    """minCllr, shape (...) for counts of shape (..., points)."""
    shape = points.genuine_below.shape[:-1]
    genuine, forged = (
        np.diff(below).reshape(-1, below.shape[-1] - 1)
        for below in (points.genuine_below, points.forged_below)
    )
    # Neighbouring scores that only genuines hold, or only forgeries, are never set apart.
    kind = np.asarray(2 * genuine.any(axis=0) + forged.any(axis=0))
    start = np.flatnonzero(np.append(True, (kind[1:] != kind[:-1]) | (kind[1:] == BOTH)))
    if not len(kind):
        return np.full(shape, np.nan)
    pairs = zip(
        np.add.reduceat(genuine, start, axis=1), np.add.reduceat(forged, start, axis=1), strict=True
    )
    return np.array([_min_cllr(*pair) for pair in pairs]).reshape(shape)


def _min_cllr(genuine: Array, forged: Array) -> float:
    """minCllr of the counts (scores,) at ascending scores."""
    if not genuine.any() or not forged.any():
        return float("nan")
    held = genuine + forged > 0
    # Dividing by the totals puts both kinds at prior 1/2, so that the fitted share p of
    # genuines is the posterior, and p / (1 - p) the likelihood ratio.
    genuine, forged = genuine[held] / genuine.sum(), forged[held] / forged.sum()
    weight = genuine + forged
    p = np.clip(isotonic_regression(genuine / weight, weights=weight).x, 0.0, 1.0)
    bits = -_times_log2(genuine, p) - _times_log2(forged, 1 - p)
    return float(bits.sum()) / 2


def _times_log2(count: Array, p: Array) -> Array:
    """count x log2(p), with 0 where the count is 0, whatever p."""
    return count * np.log2(p, out=np.zeros_like(p), where=count > 0)

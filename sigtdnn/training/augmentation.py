"""Random variation of training signatures: what a signer's own hand may change.

A signature is bent as a hand might have bent it, on its resampled curve, and its features
are computed anew, so that they all stay consistent. The paper has nothing of the kind; it
had 108 signers to train on.
"""

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float32, Float64
from sigtdnn.preprocessing import FEATURES
from sigtdnn.preprocessing.features import features
from sigtdnn.preprocessing.normalise import normalise

X, Y, PUD = (FEATURES.index(name) for name in ("x", "y", "pud"))
# Knots of the random curves along a signature: changes slower than a letter.
WARP_KNOTS, DRIFT_KNOTS = 6, 8


def vary(
    originals: Float32,
    step: Float32,
    warp: float,
    shear: float,
    drift: float,
    rng: np.random.Generator,
) -> Float32:
    """Varied copies of unscaled features (n, 10, frames) with frames `step` (n,) apart.

    `warp` is the deviation of the logarithm of the local tempo, `shear` that of the four
    entries of a linear map about the identity, `drift` that of a slow displacement in
    units of y.
    """
    x, y, pen = originals[:, X], originals[:, Y], originals[:, PUD] > 0
    n, frames = x.shape
    place = _places(np.exp(warp * _slow(n, frames - 1, WARP_KNOTS, rng)))
    before = np.minimum(place.astype(np.int64), frames - 2)
    rest = (place - before).astype(np.float32)
    x, y = (_between(values, before, rest) for values in (x, y))
    pen = np.take_along_axis(pen, np.where(rest < 1, before, before + 1), axis=1)
    a, b, c, d = shear * rng.standard_normal((4, n, 1), dtype=np.float32)
    x, y = x + a * x + b * y, y + c * x + d * y
    x = x + drift * _slow(n, frames, DRIFT_KNOTS, rng)
    y = y + drift * _slow(n, frames, DRIFT_KNOTS, rng)
    times = np.arange(frames, dtype=np.float32)
    copies: Float32 = features(normalise(times, x + 1j * y), pen, step)
    return copies


def _places(tempo: Float32) -> Float64:
    """Where to read, in frames (n, frames), when time passes at a tempo (n, frames - 1)."""
    passed = np.cumsum(tempo, axis=1, dtype=np.float64)
    return np.pad(passed * (tempo.shape[1] / passed[:, -1:]), ((0, 0), (1, 0)))


def _between(values: Float32, before: NDArray[np.int64], rest: Float32) -> Float32:
    """Linear interpolation of (n, frames) at `before` + `rest`."""
    left = np.take_along_axis(values, before, axis=1)
    right = np.take_along_axis(values, before + 1, axis=1)
    return left + rest * (right - left)


def _slow(n: int, frames: int, knots: int, rng: np.random.Generator) -> Float32:
    """n smooth random curves (n, frames) of deviation 1 at their knots."""
    heights = rng.standard_normal((n, knots), dtype=np.float32)
    place = np.linspace(0, knots - 1, frames, dtype=np.float32)
    before = np.minimum(place.astype(np.int64), knots - 2)
    weight = ((1 - np.cos(np.pi * (place - before))) / 2).astype(np.float32)
    curves: Float32 = heights[:, before] * (1 - weight) + heights[:, before + 1] * weight
    return curves

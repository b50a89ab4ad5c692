"""Random variation of training signatures: what a signer's own hand may change.

A signature's resampled curve is bent as a hand might have bent it, and its features are computed
anew, so that they stay consistent. The paper has nothing of the kind; it had 108 signers to train
on.
"""

from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.preprocessing import FEATURES
from sigtdnn.preprocessing.features import features
from sigtdnn.preprocessing.normalise import normalise

X, Y, PUD = (FEATURES.index(name) for name in ("x", "y", "pud"))
# Knots of the random curves along a signature: changes slower than a letter.
WARP_KNOTS, DRIFT_KNOTS = 6, 8


@dataclass(frozen=True)
class Augmentation:
    """How strong the variation is; it is drawn anew at every use."""

    warp: float = 0.0  # deviation of the logarithm of the local tempo
    shear: float = 0.0  # deviation of the four entries of a linear map about the identity
    drift: float = 0.0  # deviation of a slow displacement, in units of y

    def __post_init__(self) -> None:
        if min(self.warp, self.shear, self.drift) < 0:
            raise ValueError("warp, shear and drift are 0 or more")

    @property
    def is_identity(self) -> bool:
        """Whether nothing is varied."""
        return not (self.warp or self.shear or self.drift)

    def apply(self, originals: Float32, step: Float32, rng: np.random.Generator) -> Float32:
        """Varied copies of unscaled features (n, 10, frames) with frames `step` (n,) apart."""
        x, y, pen = originals[:, X], originals[:, Y], originals[:, PUD] > 0
        n, frames = x.shape
        place = _places(np.exp(self.warp * _slow(n, frames - 1, WARP_KNOTS, rng)))
        before = np.minimum(place.astype(np.intp), frames - 2)
        rest = (place - before).astype(np.float32)
        x, y = (_between(values, before, rest) for values in (x, y))
        pen = np.take_along_axis(pen, np.where(rest < 1, before, before + 1), axis=1)
        a, b, c, d = self.shear * rng.standard_normal((4, n, 1), dtype=np.float32)
        x, y = x + a * x + b * y, y + c * x + d * y
        x = x + self.drift * _slow(n, frames, DRIFT_KNOTS, rng)
        y = y + self.drift * _slow(n, frames, DRIFT_KNOTS, rng)
        times = np.arange(frames, dtype=np.float32)
        copies: Float32 = features(normalise(times, x + 1j * y), pen, step)
        return copies


def _places(tempo: Float32) -> Float64:
    """Where to read, in frames, shape (n, frames), when time runs at a tempo (n, frames - 1)."""
    passed = np.cumsum(tempo, axis=1, dtype=np.float64)
    return np.pad(passed * (tempo.shape[1] / passed[:, -1:]), ((0, 0), (1, 0)))


def _between(values: Float32, before: Rows, rest: Float32) -> Float32:
    """Linear interpolation of (n, frames) at `before` + `rest`."""
    left = np.take_along_axis(values, before, axis=1)
    right = np.take_along_axis(values, before + 1, axis=1)
    return left + rest * (right - left)


def _slow(n: int, frames: int, knots: int, rng: np.random.Generator) -> Float32:
    """n smooth random curves (n, frames) of deviation 1 at their knots."""
    heights = rng.standard_normal((n, knots), dtype=np.float32)
    place = np.linspace(0, knots - 1, frames, dtype=np.float32)
    before = np.minimum(place.astype(np.intp), knots - 2)
    weight = ((1 - np.cos(np.pi * (place - before))) / 2).astype(np.float32)
    curves: Float32 = heights[:, before] * (1 - weight) + heights[:, before + 1] * weight
    return curves

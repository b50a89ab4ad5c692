"""From distances to the references to the raw number.

    raw = -(log d_min + log d_mean - (log r_min + log r_mean) / 2 + duration x longer)

d are the distances of a questioned signature to the references; r_min and r_mean the means, over
the references, of the least and of the mean distance to the other references: a signer who varies
is given more room. `longer` is the logarithm of its number of frames over that of the references
(their geometric mean), held within `LONGER`: forgers are slow. Being quicker than the references
gains little: it tells a short signature of somebody else.
"""

from typing import NamedTuple

import numpy as np

from sigtdnn.arrays import Float64

# Identical signatures would make logarithms infinite.
MIN_DISTANCE = 1e-6
LONGER = (-0.2, 1.0)


class Spread(NamedTuple):
    """How far references lie from one another; 1 and 1 for a single one, which has no spread."""

    least: float  # r_min
    mean: float  # r_mean

    @classmethod
    def of(cls, among: Float64) -> "Spread":
        """The spread of n references with distances (n, n), in the precision it is stored in."""
        count = len(among)
        if count < 2:
            return cls(1.0, 1.0)
        others = among[~np.eye(count, dtype=bool)].reshape(count, count - 1)
        means = np.maximum([others.min(axis=1).mean(), others.mean()], MIN_DISTANCE)
        return cls(*means.astype(np.float32).tolist())


def normalised(distances: Float64, spread: Spread) -> Float64:
    """The normalised logarithm (q,) of distances (q, n) to n references."""
    held = np.maximum(distances, MIN_DISTANCE)
    found: Float64 = np.log(held.min(axis=1)) + np.log(held.mean(axis=1))
    found -= np.log(spread).sum() / 2
    return found


def longer(frames: Float64, references: Float64) -> Float64:
    """How much longer (q,) signatures of so many frames (q,) are than references of (n,)."""
    ratio: Float64 = np.log(frames) - np.log(references).mean()
    return ratio.clip(*LONGER)

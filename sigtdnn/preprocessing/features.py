"""Step 5: the ten functions of time, computed on the resampled curve.

Arrays have shape (..., frames), so that one call serves a signature or a batch. Lengths are
in deviations of y; time is in steps of any unit, such as frames or seconds. The paper gives
names, not formulas; these are ours:

spd                     length of the central difference of (x, y)
acc-c, acc-t            speed x derivative of theta, and derivative of speed
cos_theta, sin_theta    direction theta of the central difference, held where the pen rests
cos_phi, sin_phi        phi(n) = theta(n + 1) - theta(n - 1), the local curvature
"""

import numpy as np

from sigtdnn.preprocessing.normalise import Floats
from sigtdnn.signature import BoolArray

FEATURES = (
    "pud", "x", "y", "spd", "acc-c", "acc-t", "cos_theta", "sin_theta", "cos_phi", "sin_phi",
)  # fmt: skip

# Slower than this, in deviations of y a frame, the direction is that of rounding errors.
REST = 1e-9


def features(x: Floats, y: Floats, pen: BoolArray, step: Floats) -> Floats:
    """The features, shape (..., 10, frames) in the order of `FEATURES`, of the type of x.

    x, y and pen have shape (..., frames), with at least 3 frames; `step`, shape (...), is
    the time from one frame to the next.
    """
    step = np.asarray(step, dtype=x.dtype)[..., None]
    dx, dy = central_difference(x), central_difference(y)
    speed = np.hypot(dx, dy)
    cos_theta, sin_theta = direction(dx, dy, speed)
    # The angle between two directions is taken from products of their cosines and sines,
    # so that it never jumps by a whole turn.
    before, after = (_at(cos_theta, -1), _at(sin_theta, -1)), (_at(cos_theta, 1), _at(sin_theta, 1))
    cos_phi, sin_phi = turn(before, after)
    rotation = np.arctan2(sin_phi, cos_phi) / _span(x.shape[-1]).astype(x.dtype)
    return np.stack(
        [
            np.where(pen, 1, -1).astype(x.dtype), x, y, speed / step,
            speed * rotation / step**2, central_difference(speed) / step**2,
            cos_theta, sin_theta, cos_phi, sin_phi,
        ],
        axis=-2,
    )  # fmt: skip


def central_difference(values: Floats) -> Floats:
    """Half the change from the frame before to the frame after, shape (..., frames).

    At either end the change to the one neighbour. `numpy.gradient` gives the same, slower.
    """
    change = np.empty_like(values)
    change[..., 1:-1] = (values[..., 2:] - values[..., :-2]) / 2
    change[..., 0] = values[..., 1] - values[..., 0]
    change[..., -1] = values[..., -1] - values[..., -2]
    return change


def direction(dx: Floats, dy: Floats, speed: Floats) -> tuple[Floats, Floats]:
    """Cosine and sine of the direction of (dx, dy), all of shape (..., frames).

    A frame at rest keeps the direction of the last moving frame before it; rest at the
    start takes the first direction that follows, and a curve that never moves points right.
    """
    moving = speed > REST
    frame = np.arange(speed.shape[-1])
    held = np.maximum.accumulate(np.where(moving, frame, -1), axis=-1)
    first = np.argmax(moving, axis=-1)[..., None]
    source = np.where(held < 0, first, held)
    length = np.where(moving, speed, 1)
    cosine = np.where(moving, dx / length, 1).astype(dx.dtype)
    sine = np.where(moving, dy / length, 0).astype(dy.dtype)
    return (
        np.take_along_axis(cosine, source, axis=-1),
        np.take_along_axis(sine, source, axis=-1),
    )


def turn(before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Cosine and sine of the angle from one direction to another, each a (cosine, sine)."""
    (cos_a, sin_a), (cos_b, sin_b) = before, after
    return cos_b * cos_a + sin_b * sin_a, sin_b * cos_a - cos_b * sin_a


def _at(values: Floats, shift: int) -> Floats:
    """`values` (..., frames) one frame later (1) or earlier (-1); the end frames are repeated."""
    if shift > 0:
        return np.concatenate([values[..., 1:], values[..., -1:]], axis=-1)
    return np.concatenate([values[..., :1], values[..., :-1]], axis=-1)


def _span(frames: int) -> Floats:
    """Frames between the two directions that make phi: 2, and 1 at either end; shape (frames,)."""
    span = np.full(frames, 2.0)
    span[[0, -1]] = 1.0
    return span

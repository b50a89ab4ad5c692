"""Step 5: the ten functions of time, computed on the resampled curve.

A curve is complex, x + iy, so that a direction is a number of length 1 and the angle between
two directions is that of their quotient. Arrays have shape (frames,) or (n, frames), so that
one call serves a signature or a batch. Lengths are in deviations of y; time is in steps of
any unit, such as frames or seconds. The paper gives names, not formulas; these are ours:

spd                     length of the central difference of the curve
acc-c, acc-t            speed x derivative of theta, and derivative of speed
cos_theta, sin_theta    direction theta of the central difference, held where the pen rests
cos_phi, sin_phi        phi(n) = theta(n + 1) - theta(n - 1), the local curvature
"""

from functools import cache
from typing import TypeVar

import numpy as np

from sigtdnn.arrays import Bool
from sigtdnn.preprocessing.normalise import Curve, Floats

FEATURES = (
    "pud", "x", "y", "spd", "acc-c", "acc-t", "cos_theta", "sin_theta", "cos_phi", "sin_phi",
)  # fmt: skip

# Slower than this, in deviations of y a frame, the direction is that of rounding errors.
REST = 1e-9

Values = TypeVar("Values", Curve, Floats)


def features(curve: Curve, pen: Bool, step: Floats) -> Floats:
    """The features, shape (..., 10, frames) in the order of `FEATURES`, of the curve's precision.

    curve and pen have shape (..., frames), with at least 3 frames; `step`, shape (...), is
    the time from one frame to the next.
    """
    step = np.asarray(step, curve.real.dtype)[..., None]
    velocity = central_difference(curve)
    speed = np.abs(velocity)
    theta = direction(velocity, speed)
    phi = turn(theta)
    rotation = np.arctan2(phi.imag, phi.real) / _span(curve.shape[-1])
    speed_in_time = speed / step
    rows = (
        np.where(pen, 1, -1), curve.real, curve.imag, speed_in_time,
        speed_in_time * rotation / step, central_difference(speed_in_time) / step,
        theta.real, theta.imag, phi.real, phi.imag,
    )  # fmt: skip
    return np.array(rows, step.dtype).swapaxes(0, -2)


def central_difference(values: Values) -> Values:
    """The change a frame from the frame before to the frame after, shape (..., frames).

    At either end, the change to the one neighbour. `numpy.gradient` gives the same, but slower.
    """
    before, after = _around(values)
    return (after - before) / _span(values.shape[-1])


def direction(velocity: Curve, speed: Floats) -> Curve:
    """The direction, of length 1, of a velocity (..., frames) of this speed.

    A frame at rest keeps the direction of the last moving frame before it; rest at the
    start takes the first direction that follows, and a curve that never moves points right.
    """
    if speed.min() > REST:
        return velocity / speed
    moving = speed > REST
    frame = np.arange(speed.shape[-1])
    held = np.maximum.accumulate(np.where(moving, frame, -1), axis=-1)
    first = np.argmax(moving, axis=-1)[..., None]
    source = np.where(held < 0, first, held)
    heading = np.divide(velocity, speed, out=np.ones_like(velocity), where=moving)
    return np.take_along_axis(heading, source, axis=-1)


def turn(theta: Curve) -> Curve:
    """The turn from the direction before a frame to that after it, as a direction; (..., frames).

    A product of directions never jumps by a whole turn.
    """
    before, after = _around(theta)
    return after * before.conj()


def _around(values: Values) -> tuple[Values, Values]:
    """The frame before and the frame after each, (..., frames); an end is its own neighbour."""
    padded = np.concatenate((values[..., :1], values, values[..., -1:]), axis=-1)
    return padded[..., :-2], padded[..., 2:]


@cache
def _span(frames: int) -> Floats:
    """Frames between those around: 2, and 1 at either end; shape (frames,)."""
    span = np.full(frames, 2, np.float32)
    span[[0, -1]] = 1
    span.setflags(write=False)
    return span

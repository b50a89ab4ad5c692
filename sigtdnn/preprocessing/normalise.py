"""Steps 2 and 3 of the paper's preprocessing: position, slope and size are taken out.

A curve is complex, x + iy, of shape (..., n) at times (n,): one signature, or many on the same
times.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import PreprocessingError

# Of single or double precision; results follow arguments.
Floats = NDArray[np.floating[Any]]
Curve = NDArray[np.complexfloating[Any, Any]]

# The residual of a straight line is rounding noise of this relative size; dividing by it
# would blow the noise up into a shape.
MIN_SPREAD = 1e-6


def remove_trend(t: Floats, curve: Curve) -> Curve:
    """`curve` less the least-squares lines in t of x and y (PAPER section 2, step 2)."""
    # Means are written as sums, which take half the time of `mean` where arrays are short.
    centred = t - t.sum() / len(t)
    # From the first value on, so that rounding does not grow with the distance from the origin
    # and a constant leaves exactly nothing.
    moved = curve - curve[..., :1]
    moved -= moved.sum(axis=-1, keepdims=True) / len(t)
    slope = (moved * centred).sum(axis=-1, keepdims=True) / (centred @ centred)
    residual: Curve = moved - slope * centred
    return residual


def normalise(t: Floats, curve: Curve) -> Curve:
    """The curve without its lines in t, in units of the deviation of y.

    Raises PreprocessingError when y has no deviation left: a dot, a horizontal stroke or a
    straight line at constant speed has no height to measure by.
    """
    shape = remove_trend(t, curve)
    height = np.sqrt((shape.imag * shape.imag).sum(axis=-1) / len(t))  # its mean is 0
    extent = np.abs(curve - curve[..., :1]).max(axis=-1)
    if np.count_nonzero(height <= MIN_SPREAD * extent):
        raise PreprocessingError(
            "y does not vary about its straight line in time (a dot, a horizontal line, or a "
            "straight line at constant speed), so its size cannot be normalised",
            "sign again",
        )
    scaled: Curve = shape * (1 / height)[..., None]
    return scaled

"""Steps 2 and 3 of the paper's preprocessing: position, slope and size leave the signature.

t has shape (n,), values have shape (..., n): one signature, or many on the same times.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import PreprocessingError

Floats = NDArray[np.floating[Any]]  # of single or double precision; results follow arguments

# The residual of a straight line is rounding noise of this relative size; dividing by it
# would blow the noise up into a shape.
LEAST_SPREAD = 1e-6


def remove_trend(t: Floats, values: Floats) -> Floats:
    """`values` less their least-squares line in t (PAPER section 2, step 2)."""
    centred = t - t.mean()
    # From the first value on, so that rounding does not grow with the distance from the origin
    # and a constant leaves exactly nothing.
    moved = values - values[..., :1]
    slope = moved @ centred / (centred @ centred)
    residual: Floats = moved - moved.mean(axis=-1, keepdims=True) - slope[..., None] * centred
    return residual


def normalise(t: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """x and y without their lines in t, in units of the deviation of y.

    Raises PreprocessingError when y has no deviation left: a dot, a horizontal stroke or a
    straight line at constant speed has no height to measure by.
    """
    x_shape, y_shape = remove_trend(t, x), remove_trend(t, y)
    height = y_shape.std(axis=-1, keepdims=True)
    extent = np.maximum(np.ptp(x, axis=-1), np.ptp(y, axis=-1))
    if (height[..., 0] <= LEAST_SPREAD * extent).any():
        raise PreprocessingError(
            "y does not vary about its straight line in time (a dot, a horizontal line, or a "
            "straight line at constant speed), so its size cannot be normalised; sign again"
        )
    return x_shape / height, y_shape / height

"""Steps 2 and 3 of the paper's preprocessing: position, slope and size leave the signature."""

import numpy as np

from sigtdnn.errors import PreprocessingError
from sigtdnn.signature import FloatArray

# The residual of a straight line is rounding noise of this relative size; dividing by it
# would blow the noise up into a shape.
LEAST_SPREAD = 1e-6


def remove_trend(t: FloatArray, values: FloatArray) -> FloatArray:
    """`values` less its least-squares line in t; all of shape (n,) (PAPER section 2, step 2)."""
    centred = t - t.mean()
    slope = centred @ values / (centred @ centred)
    return values - values.mean() - slope * centred


def normalise(t: FloatArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """x and y, shape (n,), without their lines in t, in units of the deviation of y.

    Raises PreprocessingError when y has no deviation left: a dot, a horizontal stroke or a
    straight line at constant speed has no height to measure by.
    """
    x_shape, y_shape = remove_trend(t, x), remove_trend(t, y)
    height = y_shape.std()
    if height <= LEAST_SPREAD * max(np.ptp(x), np.ptp(y)):
        raise PreprocessingError(
            "y does not vary about its straight line in time (a dot, a horizontal line, or a "
            "straight line at constant speed); its size cannot be normalised: sign again"
        )
    return x_shape / height, y_shape / height

"""The six functions of time that dynamic time warping aligns.

A signature becomes its first and second differences of x and y, its pressure and the
difference of that, on a grid of 10 ms, each function with mean 0 and deviation 1. Lifts are
restored: between strokes the pen moves in a straight line without pressure. Differences are
central. Without pressure the last two functions are 0 and have no effect.
"""

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.signature import Signature

STEP = 0.01  # seconds
ROUNDING = 1e-6  # seconds; a time of the grid this close to a sample is that of the sample


def functions_of_time(signature: Signature) -> Float64:
    """The six functions on the grid, shape (n, 6); a constant one is 0."""
    grid = np.arange(0.0, signature.duration + STEP / 2, STEP)
    x = np.interp(grid, signature.t, signature.x)
    y = np.interp(grid, signature.t, signature.y)
    pressure = np.zeros(len(grid))
    if signature.pressure is not None:
        pressure = np.interp(grid, signature.t, signature.pressure)
        pressure[lifted(signature, grid)] = 0.0
    dx, dy = np.gradient(x), np.gradient(y)
    values = np.column_stack(
        [dx, dy, np.gradient(dx), np.gradient(dy), pressure, np.gradient(pressure)]
    )
    deviation = values.std(axis=0)
    scaled: Float64 = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return scaled


def lifted(signature: Signature, grid: Float64) -> Bool:
    """Whether the pen is up at the times `grid` (n,), recorded samples not included."""
    before = np.searchsorted(signature.t, grid, side="right") - 1
    before = np.minimum(before, len(signature) - 2)
    since, until = grid - signature.t[before], signature.t[before + 1] - grid
    return ~signature.pen[before] & (np.minimum(since, until) > ROUNDING)

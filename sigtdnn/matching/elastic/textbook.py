"""The six functions of time of textbook dynamic time warping, the baseline of this field.

First and second differences of x and y, pressure and its difference, on a grid of 10 ms (`grid`),
each with mean 0 and deviation 1. Differences are central. Without pressure the last two are 0
and have no effect.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.matching.elastic.grid import on_grid
from sigtdnn.signature import Signature


def textbook_functions(signature: Signature) -> Float64:
    """The six functions (n, 6) of a signature; a constant one is 0."""
    samples = on_grid(signature)
    dx, dy = np.gradient(samples.x), np.gradient(samples.y)
    values = np.column_stack(
        [
            dx, dy, np.gradient(dx), np.gradient(dy),
            samples.pressure, np.gradient(samples.pressure),
        ]
    )  # fmt: skip
    deviation = values.std(axis=0)
    scaled: Float64 = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return scaled

"""The six functions of time of textbook dynamic time warping, the baseline of this field.

First and second differences of x and y, pressure and its difference, on a grid of 10 ms (`grid`),
each with mean 0 and deviation 1. Differences are central. Without pressure the last two are
unknown, NaN.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.matching.elastic.grid import on_grid, standardised
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
    return standardised(values)

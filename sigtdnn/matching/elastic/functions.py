"""The fourteen functions of time that elastic matching aligns, on a grid of 20 ms.

They are computed every 10 ms (`grid`) on coordinates and pressure smoothed by a Gaussian of
10 ms, and averaged over 20 ms:

0-5    dx, dy, ddx, ddy, p, dp: first and second differences, pressure p and its difference
6      log(0.05 + 10 speed / size): the logarithm tells slow from standing still
7, 8   x, y from their means, half of each
9, 10  tangential and normal acceleration
11-13  signed areas of the path in the planes (x, y), (x, p), (y, p) within 50 ms on either side,
       their square roots with the sign of the area: the antisymmetric part of the second level of
       a path signature

`size` is the root of the mean squared distance from the mean place. All but 6, 7 and 8, which are
in parts of the size, have mean 0 and deviation 1. Without pressure 4, 5, 12 and 13 are unknown,
NaN.

Chosen by measuring on SVC2004 Task 2, SUSIG Visual and NFI (see the comparison in `paper_repro`).
Path signatures as functions: "T-Mamba with adaptive path signatures", 2026; normal and tangential
acceleration and log speed are usual in the field.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.matching.elastic.grid import STEP, on_grid, standardised
from sigtdnn.signature import Signature

FUNCTIONS = (
    "dx", "dy", "ddx", "ddy", "pressure", "dpressure", "log speed", "x", "y",
    "tangential acceleration", "normal acceleration", "area xy", "area xp", "area yp",
)  # fmt: skip
ALWAYS_KNOWN = (0, 1, 2, 3, 6, 7, 8, 9, 10, 11)  # those without pressure
FRAME = 0.02  # seconds
# Weights of a Gaussian with a deviation of one step of the grid.
GAUSSIAN = np.exp(-0.5 * np.arange(-4, 5) ** 2)
GAUSSIAN /= GAUSSIAN.sum()
WINDOW = 5  # steps of the grid on either side of an area
# Least size, so that nothing is divided by 0; in the units of the coordinates.
TINY = 1e-12


def functions_of_time(signature: Signature) -> Float64:
    """The functions (n, 14) of a signature, n >= 1 frames of 20 ms."""
    samples = on_grid(signature)
    x, y, p = (_smoothed(values) for values in (samples.x, samples.y, samples.pressure))
    size = np.sqrt(x.var() + y.var()) + TINY
    x, y = (x - x.mean()) / size, (y - y.mean()) / size
    dx, dy, dp = (np.gradient(values) for values in (x, y, p))
    ddx, ddy = np.gradient(dx), np.gradient(dy)
    speed = np.hypot(dx, dy)
    safe = speed + 1e-9
    scaled = np.column_stack(
        [
            dx, dy, ddx, ddy, p, dp,
            (dx * ddx + dy * ddy) / safe, (dx * ddy - dy * ddx) / safe,
            _area(x, y), _area(x, p), _area(y, p),
        ]
    )  # fmt: skip
    scaled = standardised(scaled)
    values = np.column_stack(
        [scaled[:, :6], np.log(0.05 + 10 * speed), x / np.sqrt(2), y / np.sqrt(2), scaled[:, 6:]]
    )
    return averaged(values, round(FRAME / STEP))


def averaged(values: Float64, count: int) -> Float64:
    """Means (ceil(n / count), k) of every `count` rows of (n, k); the last of the rest."""
    starts = np.arange(0, len(values), count)
    sizes = np.diff(np.append(starts, len(values)))
    means: Float64 = np.add.reduceat(values, starts) / sizes[:, None]
    return means


def _smoothed(values: Float64) -> Float64:
    return np.convolve(np.pad(values, len(GAUSSIAN) // 2, mode="edge"), GAUSSIAN, "valid")


def _area(u: Float64, v: Float64) -> Float64:
    """The signed square root of the area (n,) between the path and its chord around each sample.

    Positive where the path turns counterclockwise. The path ends at the first and last sample.
    """
    before, here = slice(None, -1), slice(1, None)
    swept = np.cumsum(np.append(0.0, u[before] * v[here] - u[here] * v[before]))
    place = np.arange(len(u))
    first, last = np.maximum(place - WINDOW, 0), np.minimum(place + WINDOW, len(u) - 1)
    chord = u[first] * v[last] - u[last] * v[first]
    area = (swept[last] - swept[first] - chord) / 2
    root: Float64 = np.copysign(np.sqrt(np.abs(area)), area)
    return root

"""A signature on an even grid of 10 ms, as functions of time are made from it.

Lifts are restored: between strokes the pen moves in a straight line without pressure. A pause
longer than 0.6 s, of a lift or of a pen at rest, counts 0.6 s: how long a signer thinks is no
habit. One or two samples far off their neighbours, which a tablet may invent, are put between them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.signature import Signature

STEP = 0.01  # seconds
ROUNDING = 1e-6  # seconds; a time of the grid this close to a sample is that of the sample
MAX_PAUSE = 0.6  # seconds
# A sample is off when the ways to it and from it are so many times as long as the steps before
# and after them, and as the way past it.
OFF = 4.0
PAST = 2.0
# Fewer steps of a stroke do not tell whether its end is off.
MIN_STEPS = 4
MIN_DEVIATION = 1e-9  # of a function, in parts of its greatest value


@dataclass(frozen=True, eq=False)
class Samples:
    """A signature at even times, arrays (n,)."""

    x: Float64  # device units
    y: Float64
    pressure: Float64  # 0..1 of the range, 0 in a lift; NaN throughout where unknown


def on_grid(signature: Signature) -> Samples:
    """The signature every 10 ms from its first sample."""
    t = shortened(signature)
    x, y = without_spikes(signature.x, signature.y, signature.stroke)
    # Two points at least: a difference needs as many.
    grid = STEP * np.arange(max(2, int(t[-1] / STEP + 0.5) + 1), dtype=np.float64)
    pressure = np.full(len(grid), np.nan)
    if signature.pressure is not None:
        pressure = np.interp(grid, t, signature.pressure)
        pressure[lifted(t, signature.pen, grid)] = 0.0
    return Samples(np.interp(grid, t, x), np.interp(grid, t, y), pressure)


def shortened(signature: Signature) -> Float64:
    """The times (n,) of the samples, no lift and no step between two of them beyond 0.6 s."""
    step = np.minimum(np.diff(signature.t), MAX_PAUSE)
    edges = np.diff(np.concatenate([[True], signature.pen[:-1], [True]]).astype(np.int8))
    for start, end in zip(np.flatnonzero(edges == -1), np.flatnonzero(edges == 1), strict=True):
        step[start:end] *= min(1.0, MAX_PAUSE / step[start:end].sum())
    return np.concatenate([[0.0], np.cumsum(step)])


def without_spikes(x: Float64, y: Float64, stroke: Rows) -> tuple[Float64, Float64]:
    """x and y (n,) with one or two samples of a stroke that are off put between their neighbours.

    At an end of a stroke, one that is off is put on its neighbour.
    """
    place = x + 1j * y
    for count in (1, 2):
        _mend(place, stroke, count)
    first = np.flatnonzero(np.diff(stroke, prepend=np.nan))
    for start, end in zip(first, np.append(first[1:], len(stroke)), strict=True):
        step = np.abs(np.diff(place[start:end]))
        if len(step) < MIN_STEPS:
            continue
        if step[0] > OFF * step[1:].max():
            place[start] = place[start + 1]
        if step[-1] > OFF * step[:-1].max():
            place[end - 1] = place[end - 2]
    return place.real, place.imag


def _mend(place: NDArray[np.complex128], stroke: Rows, count: int) -> None:
    """Puts `count` samples in a row that are off on the line between their neighbours."""
    if len(place) < count + 2:
        return
    step = np.abs(np.diff(place))
    to, away = step[:-count], step[count:]
    past = np.abs(place[count + 1 :] - place[: -count - 1])
    around = np.maximum(np.append(0.0, step[: -count - 1]), np.append(step[count + 1 :], 0.0))
    # A dot between two lifts is far from its neighbours, too.
    changes = np.append(0, np.cumsum(np.diff(stroke) != 0))
    within = changes[count + 1 :] == changes[: -count - 1]
    least = np.minimum(to, away)
    for before in np.flatnonzero((least > OFF * around) & (least > PAST * past) & within):
        after = before + count + 1
        place[before : after + 1] = np.linspace(place[before], place[after], count + 2)


def lifted(t: Float64, pen: Bool, grid: Float64) -> Bool:
    """Whether the pen is up at the times `grid` (n,), samples at `t` not included."""
    before = np.minimum(np.searchsorted(t, grid, side="right") - 1, len(t) - 2)
    since, until = grid - t[before], t[before + 1] - grid
    up: Bool = ~pen[before] & (np.minimum(since, until) > ROUNDING)
    return up


def standardised(values: Float64) -> Float64:
    """Values (n, k) with mean 0 and deviation 1 in each column.

    A constant column is 0, an unknown one NaN.
    """
    centred = values - values.mean(axis=0)
    deviation = centred.std(axis=0)
    # What is constant leaves rounding, which must not be magnified.
    constant = deviation <= MIN_DEVIATION * np.abs(values).max(axis=0)
    centred[:, constant] = 0.0
    scaled: Float64 = centred / np.where(constant, 1.0, deviation)
    return scaled

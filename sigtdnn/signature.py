"""Signature: one recording of a pen, validated and immutable.

Conventions
-----------
t         seconds from the first sample, strictly increasing
x, y      device units, y grows upward
pen       pen[i] tells whether the pen is on the surface from sample i until sample i + 1
pressure  0..1 of the device range, or None where the device does not tell

All arrays have shape (n,), are float64 (pen: bool) and read-only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import SignatureError

# A clock that fails for more than this share of the samples tells nothing of the rhythm.
MAX_REPAIRED = 0.05
MIN_POINTS = 3
# Seconds. A faster clock counts in another unit, and its squares would underflow.
MIN_DURATION = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Signature:
    """One recording; see the module for units. Build it with `Signature.from_samples`."""

    t: Float64
    x: Float64
    y: Float64
    pen: Bool
    pressure: Float64 | None
    strokes: int  # maximal runs of pen-down points, one-point strokes included
    repaired: int  # time stamps replaced

    @classmethod
    def from_samples(
        cls,
        t: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        pen: ArrayLike,
        pressure: ArrayLike | None = None,
        *,
        strokes: int | None = None,
    ) -> "Signature":
        """A signature from samples of shape (n,), t in seconds from any origin.

        Stamps that repeat or run backward are repaired (`repair_times`). `strokes` is the
        count of a reader that knows better than the pen flags: a one-point stroke in a
        format that codes lifts as gaps leaves no pen-down interval.

        Raises SignatureError when lengths differ, a value is not finite, a pressure is
        outside 0..1, more than 5 % of the stamps need repair, the clock hardly runs or fewer
        than 3 points are distinct.
        """
        times, xs, ys = (np.array(values, dtype=np.float64) for values in (t, x, y))
        flags = np.array(pen, dtype=np.bool_)
        force = None if pressure is None else np.array(pressure, dtype=np.float64)
        columns = {"t": times, "x": xs, "y": ys, "pen": flags}
        if force is not None:
            columns["pressure"] = force
        for name, column in columns.items():
            if column.shape != (len(times),):
                raise SignatureError(
                    f"{name} has shape {column.shape}, t has {times.shape}; "
                    "give one value of each for every sample"
                )
            if not np.isfinite(column).all():
                row = int(np.flatnonzero(~np.isfinite(column))[0])
                raise SignatureError(f"{name} of sample {row + 1} is not finite; remove the sample")
        if force is not None and len(force) and not (0 <= force.min() <= force.max() <= 1):
            raise SignatureError("pressure leaves 0..1; divide it by the range of the device")
        distinct = count_distinct(xs, ys)
        if distinct < MIN_POINTS:
            raise SignatureError(
                f"{distinct} distinct points, at least {MIN_POINTS} are needed; sign again"
            )
        times, repaired = repair_times(times)
        if repaired > MAX_REPAIRED * len(times):
            raise SignatureError(
                f"{repaired} of {len(times)} time stamps repeat or run backward, "
                f"at most {MAX_REPAIRED:.0%} can be repaired; record again"
            )
        if times[-1] < MIN_DURATION or np.diff(times).min() <= 0:
            raise SignatureError(
                "the time stamps are too close to be told apart; give them in seconds"
            )
        for array in (times, xs, ys, flags, force):
            if array is not None:
                array.setflags(write=False)
        count = count_strokes(flags) if strokes is None else strokes
        return cls(times, xs, ys, flags, force, count, repaired)

    def __len__(self) -> int:
        return len(self.t)

    @property
    def duration(self) -> float:
        """Seconds from the first sample to the last."""
        return float(self.t[-1])


def count_distinct(x: Float64, y: Float64) -> int:
    """The number of distinct points, shape (n,), counted no further than `MIN_POINTS`."""
    count = 0
    while len(x) and count < MIN_POINTS:
        others = (x != x[0]) | (y != y[0])
        x, y = x[others], y[others]
        count += 1
    return count


def count_strokes(pen: Bool) -> int:
    """The number of maximal runs of True in `pen`, shape (n,)."""
    return len(runs(pen))


def runs(flags: Bool) -> Rows:
    """Where the maximal runs of True in `flags` (n,) begin and end, shape (runs, 2).

    An end is the index after the last True.
    """
    return np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)


def repair_times(t: Float64) -> tuple[Float64, int]:
    """Strictly increasing stamps from 0, shape (n,), and how many were replaced.

    A stamp not later than every earlier one is replaced by linear interpolation, by index,
    between its good neighbours; at the end, by steps of the median good step.
    """
    # First of all: a rounded difference may repeat where the stamps themselves do not.
    t = t - t[0]
    earlier = np.concatenate([[-np.inf], np.maximum.accumulate(t)[:-1]])
    good = np.flatnonzero(t > earlier)
    repaired = len(t) - len(good)
    if repaired:
        steps = np.diff(t[good]) / np.diff(good)
        tail = np.arange(len(t)) - good[-1]
        end = t[good[-1]] + tail * (np.median(steps) if len(steps) else 0.0)
        t = np.where(tail > 0, end, np.interp(np.arange(len(t)), good, t[good]))
    return t, repaired

"""Signature: one recording of a pen, validated and immutable.

Conventions
-----------
t         seconds from the first sample, strictly increasing
x, y      device units, y grows upward
stroke    the number of the stroke that a sample belongs to, from 0; -1 in the air
pen       whether the pen is on the surface from sample i until sample i + 1; the last sample,
          which nothing follows, takes the flag before it
pressure  0..1 of the device range, or None where the device does not report it
tilt      azimuth and altitude of the pen in radians, or None. Azimuth is clockwise, seen from
          above, from the direction in which y grows, 0..2 pi; altitude is the angle above
          the surface, up to pi / 2

A sample at which the pen has just been lifted ends its stroke and belongs to it: the pen was
on the surface until then. So a stroke of one sample has the pen up on both its sides.

All arrays have shape (n,), tilt (n, 2); they are float64 (stroke: int, pen: bool) and read-only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.clock import mend_times
from sigtdnn.errors import SignatureError

MIN_POINTS = 3
# Seconds. A faster clock counts in another unit, and its squares would underflow.
MIN_DURATION = 1e-6
MAX_AZIMUTH = 2 * np.pi
MAX_ALTITUDE = np.pi / 2


@dataclass(frozen=True)
class Device:
    """What recorded a signature; None where unknown."""

    rate: float | None = None  # samples per second, nominal
    units: float | None = None  # of x and y per millimetre
    levels: int | None = None  # steps of the pressure, from none to full
    # Whether `levels` is what tablets usually have, and not told or stated in the file.
    assumed: bool = field(default=False, compare=False)


UNKNOWN_DEVICE = Device()


@dataclass(frozen=True, eq=False, slots=True)
class Signature:
    """One recording; see the module for units.

    Build it with `from_samples` or `from_strokes`, which check what they are given.
    """

    t: Float64
    x: Float64
    y: Float64
    stroke: Rows
    pressure: Float64 | None
    tilt: Float64 | None
    device: Device
    repaired: int  # time stamps replaced
    notes: tuple[str, ...] = ()  # what was tolerated or mended, in words
    pen: Bool = field(init=False)
    strokes: int = field(init=False)

    def __post_init__(self) -> None:
        joined = (self.stroke[1:] == self.stroke[:-1]) & (self.stroke[1:] >= 0)
        pen = np.concatenate([joined, joined[-1:]])
        pen.setflags(write=False)
        object.__setattr__(self, "pen", pen)
        object.__setattr__(self, "strokes", int(self.stroke.max()) + 1)

    @classmethod
    def from_samples(
        cls,
        t: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        pen: ArrayLike,
        pressure: ArrayLike | None = None,
        *,
        tilt: ArrayLike | None = None,
        device: Device = UNKNOWN_DEVICE,
    ) -> "Signature":
        """A signature from samples of shape (n,) with a pen flag each, t in seconds.

        Otherwise as `from_strokes`.
        """
        flags = np.array(pen, dtype=np.bool_)
        _check_shape("pen", flags.shape, (np.size(t),))
        return cls.from_strokes(t, x, y, number_strokes(flags), pressure, tilt=tilt, device=device)

    @classmethod
    def from_strokes(
        cls,
        t: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        stroke: ArrayLike,
        pressure: ArrayLike | None = None,
        *,
        tilt: ArrayLike | None = None,
        device: Device = UNKNOWN_DEVICE,
        notes: Sequence[str] = (),
    ) -> "Signature":
        """A signature from samples of shape (n,) with a stroke index each, t in seconds.

        t may count from any origin. Stamps that come in batches are spread over them, and single
        ones that repeat or run backward are repaired (`clock`).

        Raises SignatureError when shapes differ, a value is not finite, a pressure or tilt
        leaves its range, strokes are not numbered in order, more than 5 % of the stamps need
        repair, the clock hardly runs or fewer than 3 points are distinct.
        """
        times, xs, ys = (np.array(values, dtype=np.float64) for values in (t, x, y))
        numbers = np.array(stroke, dtype=np.float64)
        force = None if pressure is None else np.array(pressure, dtype=np.float64)
        angles = None if tilt is None else np.array(tilt, dtype=np.float64)
        columns = {
            "t": times, "x": xs, "y": ys, "stroke": numbers, "pressure": force, "tilt": angles
        }  # fmt: skip
        _check_columns({name: column for name, column in columns.items() if column is not None})
        if force is not None and len(force) and not (0 <= force.min() <= force.max() <= 1):
            raise SignatureError("pressure leaves 0..1", "divide it by the range of the device")
        if angles is not None and not _are_angles(angles):
            raise SignatureError(
                "tilt leaves the range of azimuth and altitude",
                "give them in radians, or leave them out",
            )
        if not _are_in_order(numbers):
            raise SignatureError(
                "the strokes are not numbered 0, 1, 2 and so on, each in one piece",
                "number them in the order of writing; a sample in the air has -1",
            )
        distinct = count_distinct(xs, ys)
        if distinct < MIN_POINTS:
            raise SignatureError(
                f"{distinct} distinct points, at least {MIN_POINTS} are needed", "sign again"
            )
        times, repaired, how = mend_times(times)
        if times[-1] < MIN_DURATION or (repaired and np.diff(times).min() <= 0):
            raise SignatureError(
                "the time stamps are too close to be told apart", "give them in seconds"
            )
        index = numbers.astype(np.intp)
        for array in (times, xs, ys, index, force, angles):
            if array is not None:
                array.setflags(write=False)
        told = (*notes, how) if how else tuple(notes)
        return cls(times, xs, ys, index, force, angles, device, repaired, told)

    def __len__(self) -> int:
        return len(self.t)

    @property
    def duration(self) -> float:
        """Seconds from the first sample to the last."""
        return float(self.t[-1])


def number_strokes(pen: Bool) -> Rows:
    """The stroke index of samples with pen flags (n,): a stroke is a run of flags and its end."""
    before = np.concatenate([[False], pen])[:-1]
    number = np.cumsum(pen & ~before) - 1
    return np.where(pen | before, number, -1)


def count_distinct(x: Float64, y: Float64) -> int:
    """The number of distinct points, shape (n,), counted no further than `MIN_POINTS`."""
    # Most signatures do not begin where they end.
    if len(x) and len({(x[i], y[i]) for i in (0, len(x) // 2, -1)}) == MIN_POINTS:
        return MIN_POINTS
    count = 0
    while len(x) and count < MIN_POINTS:
        others = (x != x[0]) | (y != y[0])
        x, y = x[others], y[others]
        count += 1
    return count


def runs(flags: Bool) -> Rows:
    """Where the maximal runs of True in `flags` (n,) begin and end, shape (runs, 2).

    An end is the index after the last True.
    """
    return np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)


def _check_columns(columns: Mapping[str, Float64]) -> None:
    samples = len(columns["t"])
    for name, column in columns.items():
        _check_shape(name, column.shape, (samples, 2) if name == "tilt" else (samples,))
    if np.isfinite(np.concatenate([column.ravel() for column in columns.values()])).all():
        return
    for name, column in columns.items():
        for row in np.argwhere(~np.isfinite(column))[:1, 0]:
            raise SignatureError(f"{name} of sample {row + 1} is not finite", "remove the sample")


def _check_shape(name: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if found != wanted:
        raise SignatureError(
            f"{name} has shape {found}, not {wanted}", "give one value of each for every sample"
        )


def _are_angles(tilt: Float64) -> bool:
    azimuth, altitude = tilt.T
    return len(tilt) == 0 or bool(
        0 <= azimuth.min() <= azimuth.max() <= MAX_AZIMUTH
        and -MAX_ALTITUDE <= altitude.min() <= altitude.max() <= MAX_ALTITUDE
    )


def _are_in_order(stroke: Float64) -> bool:
    """Whether every number begins once and the first is 0; shape (n,)."""
    changes = np.flatnonzero(stroke[1:] != stroke[:-1]) + 1
    firsts = np.concatenate([stroke[:1], stroke[changes]])
    numbers = [number for number in firsts.tolist() if number != -1]
    return numbers == list(range(len(numbers)))

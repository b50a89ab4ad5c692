"""ISO/IEC 19794-7 full format, edition of 2007: a binary record of one signature.

X, Y      over their scaling value: mm; y grows upward
T, DT     over their scaling value: seconds, from any origin and from the point before
F         the force; its maximum, where stated, is full pressure
S         1 on the surface, 0 in the air; without S, there is force on the surface
Az, El    over their scaling value: degrees, clockwise from where y grows, and above the surface;
          or TX, TY, the lean along x and along y
the rest  height, velocities, accelerations and rotation are not used

Coordinates are the numbers in the record; their scaling value tells the units a millimetre.

Written are X, Y, T and S, with F, Az and El where known. All numbers are whole: coordinates that
are not, or that span more than 65,535, are multiplied by a power of two; times count milliseconds
or halves of them, or else steps as fine as fit; angles tenths of a degree; pressure the levels of
the device, or 65,535. A stroke of one point is followed by its lift, half way to the next point.

Reference: see `iso_record`.
"""

import math
from dataclasses import replace

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.errors import UnsupportedLayoutError
from sigtdnn.formats.iso_record import (
    BIAS,
    MAGIC,
    MAX_VALUE,
    MIN_SCALING,
    Description,
    Integers,
    Record,
    nearest_scaling,
    pack,
    unpack,
)
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded, tip_rows
from sigtdnn.formats.pressure import RANGES, TELL_IT
from sigtdnn.formats.source import Source
from sigtdnn.formats.tilt import degrees, lean
from sigtdnn.signature import Device, Signature

# Units a millimetre, of any tablet. Some writers count by the metre: that leaves units unknown.
MAX_UNITS = 1000.0
# Steps a second that most clocks count in; 2000 because of a lift half way.
USUAL_STEPS = (1000.0, 2000.0)
# Steps are whole within this: times come from decimal fractions.
WHOLE = 1e-6
MAX_STEPS = 2.0**15
# Steps a degree.
TENTHS = 10.0


def sniff(source: Source) -> bool:
    """Whether the file begins as a record."""
    return source.data.startswith(MAGIC)


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a record.

    Raises FormatError.
    """
    record = unpack(source)
    for name in ("X", "Y", "T", "DT", "F"):
        if name in record.descriptions and record.descriptions[name].detrended:
            problem = f"the linear component of channel {name} was removed"
            raise UnsupportedLayoutError(source.path, None, problem, "write the record with it")
    across, along = (record.descriptions[name].scaling for name in ("X", "Y"))
    y = record.points["Y"].astype(np.float64) * ((across or 1.0) / (along or 1.0))
    points = (
        _times(source, record, options),
        record.points["X"].astype(np.float64),
        options.upward(y, "up"),
    )
    pressure, levels = _pressure(source, record, options)
    units = across if across is not None and across <= MAX_UNITS else None
    device = Device(_rate(record, options), units, levels)
    return tip_coded(source, points, _pen(record), pressure, _tilt(record), device)


def write(signature: Signature) -> bytes:
    """The record of a signature."""
    rows, t, pen = tip_rows(signature)
    factor, steps = _factor(signature), _steps(t)
    units = signature.device.units
    scale = None if units is None or units * factor < MIN_SCALING else units * factor
    per_unit = Description(scaling=None if scale is None else nearest_scaling(scale))
    points = {
        "X": _whole(signature.x[rows] * factor),
        "Y": _whole(signature.y[rows] * factor),
        "T": _rounded((t - t[0]) * steps),
        "S": pen.astype(np.int64),
    }
    descriptions = {name: _bounded(per_unit, points[name]) for name in ("X", "Y")}
    descriptions |= {"T": Description(scaling=steps), "S": Description()}
    if signature.pressure is not None:
        full = min(signature.device.levels or MAX_VALUE, MAX_VALUE)
        points["F"] = _rounded(signature.pressure[rows] * full)
        descriptions["F"] = Description(minimum=0, maximum=full)
    if signature.tilt is not None:
        points["Az"], points["El"] = _rounded(np.degrees(signature.tilt[rows]) * TENTHS).T.clip(0)
        descriptions["Az"] = descriptions["El"] = Description(scaling=TENTHS)
    return pack(Record(descriptions, points))


def _times(source: Source, record: Record, options: ReadingOptions) -> Float64:
    count = len(record.points["X"])
    if options.rate is not None:
        return options.clock(count, options.rate)
    if "T" in record.points:
        # A counter of two bytes starts anew.
        overflows = np.diff(record.points["T"], prepend=record.points["T"][:1]) < -BIAS
        ticks = record.points["T"] + (MAX_VALUE + 1) * np.cumsum(overflows)
        return options.seconds(ticks / record.scaling("T"), "s")
    if "DT" in record.points:
        return options.seconds(np.cumsum(record.points["DT"]) / record.scaling("DT"), "s")
    remedy = "say at which rate samples come (--rate)"
    raise source.error(None, "the record has no time: neither channel T nor DT", remedy)


def _rate(record: Record, options: ReadingOptions) -> float | None:
    if options.rate is None and "DT" in record.points and record.descriptions["DT"].constant:
        return record.scaling("DT")
    return options.rate


def _pen(record: Record) -> Bool:
    for name in ("S", "F"):
        if name in record.points:
            return record.points[name] > 0
    return np.ones(len(record.points["X"]), np.bool_)


def _pressure(
    source: Source, record: Record, options: ReadingOptions
) -> tuple[Float64 | None, int | None]:
    """The pressure in 0..1, shape (n,), and its range; None where there is none."""
    if "F" not in record.points:
        return None, None
    force, about = record.points["F"], record.descriptions["F"]
    low, stated = about.minimum or 0, options.pressure_range or about.maximum
    full = stated or next(known for known in RANGES if force.max() <= known)
    if not low <= force.min() <= force.max() <= full or low == full:
        problem = f"pressure is {force.min()}..{force.max()}, {low}..{full} is wanted"
        raise source.error(None, problem, TELL_IT)
    return (force - low) / (full - low), full - low


def _tilt(record: Record) -> Float64 | None:
    if {"Az", "El"} <= record.points.keys():
        return degrees(record.quantity("Az"), record.quantity("El"))
    if {"TX", "TY"} <= record.points.keys():
        return lean(record.quantity("TX"), record.quantity("TY"))
    return None


def _factor(signature: Signature) -> float:
    """The power of two by which coordinates become whole numbers of two bytes."""
    span = max(float(np.ptp(signature.x)), float(np.ptp(signature.y)))
    points = np.concatenate([signature.x, signature.y])
    if span <= MAX_VALUE and (points == np.rint(points)).all():
        return 1.0
    finest = (MAX_VALUE - 1) / span
    if signature.device.units is not None:
        finest = min(finest, MAX_UNITS / signature.device.units)
    return 2.0 ** math.floor(math.log2(finest))


def _steps(t: Float64) -> float:
    """The steps a second in which the times (n,) are counted."""
    since = t - t[0]
    for steps in USUAL_STEPS:
        counts = since * steps
        if counts[-1] <= MAX_VALUE and np.abs(counts - np.rint(counts)).max() < WHOLE:
            return steps
    return min(2.0 ** math.floor(math.log2((MAX_VALUE - 1) / since[-1])), MAX_STEPS)


def _whole(values: Float64) -> Integers:
    """Coordinates (n,) as whole numbers within the bounds of a signed channel."""
    numbers = np.rint(values)
    if numbers.min() < -BIAS or numbers.max() >= BIAS:
        numbers -= numbers.min() + BIAS
    return numbers.astype(np.int64)


def _rounded(values: Float64) -> Integers:
    return np.rint(values).astype(np.int64)


def _bounded(description: Description, values: Integers) -> Description:
    return replace(description, minimum=int(values.min()), maximum=int(values.max()))

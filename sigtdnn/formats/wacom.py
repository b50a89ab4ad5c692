"""Wacom `.svc`: a line with the number of points, then `x y time pen azimuth altitude pressure`.

time      milliseconds of a system clock
y         grows upward
pen       1 on the surface, 0 in the air
azimuth   tenths of a degree, as altitude; 0 throughout is unknown
pressure  of the range of the tablet; 0 throughout is unknown

Some writers state one point too few. BiosecurID has this layout in `.txt`, which SVC2004 shares.

Written are whole numbers where they are whole: times from 0, pressure in the levels of the device,
or 32,767. A stroke of one point is followed by its lift, half way to the next point.

Reference: J. Mucha et al., handwriting-sample, Brain Diseases Analysis Laboratory.
"""

from collections.abc import Sequence

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.layout import columns_below_count, ending, has_pen_states, is_deepsigndb
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded, tip_rows
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.formats.tilt import tenths
from sigtdnn.signature import Device, Signature

COLUMNS = ("x", "y", "time", "pen", "azimuth", "altitude", "pressure")
ENDING = ".svc"
FULL_PRESSURE = 32767


def sniff(source: Source) -> bool:
    """Whether line 1 is a count and line 2 has seven columns, in a file that ends in `.svc`.

    Under other names the pen must be coded as here, and not as in SVC2004.
    """
    if is_deepsigndb(source) or columns_below_count(source) != len(COLUMNS):
        return False
    return ending(source) == ENDING or has_pen_states(source) is True


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a Wacom file.

    Raises FormatError.
    """
    notes = read_count(source, 1, source.line(1), missing=1)
    return pen_flagged(source, options, notes)


def pen_flagged(source: Source, options: ReadingOptions, notes: Sequence[str]) -> Signature:
    """The signature in rows of the seven columns below one line; `notes` on what was tolerated.

    Raises FormatError.
    """
    x, y, time, pen, azimuth, altitude, force = read_rows(source, 1, COLUMNS).T
    require(source, 1, "pen", pen, (pen == 0) | (pen == 1), "0 or 1")
    pressure, levels = scaled(source, 1, force, options) if force.any() else (None, None)
    return tip_coded(
        source,
        (options.seconds(time, "ms"), x, options.upward(y, "up")),
        pen == 1,
        pressure,
        tenths(azimuth, altitude),
        Device(options.rate, levels=levels, assumed=options.pressure_range is None),
        notes,
    )


def write(signature: Signature) -> bytes:
    """The Wacom file of a signature."""
    rows, t, pen = tip_rows(signature)
    nothing = np.zeros(len(rows))
    azimuth, altitude, force = nothing, nothing, nothing
    if signature.tilt is not None:
        azimuth, altitude = np.rint(np.degrees(signature.tilt[rows]) * 10).T
    if signature.pressure is not None:
        force = np.rint(signature.pressure[rows] * (signature.device.levels or FULL_PRESSURE))
    columns = (signature.x[rows], signature.y[rows], 1000 * t, pen, azimuth, altitude, force)
    return _text(np.column_stack(columns))


def _text(rows: Float64) -> bytes:
    lines = [str(len(rows)), *(" ".join(f"{value:.10g}" for value in row) for row in rows)]
    return "".join(line + "\n" for line in lines).encode()

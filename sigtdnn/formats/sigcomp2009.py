"""SigComp2009 (NFI) `.hwr`: a line with a name and the number of points, then `x y pressure
azimuth altitude`.

time      200 samples a second
x, y      100 units a millimetre; y grows upward
pressure  -1 is in the air, 0..1024 is on the surface
tilt      tenths of a degree

A row `0 0 -4 0 0` is a lost sample: no point, but its place in time is kept.

Reference: V. L. Blankers et al., "The ICDAR 2009 Signature Verification Competition", ICDAR
2009, pp. 1403-1407.
"""

from sigtdnn.formats.layout import columns_without_header, is_row, is_whole
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.sigcomp import FULL_PRESSURE, RATE
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.formats.tilt import tenths
from sigtdnn.signature import Device, Signature

COLUMNS = ("x", "y", "pressure", "azimuth", "altitude")
UNITS = 100.0
IN_THE_AIR = -1
LOST = (0, 0, -4, 0, 0)


def sniff(source: Source) -> bool:
    """Whether line 1 is a name and a count, and line 2 a row."""
    head = source.fields(0)
    named = len(head) > 1 and is_whole(head[-1]) and columns_without_header(source) is None
    return named and is_row(source.fields(1), 1)


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a SigComp2009 file.

    Raises FormatError.
    """
    header = source.line(1).split()
    read_count(source, 1, header[-1] if header else "")
    rows = read_rows(source, 1, COLUMNS)
    pressure = rows[:, 2]
    lost = (rows == LOST).all(axis=1)
    known = lost | (pressure == IN_THE_AIR) | (pressure >= 0)
    require(source, 1, "pressure", pressure, known, f"{IN_THE_AIR} (in the air) or more")
    force, full = scaled(source, 1, pressure.clip(0), options, FULL_PRESSURE)
    t = options.clock(len(rows), RATE)[~lost]
    x, y, _, azimuth, altitude = rows[~lost].T
    return tip_coded(
        source,
        (t, x, options.upward(y, "up")),
        pressure[~lost] >= 0,
        force[~lost],
        tenths(azimuth, altitude),
        Device(options.rate or RATE, UNITS, full, assumed=options.pressure_range is None),
    )

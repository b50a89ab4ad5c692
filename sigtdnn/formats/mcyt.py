"""MCYT as text: `t x y pressure change azimuth inclination`, with or without these names above.

t         seconds, 100 samples a second
y         grows upward
pressure  0 in the air, up to 1023
change    1 where the pen is set down or lifted; not a state
angles    degrees

Reference: J. Ortega-Garcia et al., "MCYT baseline corpus: a bimodal biometric database", IEE
Proceedings Vision, Image and Signal Processing 150(6), pp. 395-401, 2003.
"""

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.formats.layout import columns_without_header
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.source import Source, read_rows, require
from sigtdnn.formats.tilt import degrees
from sigtdnn.signature import Device, Signature

COLUMNS = ("t", "x", "y", "pressure", "change", "azimuth", "inclination")
# The fifth goes by several names.
_CHANGE = COLUMNS.index("change")
RATE = 100.0
FULL_PRESSURE = 1023


def sniff(source: Source) -> bool:
    """Whether line 1 is a row of seven numbers, or names the columns."""
    return columns_without_header(source) == len(COLUMNS) or has_header(source)


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in an MCYT file.

    Raises FormatError.
    """
    headers = int(has_header(source))
    t, x, y, force, change, azimuth, inclination = read_rows(source, headers, COLUMNS).T
    require(source, headers, "change", change, (change == 0) | (change == 1), "0 or 1")
    pen = force > 0
    _check_changes(source, change, pen)
    pressure, levels = scaled(source, headers, force, options, FULL_PRESSURE)
    return tip_coded(
        source,
        (options.seconds(t, "s"), x, options.upward(y, "up")),
        pen,
        pressure,
        degrees(azimuth, inclination),
        Device(options.rate or RATE, levels=levels, assumed=options.pressure_range is None),
    )


def has_header(source: Source) -> bool:
    """Whether line 1 names the columns."""
    names = [name.strip('"').lower() for name in source.fields(0)]
    return names[:_CHANGE] + names[_CHANGE + 1 :] == [
        name for name in COLUMNS if name != "change"
    ] and len(names) == len(COLUMNS)


def _check_changes(source: Source, change: Float64, pen: Bool) -> None:
    """Raises FormatError when the rows (n,) that mark a change are far more than the changes."""
    marks, changes = np.count_nonzero(change), np.count_nonzero(np.diff(pen))
    if marks > 2 * (changes + 2):
        problem = f"column 5 is 1 in {marks} rows, and the pressure begins or ends in {changes}"
        raise source.error(None, f"{problem}: no change of pen", "read it as a table (--column)")

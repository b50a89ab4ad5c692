"""DeepSignDB and SVC2021 text: a line with the number of points, then a row a point.

4 columns  e-BioSign, SVC2021: `x y t pressure`
6 columns  MCYT: `x y t azimuth altitude pressure`
7 columns  BiosecurID, Biosecure DS2: `x y t pen azimuth altitude pressure`

t         milliseconds; 0 throughout where they were lost
y         grows upward
pressure  0 in the air. With a finger it is 0 throughout: no pressure, and no lift is told
angles    tenths of a degree

The first line may state more points than follow.

Reference: R. Tolosana et al., "DeepSign: deep on-line signature verification", IEEE Transactions
on Biometrics, Behavior, and Identity Science 3(2), pp. 229-239, 2021.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.layout import columns_below_count, is_deepsigndb
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import gap_coded, tip_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.source import Source, read_count, read_rows
from sigtdnn.formats.tilt import tenths
from sigtdnn.formats.wacom import COLUMNS as BIOSECURID
from sigtdnn.formats.wacom import pen_flagged
from sigtdnn.signature import Device, Signature

E_BIOSIGN = ("x", "y", "t", "pressure")
MCYT = ("x", "y", "t", "azimuth", "altitude", "pressure")
LAYOUTS = {len(columns): columns for columns in (E_BIOSIGN, MCYT, BIOSECURID)}


def sniff(source: Source) -> bool:
    """Whether line 1 is a count, and line 2 has six columns, or any of them under such a name."""
    columns = columns_below_count(source)
    return columns == len(MCYT) or (columns in LAYOUTS and is_deepsigndb(source))


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a file of DeepSignDB.

    Raises FormatError.
    """
    notes = read_count(source, 1, source.line(1), more=True)
    columns = LAYOUTS.get(columns_below_count(source) or 0, E_BIOSIGN)
    if columns == BIOSECURID:
        return pen_flagged(source, options, notes)
    rows = read_rows(source, 1, columns)
    x, y, t = rows[:, :3].T
    force = rows[:, -1]
    points = (_seconds(source, t, options), x, options.upward(y, "up"))
    if not force.any():
        lifted = np.zeros(len(x), np.bool_)
        return gap_coded(source, points, lifted, device=Device(options.rate), notes=notes)
    pressure, levels = scaled(source, 1, force, options)
    tilt = tenths(*rows[:, 3:5].T) if columns == MCYT else None
    device = Device(options.rate, levels=levels, assumed=options.pressure_range is None)
    return tip_coded(source, points, force > 0, pressure, tilt, device, notes)


def _seconds(source: Source, t: Float64, options: ReadingOptions) -> Float64:
    if options.rate is None and not np.ptp(t):
        remedy = "say at which rate samples come (--rate 100)"
        raise source.error(None, "all time stamps are equal", remedy)
    return options.seconds(t, "ms")

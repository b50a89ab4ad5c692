"""SigComp `.hwr`: 200 samples a second without time stamps, the pen followed in the air.

2009 (NFI)    a line with a name and the number of points, then `x y pressure azimuth
              altitude`. Pressure -1 is in the air, 0..1024 is on the surface. A row
              `0 0 -4 0 0` is a lost sample: no point, but its place in time is kept.
2011 (Dutch)  no header, `x y pressure`. Pressure 0 is in the air.

y grows upward in both. Pressure is told in parts of 1024, the range of the tablet family.

References: V. L. Blankers et al., "The ICDAR 2009 Signature Verification Competition", ICDAR
2009, pp. 1403-1407; M. Liwicki et al., "Signature Verification Competition for Online and
Offline Skilled Forgeries (SigComp2011)", ICDAR 2011, pp. 1480-1484.
"""

import numpy as np

from sigtdnn.formats.pen_coding import tip_coded
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.signature import Signature

COLUMNS_2009 = ("x", "y", "pressure", "azimuth", "altitude")
COLUMNS_2011 = ("x", "y", "pressure")
RATE = 200.0
FULL_PRESSURE = 1024
IN_THE_AIR = -1
LOST = (0, 0, -4, 0, 0)


def read_2009(source: Source) -> Signature:
    """The signature in a SigComp2009 file.

    Raises FormatError.
    """
    header = source.lines[0].split()
    read_count(source, 1, header[-1] if header else "")
    rows = read_rows(source, 1, COLUMNS_2009)
    pressure = rows[:, 2]
    lost = (rows == LOST).all(axis=1)
    known = lost | (pressure == IN_THE_AIR) | ((pressure >= 0) & (pressure <= FULL_PRESSURE))
    wanted = f"{IN_THE_AIR} (in the air) or 0..{FULL_PRESSURE}"
    require(source, 1, "pressure", pressure, known, wanted)
    t = np.arange(len(rows)) / RATE
    x, y, force = rows[~lost, :3].T
    return tip_coded(source, t[~lost], x, y, force >= 0, force.clip(0) / FULL_PRESSURE)


def read_2011(source: Source) -> Signature:
    """The signature in a SigComp2011 file.

    Raises FormatError.
    """
    x, y, pressure = read_rows(source, 0, COLUMNS_2011).T
    in_range = (pressure >= 0) & (pressure <= FULL_PRESSURE)
    require(source, 0, "pressure", pressure, in_range, f"0..{FULL_PRESSURE}")
    t = np.arange(len(x)) / RATE
    return tip_coded(source, t, x, y, pressure > 0, pressure / FULL_PRESSURE)

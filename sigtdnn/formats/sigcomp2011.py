"""SigComp2011 (Dutch) `.hwr`: no header, `x y pressure`.

time      200 samples a second
y         grows upward
pressure  0 is in the air, up to 1024

Reference: M. Liwicki et al., "Signature Verification Competition for Online and Offline
Skilled Forgeries (SigComp2011)", ICDAR 2011, pp. 1480-1484.
"""

from sigtdnn.formats.layout import columns_without_header, ending
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.sigcomp import FULL_PRESSURE, RATE
from sigtdnn.formats.source import Source, read_rows
from sigtdnn.signature import Device, Signature

COLUMNS = ("x", "y", "pressure")


def sniff(source: Source) -> bool:
    """Whether line 1 is a row of three numbers, in a file that ends in `.hwr`."""
    return columns_without_header(source) == len(COLUMNS) and ending(source) == ".hwr"


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a SigComp2011 file.

    Raises FormatError.
    """
    x, y, pressure = read_rows(source, 0, COLUMNS).T
    force, full = scaled(source, 0, pressure, options, FULL_PRESSURE)
    points = (options.clock(len(x), RATE), x, options.upward(y, "up"))
    device = Device(options.rate or RATE, levels=full, assumed=options.pressure_range is None)
    return tip_coded(source, points, pressure > 0, force, device=device)

"""SUSIG `.sig`: two header lines, then `x y time pressure endpoint`.

time      milliseconds from the first point, 100 samples a second
y         grows downward on the device; flipped here
pressure  0..255, with another tablet more
endpoint  1 marks the last point of a stroke; the last of all may go unmarked

Reference: A. Kholmatov, B. Yanikoglu, "SUSIG: an on-line signature database, associated
protocols and benchmark results", Pattern Analysis and Applications 12(3), 227-236, 2009.
"""

from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import gap_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.signature import Device, Signature

NAMES = ("x", "y", "tstamp", "pres.", "endpts")
COLUMNS = ("x", "y", "time", "pressure", "endpoint")
SIZE = "DataSize:"
FULL_PRESSURE = 255
RATE = 100.0


def sniff(source: Source) -> bool:
    """Whether line 1 names the columns of SUSIG."""
    return bool(source.head) and is_header(source.head[0])


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a SUSIG file.

    Raises FormatError.
    """
    if not is_header(source.line(1)):
        raise source.error(1, f"the header is not '{', '.join(NAMES)}'", "restore the header")
    size = source.line(2).strip()
    if not size.startswith(SIZE):
        raise source.error(2, f"'{SIZE} <points>' is missing", "restore the header")
    read_count(source, 2, size.removeprefix(SIZE))
    x, y, time, pressure, endpoint = read_rows(source, 2, COLUMNS).T
    force, full = scaled(source, 2, pressure, options, FULL_PRESSURE)
    require(source, 2, "endpoint", endpoint, (endpoint == 0) | (endpoint == 1), "0 or 1")
    points = (options.seconds(time, "ms"), x, options.upward(y, "down"))
    device = Device(options.rate or RATE, levels=full, assumed=options.pressure_range is None)
    return gap_coded(source, points, endpoint == 1, force, device=device)


def is_header(line: str) -> bool:
    """Whether a line is the first line of a SUSIG file."""
    return tuple(name.strip().lower() for name in line.split(",")) == NAMES

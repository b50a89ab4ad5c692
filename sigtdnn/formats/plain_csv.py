"""Plain CSV, for people who bring their own tablet: a header, then a row a sample.

t         seconds from any origin
x, y      any unit, the same for both; y grows upward
pen       1 on the surface, 0 in the air; holds until the next row
pressure  0..1 of the device range; the column may be absent

The columns may stand in any order. Others are refused: a misspelt pressure would go unnoticed.
"""

import numpy as np

from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import tip_coded, tip_rows
from sigtdnn.formats.pressure import TELL_IT
from sigtdnn.formats.source import Source, read_rows, require
from sigtdnn.formats.susig import is_header as is_susig
from sigtdnn.signature import Device, Signature

REQUIRED = ("t", "x", "y", "pen")
PRESSURE = "pressure"


def sniff(source: Source) -> bool:
    """Whether line 1 names x and y among columns, and is not that of SUSIG."""
    line = source.head[0] if source.head else ""
    return {"x", "y"} <= set(header(line)) and not is_susig(line)


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a CSV file.

    Raises FormatError.
    """
    names = header(source.line(1))
    for name in REQUIRED:
        if name not in names:
            raise source.error(1, f"no column '{name}'", f"name {', '.join(REQUIRED)} in line 1")
    for name in names:
        if name not in (*REQUIRED, PRESSURE):
            raise source.error(1, f"unknown column {name[:20]!r}", "remove it or correct its name")
        if names.count(name) > 1:
            raise source.error(1, f"column '{name}' appears twice", "remove one")
    columns = dict(zip(names, read_rows(source, 1, names, ",").T, strict=True))
    pen, pressure = columns["pen"], columns.get(PRESSURE)
    require(source, 1, "pen", pen, np.isin(pen, (0, 1)), "0 or 1")
    if pressure is not None:
        full = options.pressure_range or 1
        in_range = (pressure >= 0) & (pressure <= full)
        require(source, 1, PRESSURE, pressure, in_range, f"0..{full}", TELL_IT)
        pressure = pressure / full
    points = (options.seconds(columns["t"], "s"), columns["x"], options.upward(columns["y"], "up"))
    device = Device(options.rate, levels=options.pressure_range)
    return tip_coded(source, points, pen == 1, pressure, device=device)


def write(signature: Signature) -> bytes:
    """The CSV file of a signature; every number reads back equal.

    A stroke of one point is followed by its lift, half way to the next sample.
    """
    rows, t, pen = tip_rows(signature)
    # A last touch, which no interval follows, would else be cut off in reading.
    pen[-1] = signature.stroke[-1] >= 0
    names = [*REQUIRED]
    columns = [t.tolist(), signature.x[rows].tolist(), signature.y[rows].tolist()]
    texts = [map(repr, columns[0]), *((f"{value:.17g}" for value in one) for one in columns[1:])]
    texts.append(map(str, pen.astype(int).tolist()))
    if signature.pressure is not None:
        names.append(PRESSURE)
        texts.append(map(repr, signature.pressure[rows].tolist()))
    lines = [",".join(names), *(",".join(row) for row in zip(*texts, strict=True)), ""]
    return "\n".join(lines).encode("ascii")


def header(line: str) -> list[str]:
    """The column names in a header line; quotes and blanks around them do not count."""
    return [name.strip().strip('"').lower() for name in line.split(",")]

"""UNIPEN 1.0: statements that begin with a dot; points below `.PEN_DOWN` and `.PEN_UP`.

.COORD    the columns of the points, X and Y among them; without it, points are X Y
X, Y      grow to the right and upward; .X_POINTS_PER_MM or .X_POINTS_PER_INCH tells the unit
T         time from any origin, in seconds, milliseconds or microseconds, whichever is nearest to
          .POINTS_PER_SECOND; without that, in milliseconds. Without T, points come at that rate,
          and .DT tells the milliseconds between two blocks
P         pressure. Where there is some, 0 below .PEN_DOWN is in the air, too
.SEGMENT  which blocks, counted from 0, make a signature: `.SEGMENT SIGNATURE 0-4`. Without
          segments of signatures, those of the highest level count; without any, .START_BOX begins
          a signature, else the file holds one

What .INCLUDE names is not read. Several signatures are written as segments. Written are X, Y, T in
milliseconds, and P where known; the range of pressure must be told to read it again.

Reference: I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet, "UNIPEN project of on-line
data exchange and recognizer benchmarks", ICPR 1994, pp. 29-33.
"""

from collections.abc import Sequence

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.options import TIME_UNITS, ReadingOptions
from sigtdnn.formats.pen_coding import block_coded, blocks
from sigtdnn.formats.pressure import fraction
from sigtdnn.formats.source import Source
from sigtdnn.formats.unipen_document import DOWN, UP, Document, Segment, parse
from sigtdnn.signature import Device, Signature

SIGNATURE = "SIGNATURE"
UNITS = ("s", "ms", "us")
MILLIMETRES_AN_INCH = 25.4
MAX_SIGNATURES = 10_000
LIGHTEST = 1e-7
FIRST = (
    ".VERSION", ".COMMENT", ".DATA_SOURCE", ".DATA_ID", ".COORD", ".HIERARCHY", ".INCLUDE",
    ".SEGMENT", DOWN, UP,
)  # fmt: skip


def sniff(source: Source) -> bool:
    """Whether the first line that is not blank begins with a statement of UNIPEN."""
    first = next((line.split() for line in source.head if line.strip()), [""])
    return first[0] in FIRST


def read(source: Source, options: ReadingOptions) -> list[Signature]:
    """The signatures in a file, in their order.

    Raises FormatError.
    """
    document = parse(source)
    t = _times(source, document, options)
    columns = document.columns
    y = options.upward(columns["Y"] * _aspect(document), "up")
    device = Device(options.rate or document.numbers.get(".POINTS_PER_SECOND"), _units(document))
    signatures = []
    segments = _segments(source, document)
    if len(segments) > MAX_SIGNATURES:
        raise source.error(None, f"over {MAX_SIGNATURES} signatures", "give fewer a file")
    for segment in segments:
        part = slice(*np.searchsorted(document.block, [segment.first, segment.last + 1]))
        block = document.block[part]
        if not len(block):
            raise source.error(segment.line, "a signature without points", "remove the line")
        down = document.down[block]
        pressure, levels = None, None
        if "P" in columns:
            pressure, levels = fraction(source, columns["P"][part], options)
        if pressure is not None:
            down = down & (pressure > 0)
        signatures.append(
            block_coded(
                source,
                (t[part], columns["X"][part], y[part]),
                block,
                down,
                pressure,
                device=Device(device.rate, device.units, levels),
            )
        )
    return signatures


def write(signatures: Sequence[Signature]) -> bytes:
    """The file of signatures, one at least."""
    pressed = any(signature.pressure is not None for signature in signatures)
    rates = {signature.device.rate for signature in signatures}
    units = {signature.device.units for signature in signatures}
    about = [("POINTS_PER_SECOND", rates), ("X_POINTS_PER_MM", units), ("Y_POINTS_PER_MM", units)]
    told = [f".{name} {value:.17g}" for name, (value, *more) in about if value and not more]
    head = [".VERSION 1.0", f".HIERARCHY {SIGNATURE}", f".COORD X Y T{' P' if pressed else ''}"]
    segments, points, count = [], [], 0
    for signature in signatures:
        written = blocks(signature)
        segments.append(f".SEGMENT {SIGNATURE} {count}-{count + len(written) - 1}")
        count += len(written)
        rows = _rows(signature, pressed)
        for down, part in written:
            points += [DOWN if down else UP, *rows[part]]
    return "\n".join([*head, *told, *segments, *points, ""]).encode("ascii")


def _rows(signature: Signature, pressed: bool) -> list[str]:
    """A line a sample."""
    columns = [signature.x, signature.y, signature.t * 1000]
    if signature.pressure is not None:
        levels = signature.device.levels
        force = signature.pressure if levels is None else np.rint(signature.pressure * levels)
        # A touch too light to count would be read as in the air.
        least = LIGHTEST if levels is None else 1.0
        columns.append(np.where(signature.stroke >= 0, force.clip(least), force))
    elif pressed:
        columns.append(np.zeros(len(signature)))
    texts = ([f"{value:.17g}" for value in column.tolist()] for column in columns)
    return [" ".join(row) for row in zip(*texts, strict=True)]


def _times(source: Source, document: Document, options: ReadingOptions) -> Float64:
    """The seconds of all points, shape (n,)."""
    rate = document.numbers.get(".POINTS_PER_SECOND") or None
    count = len(document.block)
    if "T" in document.columns:
        stamps = document.columns["T"]
        return options.seconds(stamps, _time_unit(stamps, rate))
    if options.rate is not None:
        return options.clock(count, options.rate)
    if rate is None:
        remedy = "say at which rate samples come (--rate)"
        raise source.error(None, "neither T nor .POINTS_PER_SECOND tells the time", remedy)
    pauses: Float64 = np.cumsum(document.pauses)[document.block] / 1000
    return options.clock(count, rate) + pauses


def _time_unit(stamps: Float64, rate: float | None) -> str:
    steps = np.diff(stamps)
    steps = steps[steps > 0]
    if rate is None or not len(steps):
        return "ms"
    step = float(np.median(steps)) * rate
    return min(UNITS, key=lambda unit: abs(np.log(step * TIME_UNITS[unit])))


def _per_millimetre(document: Document, axis: str) -> float | None:
    inch = document.numbers.get(f".{axis}_POINTS_PER_INCH")
    told = document.numbers.get(f".{axis}_POINTS_PER_MM")
    return told or (inch / MILLIMETRES_AN_INCH if inch else None)


def _units(document: Document) -> float | None:
    return _per_millimetre(document, "X")


def _aspect(document: Document) -> float:
    """What makes units of y units of x."""
    across, along = _per_millimetre(document, "X"), _per_millimetre(document, "Y")
    return across / along if across and along else 1.0


def _segments(source: Source, document: Document) -> list[Segment]:
    """The blocks of each signature; no block is in two."""
    blocks = len(document.down)
    if not document.segments:
        starts = sorted({0, *document.boxes})
        parts = zip(starts, [*starts[1:], blocks], strict=True)
        # A box may hold nothing, and points may come before the first.
        return [
            Segment(0, SIGNATURE, first, end - 1)
            for first, end in parts
            if np.searchsorted(document.block, first) < np.searchsorted(document.block, end)
        ]
    present = {segment.level for segment in document.segments}
    level = next(
        (name for name in (SIGNATURE, *document.levels) if name in present),
        document.segments[0].level,
    )
    chosen = [segment for segment in document.segments if segment.level == level]
    last = -1
    for segment in chosen:
        if not last < segment.first <= segment.last < blocks:
            problem = f"blocks {segment.first}-{segment.last} of {blocks} come again, or not at all"
            raise source.error(segment.line, problem, "give each signature blocks of its own")
        last = segment.last
    return chosen

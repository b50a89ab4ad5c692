"""From signatures to stroke files, and what the format of a file has no place for.

What is lost is not declared by the formats but seen: what was written is read again and compared.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.errors import ConfigurationError, UnknownFormatError
from sigtdnn.files import replacing
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.registry import FORMATS, named_format
from sigtdnn.formats.source import Source
from sigtdnn.signature import Signature

WRITTEN = tuple(name for name, format in FORMATS.items() if format.write is not None)
# Seconds, radians, and parts of the extent of a signature and of the range of pressure.
SAME = 1e-6
# A standard may round the units.
SAME_SIZE = 1e-3


def write_signatures(path: Path | str, signatures: Sequence[Signature], format: str) -> list[str]:
    """Writes signatures to a file, whole or not at all; an older one is replaced.

    Gives what is lost, in words. Raises ConfigurationError when the format is unknown, only read,
    or holds one signature a file; SigtdnnError when what it would hold is no signature any more.
    """
    data = encode(signatures, format)
    lost = losses(signatures, data, format)
    with replacing(Path(path)) as temporary:
        temporary.write_bytes(data)
    return lost


def encode(signatures: Sequence[Signature], format: str) -> bytes:
    """The bytes of a file of signatures, one at least.

    Raises ConfigurationError when the format is unknown, only read, or holds one a file.
    """
    chosen = named_format(format)
    if chosen.write is None:
        raise UnknownFormatError(
            f"format '{format}' is read, not written", f"write one of {', '.join(WRITTEN)}"
        )
    if len(signatures) != 1 and not chosen.several:
        raise ConfigurationError(
            f"format '{format}' holds one signature a file, not {len(signatures)}",
            "write a file for each",
        )
    return chosen.write(signatures)


def losses(signatures: Sequence[Signature], data: bytes, format: str) -> list[str]:
    """What reading `data` does not give back of signatures, in words, without repetition.

    Raises FormatError when reading gives no signature any more.
    """
    chosen = FORMATS[format]
    source = Source(Path(f"({format})"), data)
    again = chosen.read(source, ReadingOptions(format=format))
    pairs = zip(signatures, again, strict=True)
    return list(dict.fromkeys(word for pair in pairs for word in _lost(*pair)))


def _lost(before: Signature, after: Signature) -> Iterator[str]:
    touched = np.flatnonzero(before.stroke >= 0)
    # The air around is no part of a signature.
    rows = np.arange(touched[0], touched[-1] + 1)
    if not (after.stroke < 0).any() and len(touched) < len(rows):
        yield "samples in the air"
        rows = touched
    if len(after) > len(rows):
        yield "dots of one sample"
    # A lift that was added lies half way between two samples.
    t = before.t[rows] - before.t[rows[0]]
    place = _nearest(after.t, t)
    late = float(np.abs(after.t[place] - t).max())
    if late > SAME:
        yield f"precision of times ({late:.1g} s)"
    moved = float(np.abs(_shape(before, rows) - _shape(after, place)).max())
    if moved > SAME:
        yield f"precision of coordinates ({moved:.1g} of the extent)"
    yield from _pressure(before, after, rows, place)
    if before.tilt is not None and after.tilt is None:
        yield "tilt"
    elif before.tilt is not None and after.tilt is not None:
        turned = float(np.abs(before.tilt[rows] - after.tilt[place]).max())
        if turned > SAME:
            yield f"precision of tilt ({np.degrees(turned):.1g} degrees)"
    rate, size, found = before.device.rate, _size(before, rows), _size(after, place)
    if rate is not None and rate != after.device.rate:
        yield "sampling rate"
    if size is not None and (found is None or abs(found / size - 1) > SAME_SIZE):
        yield "units a millimetre"


def _pressure(before: Signature, after: Signature, rows: Rows, place: Rows) -> Iterator[str]:
    if before.pressure is None:
        return
    if after.pressure is None:
        yield "pressure"
        return
    levels, found = before.device.levels, after.device.levels
    one, other = before.pressure[rows], after.pressure[place]
    apart, told = float(np.abs(one - other).max()), np.inf
    if levels is not None and found is not None:
        told = float(np.abs(one - other * found / levels).max())
    if min(apart, told) > SAME:
        yield f"precision of pressure ({min(apart, told):.1g})"
    if levels is not None and levels != found:
        hint = f"tell --pressure-range {levels} to read it" if told < apart else str(levels)
        yield f"range of pressure ({hint})"


def _size(signature: Signature, rows: Rows) -> float | None:
    """The extent of some samples in millimetres, or None where that is not known."""
    units = signature.device.units
    return None if units is None else _extent(signature, rows) / units


def _extent(signature: Signature, rows: Rows) -> float:
    return float(max(np.ptp(signature.x[rows]), np.ptp(signature.y[rows])))


def _nearest(t: Float64, wanted: Float64) -> Rows:
    """Which of the times t (n,) are nearest to those wanted, shape (m,)."""
    after = np.searchsorted(t, wanted).clip(1, len(t) - 1)
    nearer = wanted - t[after - 1] <= t[after] - wanted
    place: Rows = after - nearer
    return place


def _shape(signature: Signature, rows: Rows) -> Float64:
    """The points of some samples from the first, shape (m, 2), in parts of the extent."""
    points = np.column_stack([signature.x[rows], signature.y[rows]])
    shape: Float64 = (points - points[0]) / _extent(signature, rows)
    return shape

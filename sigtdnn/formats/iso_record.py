"""The record of ISO/IEC 19794-7:2007, full format: bytes to channels of whole numbers, and back.

    "SDI" 00, " 10" 00     format and version
    2 bytes                which channels are included, X in the highest bit, R in the lowest
    of each channel        a byte of flags: scaling value, minimum, maximum, mean and standard
                           deviation follow (2 bytes each); the channel is constant; its linear
                           component was removed; reserved
    1 byte                 reserved
    1 byte                 whether extended data follow the points
    3 bytes                number of points
    of each point          the channels included, in order: 2 bytes each, S one
    2 bytes, and as many   extended data

All big-endian. A signed channel is stored from its lower bound: 0 is -32768. A scaling value is a
binary fraction: 5 bits of exponent from -16, 11 bits of mantissa below a leading 1. A quantity is
the number in the channel over the scaling value. A channel that is constant has the value 1
throughout and is left out of the points.

Some writers store S in two bytes, or constant channels with the points: the length of the record
tells.

Reference: ISO/IEC 19794-7:2007, Information technology, Biometric data interchange formats,
Part 7: Signature/sign time series data, clause 7 and annex B.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import FormatError, UnsupportedLayoutError
from sigtdnn.formats.source import MAX_BYTES, Source

Integers = NDArray[np.int64]

MAGIC, VERSION = b"SDI\0", b" 10\0"
CHANNELS = (
    "X", "Y", "Z", "VX", "VY", "AX", "AY", "T", "DT", "F", "S", "TX", "TY", "Az", "El", "R"
)  # fmt: skip
SIGNED = frozenset({"X", "Y", "VX", "VY", "AX", "AY", "TX", "TY"})
BIAS = 2**15
MAX_VALUE = 2**16 - 1
MIN_SCALING = 2.0**-16

_ATTRIBUTES = ("scaling", "minimum", "maximum", "mean", "deviation")
_FLAGS = (0x80, 0x40, 0x20, 0x10, 0x08)
_CONSTANT, _DETRENDED = 0x04, 0x02
_EXPONENT, _MANTISSA = 16, 2**11
_CUT = "restore the file: it is cut short or joined"


@dataclass(frozen=True)
class Description:
    """What a record says of one of its channels; None where it says nothing."""

    scaling: float | None = None
    minimum: int | None = None
    maximum: int | None = None
    mean: int | None = None
    deviation: int | None = None
    constant: bool = False
    detrended: bool = False


@dataclass(frozen=True)
class Record:
    """The channels of a record by their names, each of shape (n,); constant ones are all 1."""

    descriptions: Mapping[str, Description]
    points: Mapping[str, Integers]
    extended: bytes = field(default=b"", repr=False)

    def quantity(self, channel: str) -> NDArray[np.float64]:
        """The values of a channel over its scaling value, shape (n,)."""
        return self.points[channel] / self.scaling(channel)

    def scaling(self, channel: str) -> float:
        """The scaling value of a channel, 1 where it states none."""
        return self.descriptions[channel].scaling or 1.0


def unpack(source: Source) -> Record:
    """The record in a file.

    Raises FormatError when it is cut short or joined, or leaves out x or y; and
    UnsupportedLayoutError for another edition.
    """
    data = source.data
    if len(data) > MAX_BYTES:
        problem = f"over {MAX_BYTES >> 20} MiB"
        raise source.error(None, problem, "give the strokes of one signature")
    if not data.strip():
        raise source.error(None, "the file is empty", "record the signature again")
    if not data.startswith(MAGIC):
        raise source.error(None, "no record of ISO/IEC 19794-7", "name another format (--format)")
    if data[4:8] != VERSION:
        raise UnsupportedLayoutError(
            source.path,
            None,
            f"version {data[4:7].decode('ascii', 'replace').strip()!r} of ISO/IEC 19794-7",
            "write it by the edition of 2007 (version '10')",
        )
    try:
        descriptions, offset = _descriptions(data)
        _, extended, high, low = struct.unpack_from(">BBBH", data, offset)
    except (struct.error, IndexError) as error:
        raise source.error(None, "the header of the record is incomplete", _CUT) from error
    if not high + low:
        raise source.error(None, "the record has no points", "record the signature again")
    for name in ("X", "Y"):
        if name not in descriptions:
            raise source.error(None, f"the record has no channel {name}", "write it with X and Y")
    offset, count = offset + 5, (high << 16) + low
    layout = _layout(source, descriptions, offset, count, bool(extended))
    return Record(
        MappingProxyType(descriptions),
        MappingProxyType(_points(data, descriptions, layout, offset, count)),
        data[offset + count * layout.itemsize + 2 :] if extended else b"",
    )


def pack(record: Record) -> bytes:
    """The bytes of a record; all channels must be of one length and within their bounds."""
    names = [name for name in CHANNELS if name in record.descriptions]
    included = sum(1 << (15 - CHANNELS.index(name)) for name in names)
    parts = [MAGIC, VERSION, struct.pack(">H", included)]
    parts += [_packed(name, record.descriptions[name]) for name in names]
    stored = [name for name in names if not record.descriptions[name].constant]
    count = len(record.points["X"])
    points = np.empty(count, _layout_of(stored, wide=False))
    for name in stored:
        points[name] = record.points[name] + (BIAS if name in SIGNED else 0)
    parts += [bytes([0, bool(record.extended)]), count.to_bytes(3), points.tobytes()]
    if record.extended:
        parts += [struct.pack(">H", len(record.extended)), record.extended]
    return b"".join(parts)


def nearest_scaling(wanted: float) -> float:
    """The largest scaling value not above the one wanted, which lies in 2^-16..2^16."""
    mantissa, exponent = math.frexp(wanted)
    return math.floor(mantissa * 2 * _MANTISSA) / _MANTISSA * 2.0 ** (exponent - 1)


def _descriptions(data: bytes) -> tuple[dict[str, Description], int]:
    (included,) = struct.unpack_from(">H", data, 8)
    offset = 10
    descriptions = {}
    for place, name in enumerate(CHANNELS):
        if not included >> (15 - place) & 1:
            continue
        flags = data[offset]
        offset += 1
        found: dict[str, int | float] = {}
        for attribute, flag in zip(_ATTRIBUTES, _FLAGS, strict=True):
            if flags & flag:
                (value,) = struct.unpack_from(">H", data, offset)
                offset += 2
                found[attribute] = _meaning(name, attribute, value)
        descriptions[name] = Description(
            **found,  # type: ignore[arg-type]
            constant=bool(flags & _CONSTANT),
            detrended=bool(flags & _DETRENDED),
        )
    return descriptions, offset


def _meaning(channel: str, attribute: str, value: int) -> int | float:
    if attribute == "scaling":
        return (1 + value % _MANTISSA / _MANTISSA) * 2.0 ** (value // _MANTISSA - _EXPONENT)
    return value - BIAS if attribute != "deviation" and channel in SIGNED else value


def _packed(channel: str, description: Description) -> bytes:
    flags = _CONSTANT * description.constant | _DETRENDED * description.detrended
    values = b""
    for attribute, flag in zip(_ATTRIBUTES, _FLAGS, strict=True):
        value = getattr(description, attribute)
        if value is not None:
            flags |= flag
            values += struct.pack(">H", _stored(channel, attribute, value))
    return bytes([flags]) + values


def _stored(channel: str, attribute: str, value: float) -> int:
    if attribute == "scaling":
        mantissa, exponent = math.frexp(value)
        return (exponent - 1 + _EXPONENT) * _MANTISSA + round((2 * mantissa - 1) * _MANTISSA)
    return int(value) + (BIAS if attribute != "deviation" and channel in SIGNED else 0)


def _layout(
    source: Source, descriptions: Mapping[str, Description], offset: int, count: int, more: bool
) -> np.dtype[np.void]:
    """The layout of a point with which the record is exactly as long as it is."""
    data = source.data
    for constants, wide in product((False, True), (False, True)):
        stored = [name for name, about in descriptions.items() if constants or not about.constant]
        layout = _layout_of(stored, wide)
        end = offset + count * layout.itemsize
        if more:
            end += 2 + int.from_bytes(data[end : end + 2])
        if end == len(data) and layout.itemsize:
            return layout
    raise _wrong_length(source, count, len(data) - offset)


def _wrong_length(source: Source, count: int, rest: int) -> FormatError:
    return source.error(None, f"the header states {count} points, {rest} bytes follow", _CUT)


def _layout_of(names: list[str], wide: bool) -> np.dtype[np.void]:
    return np.dtype([(name, "u1" if name == "S" and not wide else ">u2") for name in names])


def _points(
    data: bytes,
    descriptions: Mapping[str, Description],
    layout: np.dtype[np.void],
    offset: int,
    count: int,
) -> dict[str, Integers]:
    rows = np.frombuffer(data, layout, count, offset)
    points = {}
    for name in descriptions:
        if name in (layout.names or ()):
            points[name] = rows[name].astype(np.int64) - (BIAS if name in SIGNED else 0)
        else:
            points[name] = np.broadcast_to(np.int64(1), count)
    return points

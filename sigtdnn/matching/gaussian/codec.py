"""The 80 bytes of a template: their layout, and nothing of what they mean.

byte    what
0       version of the format, 1
1       count: signatures behind the template, 2 to 255; 255 stands for more, too
2-5     the first four bytes of the model's fingerprint
6-9     pooled variance: IEEE 754 single precision, little-endian, positive
10-76   76 levels of 7 bits, the first one first, each with its highest bit first; a card
        of fewer components leaves the last levels 0; the 4 bits after them are 0
77-79   0

Level 0 is the low end of a component's range, level 127 the high end. The paper has 38
components, a mean and a mean square of each in one byte. Instead of the squares, of which
rounding leaves a consistent signer no variance, these bytes hold the variance itself, and
twice the components, which is all that network 5 puts out (paper_repro measures both).
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import ModelError

SIZE = 80
VERSION = 1
FINGERPRINT = 4  # bytes of it
MIN_COUNT, MAX_COUNT = 2, 255  # signatures
BITS = 7
MAX_LEVEL = 2**BITS - 1
HEAD = struct.Struct(f"<BB{FINGERPRINT}sf")
# Of the bits of a level.
WORTH = (1 << np.arange(BITS - 1, -1, -1)).astype(np.uint8)

Levels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Content:
    """What the bytes hold."""

    count: int
    fingerprint: bytes  # (4)
    variance: float
    levels: Levels  # (components,)


def pack(content: Content) -> bytes:
    """The 80 bytes of a content that fits them."""
    head = HEAD.pack(VERSION, content.count, content.fingerprint, content.variance)
    bits = (content.levels[:, None] & WORTH) != 0
    return (head + np.packbits(bits).tobytes()).ljust(SIZE, b"\0")


def unpack(data: bytes, components: int) -> Content:
    """The content of 80 bytes that hold so many components; `pack` gives the same bytes back.

    Raises ModelError when they are not 80, or their version, count, variance or padding is
    not what `pack` writes.
    """
    if len(data) != SIZE:
        raise ModelError(f"a template has {SIZE} bytes, not {len(data)}; enrol or import it again")
    version, count, fingerprint, variance = HEAD.unpack_from(data)
    if version != VERSION:
        raise ModelError(
            f"template of format version {version}, this sigtdnn reads {VERSION}; enrol again"
        )
    if count < MIN_COUNT:
        raise ModelError(
            f"template of {count} signature(s), at least {MIN_COUNT} make one; enrol again"
        )
    if not 0 < variance < float("inf"):
        raise ModelError(f"template of variance {variance}, it must be positive; enrol again")
    bits = np.unpackbits(np.frombuffer(data, np.uint8, offset=HEAD.size))
    used = components * BITS
    if np.count_nonzero(bits[used:]):
        raise ModelError(
            f"template with more than {components} components, or damaged; enrol again"
        )
    levels = bits[:used].reshape(components, BITS) @ WORTH
    return Content(count, fingerprint, variance, levels)

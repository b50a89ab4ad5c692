"""The 80 bytes of a template: their layout, and nothing of what they mean.

byte    what
0-5     the head of every template (`packing`): format 1, count, fingerprint
6-9     pooled variance: IEEE 754 single precision, little-endian, positive
10-76   76 levels of 7 bits, the first one first, each with its highest bit first; a template
        of fewer components leaves the last levels 0; the 4 bits after them are 0
77-79   0

Level 0 is the low end of a component's range, level 127 the high end. The paper has 38
components, a mean and a mean square of each in one byte. The squares, once rounded, leave a
consistent signer no variance; these bytes hold the variance itself instead, and twice the
components, which is the whole output of network 5 (paper_repro/RESULTS.md, "In 80 bytes",
measures both).
"""

import struct

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import TemplateError

SIZE = 74  # bytes behind the head
MAX_COMPONENTS = 76
BITS = 7
MAX_LEVEL = 2**BITS - 1
VARIANCE = struct.Struct("<f")
# Of the bits of a level, the highest first.
WORTH = (1 << np.arange(BITS - 1, -1, -1)).astype(np.uint8)

Levels = NDArray[np.uint8]


def pack(variance: float, levels: Levels) -> bytes:
    """The bytes behind the head; `levels` has shape (k,), k <= 76."""
    bits = (levels[:, None] & WORTH) != 0
    return (VARIANCE.pack(variance) + np.packbits(bits).tobytes()).ljust(SIZE, b"\0")


def unpack(data: bytes, components: int) -> tuple[float, Levels]:
    """Variance and levels (components,); `pack` gives the same bytes back.

    Raises TemplateError when there are not 74 bytes, or variance or padding are not what `pack`
    writes.
    """
    if len(data) != SIZE:
        raise TemplateError(
            f"a template has {SIZE} bytes behind its head, not {len(data)}",
            "enrol or import it again",
        )
    (variance,) = VARIANCE.unpack_from(data)
    if not 0 < variance < float("inf"):
        raise TemplateError(f"template of variance {variance}, it must be positive", "enrol again")
    bits = np.unpackbits(np.frombuffer(data, np.uint8, offset=VARIANCE.size))
    used = components * BITS
    if np.count_nonzero(bits[used:]):
        raise TemplateError(
            f"template with more than {components} components, or damaged", "enrol again"
        )
    return variance, bits[:used].reshape(components, BITS) @ WORTH

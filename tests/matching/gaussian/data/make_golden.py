"""Writes template.bin: what the 80 bytes of format version 1 look like.

Run it only for a new version of the format: bytes that were once written must stay readable.
"""

from pathlib import Path

import numpy as np

from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.codec import pack
from sigtdnn.matching.packing import HEAD

HERE = Path(__file__).parent


def golden_template() -> bytes:
    """Every number its own, ends of the range included."""
    levels = (np.arange(76) * 43 + 1) % 2**7
    levels[[0, 75]] = 0, 2**7 - 1
    head = HEAD.pack(Gaussian.code, 6, b"\x01\x23\xab\xff")
    return head + pack(0.0078125 + 2**-20, levels.astype(np.uint8))


if __name__ == "__main__":
    (HERE / "template.bin").write_bytes(golden_template())

"""Writes template.bin and profile.bin: what bytes of format version 1 look like.

Run it only for a new version of a format: bytes that were once written must stay readable.
"""

from pathlib import Path

import numpy as np

from sigtdnn.matching.gaussian.codec import Content, pack
from sigtdnn.verification.habits import Profile
from sigtdnn.verification.traits import STATISTICS

HERE = Path(__file__).parent


def golden_content() -> Content:
    """Every number its own, ends of the range included."""
    levels = (np.arange(76) * 43 + 1) % 2**7
    levels[[0, 75]] = 0, 2**7 - 1
    return Content(6, b"\x01\x23\xab\xff", 0.0078125 + 2**-20, levels.astype(np.uint8))


def golden_profile() -> Profile:
    """Numbers that single precision holds exactly."""
    numbers = np.arange(len(STATISTICS)) / 8
    return Profile(7, numbers - 1, numbers / 16)


if __name__ == "__main__":
    (HERE / "template.bin").write_bytes(pack(golden_content()))
    (HERE / "profile.bin").write_bytes(golden_profile().to_bytes())

"""Writes profile.bin: what habits of format version 1 look like.

Run it only for a new version of the format: bytes that were once written must stay readable.
"""

from pathlib import Path

import numpy as np

from sigtdnn.verification.habits import Habits
from sigtdnn.verification.traits import TRAITS

HERE = Path(__file__).parent


def golden_habits() -> Habits:
    """Numbers that single precision holds exactly."""
    numbers = np.arange(len(TRAITS)) / 8
    return Habits(7, numbers - 1, numbers / 16)


if __name__ == "__main__":
    (HERE / "profile.bin").write_bytes(golden_habits().to_bytes())

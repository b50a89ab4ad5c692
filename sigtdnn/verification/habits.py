"""Profile: what a signer's references are like, in the field's words, for a rejection's reason.

Bytes, 130 of them: version 1; count of signatures, 1 to 255; then for each statistic of
`STATISTICS` its mean, then for each its deviation, little-endian single precision. It holds
nothing of the path of the pen.

A signer of six references knows his own deviations poorly. They are weighed against those
of other signers, which the model holds (`Population.habits`).
"""

import math
import struct
from dataclasses import dataclass
from typing import Self

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import ModelError
from sigtdnn.verification.traits import GROUPS, STATISTICS

VERSION = 1
MAX_COUNT = 255
LAYOUT = struct.Struct(f"<BB{2 * len(STATISTICS)}f")
# The habits of other signers count as much as this many signatures of his own.
HABIT_WEIGHT = 6


@dataclass(frozen=True, eq=False)
class Profile:
    """Mean and deviation of each statistic, as single precision holds them."""

    count: int  # of signatures behind it
    mean: Float64  # (statistics,)
    deviation: Float64  # (statistics,), unbiased; 0 of one signature

    @classmethod
    def of(cls, statistics: Float64) -> Self:
        """The profile of signatures whose statistics (n, 16) are given.

        Raises ModelError when there are none.
        """
        count = len(statistics)
        if not count:
            raise ModelError("no signatures; a profile needs at least one")
        deviation = statistics.std(axis=0, ddof=1) if count > 1 else np.zeros(len(STATISTICS))
        mean, deviation = (
            values.astype(np.float32).astype(np.float64)
            for values in (statistics.mean(axis=0), deviation)
        )
        return cls(min(count, MAX_COUNT), mean, deviation)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The profile that `to_bytes` wrote.

        Raises ModelError when the length, version, count or a number is not what it writes.
        """
        if len(data) != LAYOUT.size:
            raise ModelError(f"a profile has {LAYOUT.size} bytes, not {len(data)}; enrol again")
        version, count, *numbers = LAYOUT.unpack(data)
        if version != VERSION:
            raise ModelError(
                f"profile of format version {version}, this sigtdnn reads {VERSION}; enrol again"
            )
        mean, deviation = np.array(numbers).reshape(2, len(STATISTICS))
        if not count or not np.isfinite(numbers).all() or (deviation < 0).any():
            raise ModelError("a profile with impossible numbers, damaged; enrol again")
        return cls(count, mean, deviation)

    def to_bytes(self) -> bytes:
        """The bytes, at most 256."""
        return LAYOUT.pack(VERSION, self.count, *self.mean, *self.deviation)


def distances(profile: Profile, statistics: Float64, habits: Float64) -> dict[str, float]:
    """How far the statistics (16,) of one signature lie from a profile, by group.

    In deviations, the root of the mean square over the statistics of the group; 1 is usual.
    """
    own = profile.count - 1
    variance = (own * profile.deviation**2 + HABIT_WEIGHT * habits**2) / (own + HABIT_WEIGHT)
    squares = (statistics - profile.mean) ** 2 / (variance * (1 + 1 / profile.count))
    member = np.array(list(STATISTICS.values()))
    return {group: math.sqrt(squares[member == group].mean()) for group in GROUPS}


def reason(profile: Profile, statistics: Float64, habits: Float64) -> str:
    """The group in which the statistics (16,) of a signature are furthest from a profile."""
    found = distances(profile, statistics, habits)
    return max(found, key=found.__getitem__)

"""Habits: what a signer's references are like, to give a reason for a rejection.

They take 130 bytes: version 1; count of signatures, 1 to 255; then the mean of each of `TRAITS`,
then the deviation of each, little-endian single precision. They hold nothing of the path of the
pen.

Six references are too few to show a signer's own deviations. These are weighed against those of
other signers, which the model holds (`Norms.habits`).
"""

import math
import struct
from dataclasses import dataclass
from typing import Self

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import TemplateError, TooFewReferencesError
from sigtdnn.matching.matcher import MAX_COUNT
from sigtdnn.verification.traits import GROUPS, TRAITS

VERSION = 1
LAYOUT = struct.Struct(f"<BB{2 * len(TRAITS)}f")
# The habits of other signers count as much as this many signatures of the signer's own.
HABIT_WEIGHT = 6


@dataclass(frozen=True, eq=False)
class Habits:
    """Mean and deviation of each trait, as single precision holds them."""

    count: int  # of signatures behind it
    mean: Float64  # (traits,)
    deviation: Float64  # (traits,), unbiased; 0 of one signature

    @classmethod
    def of(cls, traits: Float64) -> Self:
        """The habits of signatures whose traits (n, 16) are given.

        Raises TooFewReferencesError when there are none.
        """
        count = len(traits)
        if not count:
            raise TooFewReferencesError("no signatures", "give one or more")
        deviation = traits.std(axis=0, ddof=1) if count > 1 else np.zeros(len(TRAITS))
        mean, deviation = (
            values.astype(np.float32).astype(np.float64)
            for values in (traits.mean(axis=0), deviation)
        )
        return cls(min(count, MAX_COUNT), mean, deviation)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The habits that `to_bytes` wrote.

        Raises TemplateError when the length, version, count or a number is not what it writes.
        """
        if len(data) != LAYOUT.size:
            raise TemplateError(f"habits have {LAYOUT.size} bytes, not {len(data)}", "enrol again")
        version, count, *numbers = LAYOUT.unpack(data)
        if version != VERSION:
            raise TemplateError(
                f"habits of format version {version}, this sigtdnn reads {VERSION}", "enrol again"
            )
        mean, deviation = np.array(numbers).reshape(2, len(TRAITS))
        if not count or not np.isfinite(numbers).all() or (deviation < 0).any():
            raise TemplateError("habits with impossible numbers, damaged", "enrol again")
        return cls(count, mean, deviation)

    def to_bytes(self) -> bytes:
        """The bytes that `from_bytes` reads."""
        return LAYOUT.pack(VERSION, self.count, *self.mean, *self.deviation)

    def distances(self, traits: Float64, usual: Float64) -> dict[str, float]:
        """How far the traits (16,) of one signature lie from the habits, by group.

        `usual` (16,) are the deviations of other signers. In deviations, the root of the mean
        square over the traits of the group; 1 is usual.
        """
        own = self.count - 1
        variance = (own * self.deviation**2 + HABIT_WEIGHT * usual**2) / (own + HABIT_WEIGHT)
        squares = (traits - self.mean) ** 2 / (variance * (1 + 1 / self.count))
        member = np.array(list(TRAITS.values()))
        return {group: math.sqrt(squares[member == group].mean()) for group in GROUPS}

    def furthest(self, traits: Float64, usual: Float64) -> str:
        """The group in which the traits (16,) of a signature are furthest from the habits."""
        found = self.distances(traits, usual)
        return max(found, key=found.__getitem__)

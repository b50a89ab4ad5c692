"""Template: a signer's density as 80 bytes hold it (PAPER section 6).

A template is rounded when it is made, so that it scores the same before it is stored, after
it is read back, and on another machine. `codec` has the bytes.
"""

import struct
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import EnrolmentError
from sigtdnn.matching.gaussian.codec import MAX_LEVEL, Levels
from sigtdnn.matching.gaussian.density import Density
from sigtdnn.matching.matcher import MAX_COUNT


@dataclass(frozen=True, eq=False)
class Template(Density):
    """An enrolled signer: a density, rounded; its mean is decoded from `levels`."""

    levels: Levels  # (d,)


@dataclass(frozen=True, eq=False)
class Grid:
    """The values that a mean can be stored as: 128 levels from `low` to `high`, each (d,)."""

    low: Float64
    high: Float64

    def rounded(self, density: Density, up: float | Float64 = 0.5) -> Template:
        """The template of a density (d,).

        A mean between two levels goes to the upper one from the share 1 - `up` of the way on:
        to the nearer with 0.5; `up` is one number or (d,). Components beyond their range take
        its end; a count above 255 becomes 255.

        Raises EnrolmentError when the variance is too large or small for single precision.
        """
        share = np.clip((density.mean - self.low) / (self.high - self.low), 0.0, 1.0)
        try:
            (variance,) = struct.unpack("<f", struct.pack("<f", density.variance))
        except OverflowError:
            variance = 0.0
        if not variance > 0:
            raise EnrolmentError(
                f"a variance of {density.variance:g} does not fit a template", "sign again"
            )
        levels = np.floor(share * MAX_LEVEL + up).astype(np.uint8)
        return self.template(variance, min(density.count, MAX_COUNT), levels)

    def template(self, variance: float, count: int, levels: Levels) -> Template:
        """The template of levels (d,)."""
        mean = self.low + levels * ((self.high - self.low) / MAX_LEVEL)
        return Template(mean, variance, count, levels)

"""Template: a signer's density as 80 bytes hold it (PAPER section 6).

A template is rounded when it is made, so that it scores the same before it is stored, after
it is read back, and on another machine. `codec` has the bytes.
"""

import struct
from dataclasses import dataclass
from typing import Self

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.codec import (
    FINGERPRINT,
    MAX_COUNT,
    MAX_LEVEL,
    Content,
    Levels,
    pack,
    unpack,
)
from sigtdnn.matching.gaussian.density import Density
from sigtdnn.models.file import Model


@dataclass(frozen=True, eq=False)
class Template(Density):
    """An enrolled signer: a density over the components of the model's card, rounded.

    Build it with `Template.rounded` or `Template.from_bytes`.
    """

    fingerprint: bytes  # the first four bytes of the model's
    levels: Levels  # (k,), which `mean` is decoded from

    @classmethod
    def rounded(cls, density: Density, model: Model, up: float | Float64 = 0.5) -> Self:
        """The template of a density (k,) over the card's components.

        A mean between two levels goes to the upper one from the share 1 - `up` of the way on:
        to the nearer with 0.5; `up` is one number or (k,). Components beyond their range take
        its end; a count above 255 is stored as 255.

        Raises ModelError when the variance is too large or small for single precision.
        """
        low, high = model.card.ranges
        share = np.clip((density.mean - low) / (high - low), 0.0, 1.0)
        try:
            (variance,) = struct.unpack("<f", struct.pack("<f", density.variance))
        except OverflowError:
            variance = 0.0
        if not variance > 0:
            raise ModelError(
                f"a variance of {density.variance:g} does not fit a template; sign again"
            )
        levels = np.floor(share * MAX_LEVEL + up).astype(np.uint8)
        count = min(density.count, MAX_COUNT)
        return cls._of(Content(count, model.fingerprint[:FINGERPRINT], variance, levels), model)

    @classmethod
    def from_bytes(cls, data: bytes, model: Model) -> Self:
        """The template that `to_bytes` wrote.

        Raises ModelError when the bytes are no template (see `codec.unpack`) or another
        model made them.
        """
        content = unpack(data, len(model.card.components))
        own = model.fingerprint[:FINGERPRINT]
        if content.fingerprint != own:
            raise ModelError(
                f"template of another model, {content.fingerprint.hex()}, this one is "
                f"{own.hex()}; name the model it was enrolled with, or enrol again"
            )
        return cls._of(content, model)

    def to_bytes(self) -> bytes:
        """The 80 bytes."""
        return pack(Content(self.count, self.fingerprint, self.variance, self.levels))

    @classmethod
    def _of(cls, content: Content, model: Model) -> Self:
        low, high = model.card.ranges
        mean = low + content.levels * ((high - low) / MAX_LEVEL)
        return cls(mean, content.variance, content.count, content.fingerprint, content.levels)

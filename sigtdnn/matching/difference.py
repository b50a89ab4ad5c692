"""In what a questioned signature differs most from a signer's, and where."""

from typing import NamedTuple

SHAPE, RHYTHM, AIR, DIRECTION = "shape", "rhythm", "pen-up movement", "direction"
PRESSURE = "pressure"


class Difference(NamedTuple):
    """What differs most."""

    group: str  # one of the words above
    # Where it does, in seconds from the first sample, from and to; None where that is not known.
    where: tuple[float, float] | None = None

"""Score and verdict on one questioned signature."""

from dataclasses import asdict, dataclass
from typing import Any

REPLAY = "replay"


@dataclass(frozen=True)
class Score:
    """One comparison as three numbers in one order; higher is more genuine."""

    raw: float  # the matcher's
    log_odds: float  # calibrated, at prior 1/2
    score: float  # probability of genuineness at prior 1/2


@dataclass(frozen=True)
class Verdict(Score):
    """A score held against a threshold. Accepted when score >= threshold."""

    threshold: float  # on the score
    accepted: bool
    # "replay" for the recording of a reference; else which of shape, rhythm, pen-up movement and
    # direction is furthest from the signer's habits. None when accepted, and where the habits are
    # not known.
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """The same for scripts; the keys are a promise."""
        return asdict(self)

"""Verdict: a score held against a threshold, with the reason when it is rejected."""

from dataclasses import asdict, dataclass
from typing import Any

from sigtdnn.matching.gaussian.template import Template
from sigtdnn.signature import Signature
from sigtdnn.verification.habits import Profile
from sigtdnn.verification.verifier import Verifier


@dataclass(frozen=True)
class Verdict:
    """The decision on one questioned signature. Accepted when score >= threshold."""

    log_odds: float
    score: float  # calibrated probability of genuineness
    threshold: float  # on the score
    accepted: bool
    # Of shape, rhythm, pen-up movement and direction the one furthest from the profile; None
    # when accepted, and where there is no profile.
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """The same for scripts; the keys are a promise."""
        return asdict(self)


def judge(
    verifier: Verifier,
    template: Template,
    profile: Profile | None,
    signature: Signature,
    threshold: float,
) -> Verdict:
    """The verdict on a questioned signature; raises PreprocessingError for one without size."""
    score = verifier.score(template, signature)
    accepted = score.score >= threshold
    told = None if accepted or profile is None else verifier.reason(profile, signature)
    return Verdict(score.log_odds, score.score, threshold, accepted, told)

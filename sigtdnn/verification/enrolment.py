"""The state of an enrolment: enough signatures? do they agree? what will they protect?

Each signature is compared with the others: its squared distance from their mean, over their
spread and what is expected of one more of them. What counts as odd or wide, and how far
forgeries lie, was measured on other signers and is in the model (`Population`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.density import fit_density, reach
from sigtdnn.models.card import Card

WANTED = 6  # the paper's
MIN_WANTED = 3


@dataclass(frozen=True)
class Enrolment:
    """How far an enrolment is, and how good."""

    given: int  # signatures
    wanted: int
    consistent: bool | None  # whether they agree with one another; None below 3
    odd: int | None  # the one that differs most from the others and should be signed again, from 0
    # Share of forgeries like those of the validation signers that would be rejected at the
    # paper's operating point, if they lay as far from this signer; None below 3 signatures,
    # and where these differ so much that most of the signer's own would be rejected, too.
    protection: float | None

    @property
    def complete(self) -> bool:
        """Whether there are as many signatures as wanted, none of them odd."""
        return self.given >= self.wanted and self.odd is None

    @property
    def words(self) -> str:
        """The state in English sentences."""
        missing = self.wanted - self.given
        if self.complete:
            sentences = [f"{self.given} signatures, {self.wanted} were wanted: complete."]
        elif missing > 0:
            sentences = [f"{self.given} of {self.wanted} signatures, {missing} more wanted."]
        else:
            sentences = [f"{self.given} signatures, {self.wanted} were wanted, one is odd."]
        if self.odd is not None:
            sentences.append(f"Number {self.odd + 1} differs from the others: sign it again.")
        elif self.consistent is not None:
            sentences.append(
                "They agree with one another."
                if self.consistent
                else "They differ more than most people's signatures do: sign more alike."
            )
        if self.protection is not None:
            sentences.append(
                f"Of forgeries like those known, about {self.protection:.0%} would be rejected."
            )
        return " ".join(sentences)

    def as_dict(self) -> dict[str, Any]:
        """The same for scripts; the keys are a promise."""
        return {
            "given": self.given,
            "wanted": self.wanted,
            "complete": self.complete,
            "consistent": self.consistent,
            "odd": self.odd,
            "protection": self.protection,
        }


def assess(vectors: Float32, card: Card, wanted: int = WANTED) -> Enrolment:
    """The state of the enrolment with these card vectors (n, k), in the order given.

    Raises ModelError when fewer than 3 signatures are wanted.
    """
    if wanted < MIN_WANTED:
        raise ModelError(f"{wanted} signatures wanted, enrolment needs at least {MIN_WANTED}")
    given = len(vectors)
    if given < MIN_WANTED:
        return Enrolment(given, wanted, None, None, None)
    distances = left_out_distances(vectors, card.decision.variance_floor)
    furthest = int(np.argmax(distances))
    odd = furthest if distances[furthest] > card.population.odd else None
    spread = fit_density(vectors, card.decision.variance_floor).variance
    consistent = odd is None and spread <= card.population.widest
    return Enrolment(given, wanted, consistent, odd, protection(spread, card))


def left_out_distances(vectors: Float32, floor: float) -> Float64:
    """Squared distance (n,) of each of n vectors, 3 or more, from the others; 1 is expected.

    Taken from the mean of the others, over their spread, which is at least `floor`, and over
    1 + 1 / (n - 1), since the mean is uncertain, too.
    """
    found = np.empty(len(vectors))
    for i, vector in enumerate(vectors):
        others = fit_density(np.delete(vectors, i, axis=0), floor)
        expected = others.variance * (1 + 1 / others.count)
        found[i] = np.mean((vector - others.mean) ** 2) / expected
    return found


def protection(spread: float, card: Card) -> float | None:
    """Share of the known forgeries that lie beyond the reach of a template of such a spread.

    None when the reach is less than the spread: the usual genuine lies beyond it, too.
    """
    decision = card.decision
    limit = reach(spread, len(card.components), decision.threshold_fr80 + decision.log_p_no)
    if limit < spread:
        return None
    distances = card.population.forged
    return 1.0 - float(np.interp(limit, distances, np.linspace(0, 1, len(distances))))

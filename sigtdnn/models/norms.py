"""Norms: what enrolments and updates usually look like."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.matching.calibration import least_threshold
from sigtdnn.matching.matcher import (
    REFERENCES,
    Comparisons,
    Examples,
    Matcher,
    Representations,
)

# Share of genuine enrolments that are asked to sign once more, or are called inconsistent; and of
# enrolments by six different people that are not known for it.
DOUBTED = 0.05
# Greatest share of forgeries that pass the threshold of an update. Twice as many let more forgers
# take over a template; none at all keeps out hardly one more.
UPDATED = 0.01


@dataclass(frozen=True)
class Norms:
    """Limits in the numbers of one matcher, measured on training and validation signers."""

    odd: float  # below it a signature is unlike the signer's others (`Matcher.leave_one_out`)
    widest: float  # dispersion that an enrolment should not exceed
    strangers: float  # dispersion from which an enrolment is of several people, not of one
    confident: float  # raw number from which an accepted signature may update a template
    habits: tuple[float, ...]  # deviation of each trait within a signer (`verification.traits`)

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.odd, self.widest, self.strangers, self.confident))):
            raise ValueError("a number is not finite")
        if not all(0 < habit < math.inf for habit in self.habits):
            raise ValueError("a habit is not positive and finite")

    @classmethod
    def fit(
        cls,
        matcher: Matcher[Any],
        found: Comparisons,
        training: Examples,
        validation: Examples,
        habits: Float64,
    ) -> Self:
        """The norms of genuine enrolments; `found` are the comparisons to calibrate with.

        Likeness is comparable among signers, and measured on training and validation signers.
        Training draws a signer's signatures together, so that dispersions are measured on
        validation signers only.
        """
        known = list(_enrolments(validation))
        likeness = [matcher.leave_one_out(six).min() for six in (*_enrolments(training), *known)]
        dispersions = [matcher.dispersion(six) for six in known]
        mixed = [matcher.dispersion(six) for six in _mixtures(validation)]
        return cls(
            odd=float(np.quantile(likeness, DOUBTED)),
            widest=float(np.quantile(dispersions, 1 - DOUBTED)),
            # Where the two cannot be told apart, no signer is turned away.
            strangers=float(max(np.quantile(mixed, DOUBTED), *dispersions)),
            confident=least_threshold(found.genuine, found.skilled, UPDATED),
            habits=tuple(habits.tolist()),
        )

    def odd_one(self, likeness: Float64) -> int | None:
        """The place of the signature that is unlike the others, by its likeness (n,); or None."""
        place = int(np.argmin(likeness))
        return place if likeness[place] < self.odd else None


def _enrolments(examples: Examples) -> Iterator[Representations]:
    """The enrolments that each signer's genuines make; no signature is in two."""
    places: Iterable[Any] = (own for own, _ in examples.by_signer())
    for own in places:
        for start in range(0, len(own) - REFERENCES + 1, REFERENCES):
            yield examples.of(own[start : start + REFERENCES])


def _mixtures(examples: Examples) -> Iterator[Representations]:
    """Enrolments by as many different people as there are signatures, once around."""
    first = np.array([own[0] for own, _ in examples.by_signer() if len(own)], np.intp)
    for start in range(len(first)):
        yield examples.of(np.roll(first, -start)[:REFERENCES])

"""Norms: what enrolments and updates usually look like."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.matching.calibration import least_threshold
from sigtdnn.matching.grouping import groups, widest_gap
from sigtdnn.matching.matcher import (
    REFERENCES,
    Comparisons,
    Examples,
    Matcher,
    Representations,
)

# Share of genuine enrolments that are asked to sign once more, or are called inconsistent.
DOUBTED = 0.05
# Two people's signatures are compared, three of each. The share of such pairs that pass for one
# person or, where that is more often, of enrolments of one person that seem to be of several.
MIXED, MISTAKEN = 3, 0.01
# People that each is compared with: those who follow by name.
OTHERS = 5
# A recording of a reference is nearer to it than this share of the distance that one pair of a
# signer's signatures in a hundred lies below.
REPLAY, NEAREST = 0.7, 0.01
# Greatest share of forgeries that pass the threshold of an update. Twice as many let more forgers
# take over a template; none at all keeps out hardly one more.
UPDATED = 0.01


@dataclass(frozen=True)
class Norms:
    """Limits in the numbers of one matcher, measured on training and validation signers."""

    odd: float  # below it a signature is unlike the signer's others (`Matcher.leave_one_out`)
    widest: float  # dispersion that an enrolment should not exceed
    # In distances of the matcher: above it, groups of signatures are of different people; below
    # it, two recordings are of one writing.
    strangers: float
    replay: float
    confident: float  # raw number from which an accepted signature may update a template
    habits: tuple[float, ...]  # deviation of each trait within a signer (`verification.traits`)

    def __post_init__(self) -> None:
        limits = (self.odd, self.widest, self.strangers, self.replay, self.confident)
        if not all(map(math.isfinite, limits)):
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
        among = [matcher.distances(six, six) for six in known]
        apart = [matcher.distances(*pair).min() for pair in _strangers(validation)]
        gaps = [widest_gap(own) for own in among]
        pairs = np.concatenate([own[np.triu_indices(len(own), 1)] for own in among])
        strangers = max(np.quantile(apart, MISTAKEN), np.quantile(gaps, 1 - MISTAKEN))
        return cls(
            odd=float(np.quantile(likeness, DOUBTED)),
            widest=float(np.quantile(dispersions, 1 - DOUBTED)),
            strangers=float(strangers),
            replay=REPLAY * float(np.quantile(pairs, NEAREST)),
            confident=least_threshold(found.genuine, found.skilled, UPDATED),
            habits=tuple(habits.tolist()),
        )

    def odd_one(self, likeness: Float64) -> int | None:
        """The place of the signature that is unlike the others, by its likeness (n,); or None."""
        place = int(np.argmin(likeness))
        return place if likeness[place] < self.odd else None

    def groups(self, distances: Float64) -> list[Rows]:
        """The places of signatures with distances (n, n), by who may have written them."""
        of = groups(distances, self.strangers)
        return [np.flatnonzero(of == one) for one in np.unique(of)]


def _enrolments(examples: Examples) -> Iterator[Representations]:
    """The enrolments that each signer's genuines make; no signature is in two."""
    places: Iterable[Any] = (own for own, _ in examples.by_signer())
    for own in places:
        for start in range(0, len(own) - REFERENCES + 1, REFERENCES):
            yield examples.of(own[start : start + REFERENCES])


def _strangers(examples: Examples) -> Iterator[tuple[Representations, Representations]]:
    """The first genuines of two signers of one collection."""
    first: dict[str, list[Rows]] = {}
    for own, _ in examples.by_signer():
        if len(own):
            first.setdefault(str(examples.collection[own[0]]), []).append(own[:MIXED])
    for signers in first.values():
        for number, own in enumerate(signers):
            for other in signers[number + 1 : number + 1 + OTHERS]:
                yield examples.of(own), examples.of(other)

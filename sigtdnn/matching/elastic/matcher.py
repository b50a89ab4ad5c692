"""Elastic: distances by dynamic time warping, normalised by those among the references.

A representation is the functions of time (n, k) of one signature, float32, in the precision of a
stored template. What is aligned are frames (n, k + d): these functions, and d that are learnt from
them. Without learnt ones this is untrained.
"""

import os
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

import numpy as np

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.errors import (
    ConfigurationError,
    EnrolmentError,
    TemplateError,
    TooFewReferencesError,
)
from sigtdnn.matching.elastic.dtw import Bundle, Cost, distances, pair_distances
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.learnt import with_learnt
from sigtdnn.matching.elastic.normalisation import Spread, longer, normalised
from sigtdnn.matching.elastic.reference import MAX_FRAMES, Reference, rounded
from sigtdnn.matching.elastic.textbook import textbook_functions
from sigtdnn.matching.matcher import MAX_COUNT, Comparator, Examples, Matcher, Representations
from sigtdnn.parallel import Progress
from sigtdnn.signature import Signature
from sigtdnn.tables import tensor

SPREAD = struct.Struct("<ff")
Distances = Callable[[Representations, Representations], Float64]
FUNCTIONS_OF_TIME: Mapping[str, Callable[[Signature], Float64]] = {
    "fourteen": functions_of_time,
    "textbook": textbook_functions,
}


@dataclass(frozen=True, eq=False)
class Template:
    """A signer's references, n of them."""

    references: tuple[Reference, ...]
    spread: Spread
    matcher: "Elastic" = field(repr=False)

    @cached_property
    def bundle(self) -> Bundle:
        """The frames of the references, as they are compared."""
        return Bundle([self.matcher.frames(reference.functions) for reference in self.references])

    @cached_property
    def lengths(self) -> Float64:
        """Frames of each reference (n,)."""
        return np.array([reference.count for reference in self.references], np.float64)


@dataclass(frozen=True, eq=False)
class Elastic(Matcher[Template]):
    """Dynamic time warping, with its settings and what it has learnt."""

    kind: ClassVar[str] = "elastic"
    code: ClassVar[int] = 18

    # "textbook" has the six of the literature (`textbook`), for the baseline.
    functions: Literal["fourteen", "textbook"] = "fourteen"
    cost: Cost = "saturating"
    # Weight of the logarithm of the ratio of durations.
    duration: float = 0.25
    projection: Float32 | None = tensor()  # (5 k, d), see `learnt`

    def __post_init__(self) -> None:
        if not 0 <= self.duration <= 10:
            raise ValueError("the weight of the duration lies in 0..10")
        projection = self.projection
        if projection is not None and not (
            projection.dtype == np.float32
            and projection.ndim == 2
            and projection.shape[1] > 0
            and np.isfinite(projection).all()
        ):
            raise ValueError("the projection must be a finite float32 matrix")

    @classmethod
    def fit(cls, settings: Self, training: Examples, validation: Examples) -> Self:
        """The matcher, whatever the examples; raises ConfigurationError when they are vectors."""
        if np.ndim(training.representations[0]) != 2:
            raise ConfigurationError(
                "the matcher 'elastic' takes frames, not vectors", "leave the network out"
            )
        return settings

    def represent(self, signatures: Sequence[Signature]) -> list[Float32]:
        """The functions of time (n, k) of each signature, in the precision of a stored template."""
        functions = FUNCTIONS_OF_TIME[self.functions]
        return [rounded(functions(signature)[:MAX_FRAMES]) for signature in signatures]

    def frames(self, functions: Float32) -> Float32:
        """The frames (n, k + d) that are aligned, of functions of time (n, k)."""
        return with_learnt(functions, self.projection)

    def enroll(self, representations: Representations) -> Template:
        """The references and their spread.

        Raises TooFewReferencesError for none, EnrolmentError for more than the bytes can count.
        """
        return self.enrolled(representations, self.distances)

    def enrolled(self, representations: Representations, between: Distances) -> Template:
        """As `enroll`, with distances (n, n) of functions of time that `between` gives."""
        if not len(representations):
            raise TooFewReferencesError("no reference signature", "give one or more")
        if len(representations) > MAX_COUNT:
            raise EnrolmentError(
                f"{len(representations)} reference signatures", f"give {MAX_COUNT} or fewer"
            )
        references = tuple(Reference.of(functions) for functions in representations)
        stored = [reference.functions for reference in references]
        return Template(references, Spread.of(between(stored, stored)), self)

    def distances(self, one: Representations, other: Representations) -> Float64:
        """Distances (n, m) of functions of time of n signatures to those of m others."""
        ours, theirs = ([self.frames(functions) for functions in some] for some in (one, other))
        return distances(ours, theirs, self.cost)

    def compare(self, template: Template, representations: Representations) -> Float64:
        """Minus the normalised distance; raises TemplateError for a template of other functions."""
        found = [
            template.bundle.distances(self.frames(functions), self.cost)
            for functions in representations
        ]
        return self.raw(template, representations, np.array(found))

    def raw(
        self, template: Template, representations: Representations, distances: Float64
    ) -> Float64:
        """The raw numbers (q,) of signatures with distances (q, n) to the references."""
        frames = np.array([len(functions) for functions in representations], np.float64)
        more = self.duration * longer(frames, template.lengths)
        return -(normalised(distances, template.spread) + more)

    def leave_one_out(self, representations: Representations) -> Float64:
        """The raw number (n,) of each of n references, with the others as references, n >= 2."""
        among = self.distances(representations, representations)
        frames = np.array([len(functions) for functions in representations], np.float64)
        found = []
        for place in range(len(among)):
            others = np.arange(len(among)) != place
            apart = normalised(
                among[place : place + 1, others], Spread.of(among[np.ix_(others, others)])
            )
            more = self.duration * longer(frames[place : place + 1], frames[others])
            found.append(-(apart + more)[0])
        return np.array(found)

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> "DistanceTable":
        """A comparator that has computed every distance once."""
        return DistanceTable(self).prepared(representations, pairs, progress)

    def pack(self, template: Template) -> bytes:
        """The spread, then each reference."""
        references = b"".join(reference.to_bytes() for reference in template.references)
        return SPREAD.pack(*template.spread) + references

    def unpack(self, data: bytes, count: int) -> Template:
        """The template of these bytes; raises TemplateError for one of other functions."""
        spread, references = _read(data, count)
        wanted = len(functions_named(self.functions))
        if references[0].rows.shape[1] != wanted:
            raise TemplateError("template with impossible numbers, damaged", "enrol again")
        return Template(references, spread, self)

    @classmethod
    def require_packed(cls, data: bytes, count: int) -> None:
        """Raises TemplateError for bytes that are not those of references."""
        _read(data, count)

    def count(self, template: Template) -> int:
        """The number of references."""
        return len(template.references)

    def require_size(self, size: int | None) -> None:
        """Raises ValueError for any size: functions of time are not vectors."""
        if size is not None:
            raise ValueError("the elastic matcher takes functions of time, not vectors")


# Plain dynamic time warping of the six functions, which learns nothing.
TEXTBOOK = Elastic(functions="textbook", cost="absolute", duration=0.0)

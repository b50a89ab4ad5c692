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
from itertools import product
from typing import Any, ClassVar, Literal, Self

import numpy as np

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.errors import (
    ConfigurationError,
    EnrolmentError,
    TemplateError,
    TooFewReferencesError,
)
from sigtdnn.extras import needs
from sigtdnn.matching.difference import Difference
from sigtdnn.matching.elastic.costs import GROUPS, USUAL, by_frame, dearest_stretch, group_costs
from sigtdnn.matching.elastic.dtw import Bundle, Cost, distances, pair_distances, warping_path
from sigtdnn.matching.elastic.functions import FRAME, functions_of_time
from sigtdnn.matching.elastic.grid import STEP, shortened
from sigtdnn.matching.elastic.learnt import SIZE, TAPS, with_learnt
from sigtdnn.matching.elastic.linear import fit_projection
from sigtdnn.matching.elastic.normalisation import Spread, longer, normalised
from sigtdnn.matching.elastic.reference import Reference, rounded
from sigtdnn.matching.elastic.shortlist import CANDIDATES, mean_shrunk, nearest, shrunk
from sigtdnn.matching.elastic.textbook import textbook_functions
from sigtdnn.matching.matcher import (
    MAX_COUNT,
    REFERENCES,
    Comparator,
    Comparison,
    Examples,
    Matcher,
    Representations,
)
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature
from sigtdnn.tables import tensor

SPREAD = struct.Struct("<ff")
# Share of the references that updates may replace.
LEARNT = 0.5
# Distances may be 5 % longer than the first template lets them. On SVC2004 Task 2, SUSIG and NFI
# twice as much accepted at most 0.4 % more of the genuine signatures.
HEADROOM = 0.1
MAX_HIDDEN, MAX_STEPS = 256, 100_000
Distances = Callable[[Representations, Representations], Float64]
# By name: how they are made, and how many there are.
FUNCTIONS_OF_TIME: Mapping[str, tuple[Callable[[Signature], Float64], int]] = {
    "fourteen": (functions_of_time, 14),
    "textbook": (textbook_functions, 6),
}


@dataclass(frozen=True, eq=False)
class Template:
    """A signer's references, n of them; in memory hardly larger than their bytes."""

    references: tuple[Reference, ...]
    spread: Spread
    matcher: "Elastic" = field(repr=False)

    @property
    def bundle(self) -> Bundle:
        """The frames of the references, as they are compared."""
        frames = [self.matcher.frames(reference.functions) for reference in self.references]
        return Bundle(frames, self.matcher.own)

    def usual(self, place: int) -> Float64:
        """The costs (n, groups) that are usual of the frames of one of the references."""
        if place not in self._usual:
            self._usual[place] = self.matcher.costs_among(self.references, place)
        return self._usual[place]

    @cached_property
    def _usual(self) -> dict[int, Float64]:
        return {}

    @cached_property
    def shrunk(self) -> Float32:
        """The mean of the references, shrunk (24, k)."""
        return mean_shrunk([reference.kept for reference in self.references])

    @cached_property
    def lengths(self) -> Float64:
        """Frames of each reference (n,)."""
        return np.array([reference.count for reference in self.references], np.float64)


@dataclass(frozen=True)
class Elastic(Matcher[Template]):
    """Dynamic time warping, with its settings and what it has learnt."""

    kind: ClassVar[str] = "elastic"
    code: ClassVar[int] = 18
    min_references: ClassVar[int] = 1
    headroom: ClassVar[float] = HEADROOM

    # "textbook" has the six of the literature (`textbook`), for the baseline.
    functions: Literal["fourteen", "textbook"] = "fourteen"
    cost: Cost = "saturating"
    # Weight of the logarithm of the ratio of durations.
    duration: float = 0.25
    # Functions that are learnt beside those (`learnt`), and how: linear ones at once, or by a
    # network with so many hidden ones in so many steps of descent.
    learnt: int = 0
    hidden: int = 0
    steps: int = 0
    projection: Float32 | None = tensor()  # (50 or 5 hidden, learnt)
    hidden_weights: Float32 | None = tensor()  # (51, hidden)

    def __post_init__(self) -> None:
        if not 0 <= self.duration <= 10:
            raise ValueError("the weight of the duration lies in 0..10")
        if not 0 <= self.learnt <= SIZE:
            raise ValueError(f"from 0 to {SIZE} functions can be learnt")
        if self.learnt and self.functions != "fourteen":
            raise ValueError("functions are learnt from the fourteen")
        if not 0 <= self.hidden <= MAX_HIDDEN:
            raise ValueError(f"from 0 to {MAX_HIDDEN} hidden functions can be learnt")
        if not 0 <= self.steps <= MAX_STEPS:
            raise ValueError(f"from 0 to {MAX_STEPS} steps can be made")
        network = bool(self.learnt and self.hidden and self.steps)
        if not network and (self.hidden or self.steps):
            raise ValueError("a network needs 'learnt', 'hidden' and 'steps'")
        inputs = TAPS * self.hidden if self.hidden else SIZE
        _require_finite("projection", self.projection, (inputs, self.learnt))
        _require_finite("hidden_weights", self.hidden_weights, (SIZE + 1, self.hidden))
        if (self.hidden_weights is None) != (self.projection is None or not self.hidden):
            raise ValueError("'projection' and 'hidden_weights' belong together")

    @classmethod
    def fit(
        cls,
        settings: Self,
        training: Examples,
        validation: Examples,
        progress: Progress = ignore_progress,
    ) -> Self:
        """The matcher with functions learnt from the training examples.

        Raises ConfigurationError when they are vectors, TooFewExamplesError when too few have
        genuine signatures and a forgery.
        """
        if np.ndim(training.representations[0]) != 2:
            raise ConfigurationError(
                "the matcher 'elastic' takes functions of time, not vectors",
                "leave the network out",
            )
        if not settings.learnt:
            return settings
        if not settings.hidden:
            return replace(settings, projection=fit_projection(training, settings.learnt))
        with needs("train"):
            from sigtdnn.matching.elastic.descent import fit_network
        hidden, projection = fit_network(training, settings, progress)
        return replace(settings, hidden_weights=hidden, projection=projection)

    @classmethod
    def reference_sets(cls, examples: Examples) -> Mapping[int, Sequence[Rows]]:
        """Runs of 1 to 6 references: the fewer there are, the less is known of the signer."""
        return {count: examples.runs(count) for count in range(1, REFERENCES + 1)}

    def untrained(self) -> Self:
        """The same, of which nothing is learnt."""
        return replace(self, learnt=0, hidden=0, steps=0, projection=None, hidden_weights=None)

    @property
    def own(self) -> int:
        """How many functions of time there are, without those that are learnt."""
        _, count = FUNCTIONS_OF_TIME[self.functions]
        return count

    @property
    def frame(self) -> float:
        """Seconds from one frame to the next."""
        return FRAME if self.functions == "fourteen" else STEP

    def with_tensors(self, tensors: Mapping[str, Any]) -> Self:
        """The matcher with arrays of a model file; raises ValueError for impossible ones."""
        if self.learnt and "projection" not in tensors:
            raise ValueError("what the matcher has learnt is missing")
        return replace(self, **tensors)

    def represent(self, signatures: Sequence[Signature]) -> list[Float32]:
        """The functions of time (n, k) of each signature, in the precision of a stored template."""
        functions, _ = FUNCTIONS_OF_TIME[self.functions]
        return [rounded(functions(signature)) for signature in signatures]

    def frames(self, functions: Float32) -> Float32:
        """The frames (n, k + d) that are aligned, of functions of time (n, k)."""
        return with_learnt(functions, self.projection, self.hidden_weights)

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
        return distances(ours, theirs, self.cost, self.own)

    def compare(self, template: Template, representations: Representations) -> Float64:
        """Minus the normalised distance; raises TemplateError for a template of other functions."""
        return self.raw(template, representations, self._to_references(template, representations))

    def measure(self, template: Template, representations: Representations) -> Comparison:
        """The same, and the distance of each to the nearest reference.

        A signature that is too long to be stored as it is counts as it would be stored, too.
        """
        found = self._to_references(template, representations)
        nearest = found.min(axis=1)
        stored = [Reference.of(functions) for functions in representations]
        long = [place for place, reference in enumerate(stored) if reference.coarse]
        if long:
            again = self._to_references(template, [stored[place].functions for place in long])
            nearest[long] = np.minimum(nearest[long], again.min(axis=1))
        return Comparison(self.raw(template, representations, found), nearest)

    def difference(self, template: Template, signature: Signature) -> Difference:
        """The stretch that costs most beyond what is usual there, against the nearest reference.

        What is usual is what the reference costs against the others; beside a single one, what
        most people's do.
        """
        functions = self.represent([signature])[0]
        place = int(self._to_references(template, [functions]).argmin())
        nearest = template.references[place].functions
        i, j = self._path(functions, nearest)
        excess = group_costs(functions, nearest, (i, j))
        excess -= by_frame(template.usual(place)[j], i)
        group = int(excess.sum(axis=0).argmax())
        frames = np.array(dearest_stretch(excess[:, group]))
        start, end = np.interp(frames * self.frame, shortened(signature), signature.t).tolist()
        return Difference(GROUPS[group], (start, end))

    def _path(self, one: Float32, other: Float32) -> tuple[Rows, Rows]:
        return warping_path(self.frames(one), self.frames(other), self.cost)

    def costs_among(self, references: Sequence[Reference], place: int) -> Float64:
        """The mean costs (n, groups) of one of the references against the others, by its frames."""
        own = references[place].functions
        others = [one.functions for k, one in enumerate(references) if k != place]
        found = [group_costs(own, other, self._path(own, other)) for other in others]
        return np.mean(found, axis=0) if found else np.tile(USUAL, (len(own), 1))

    def _to_references(self, template: Template, representations: Representations) -> Float64:
        """Distances (q, n) of q signatures to the n references."""
        bundle = template.bundle
        found = [
            bundle.distances(self.frames(functions), self.cost) for functions in representations
        ]
        return np.array(found, np.float64).reshape(len(found), len(template.references))

    def shortlist(self, templates: Sequence[Template], representation: Any, count: int) -> Rows:
        """The places of the templates most like a signature when shrunk; of few templates all."""
        left = max(count, CANDIDATES)
        if len(templates) <= left:
            return super().shortlist(templates, representation, count)
        signers = [template.shrunk for template in templates]
        return nearest(shrunk(representation), signers, left)

    def raw(
        self, template: Template, representations: Representations, distances: Float64
    ) -> Float64:
        """The raw numbers (q,) of signatures with distances (q, n) to the references."""
        frames = np.array([len(functions) for functions in representations], np.float64)
        more = self.duration * longer(frames, template.lengths)
        return -(normalised(distances, template.spread) + more)

    def update(
        self, template: Template, representation: Any, first: Template, salt: bytes
    ) -> Template | None:
        """The template in which the signature stands for the oldest of the later references.

        The first half of those enrolled with is never replaced. The spread stays that of the
        first enrolment: it would grow with a forger's signatures, and with it the room that all
        are given. None with fewer than two references.
        """
        kept = len(first.references) - int(LEARNT * len(first.references))
        if kept == len(first.references):
            return None
        learnt = Reference.of(representation)
        references = (*first.references[:kept], *template.references[kept + 1 :], learnt)
        return Template(references, first.spread, self)

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
        if any(reference.rows.shape[1] != self.own for reference in references):
            raise TemplateError("template of other functions, damaged", "enrol again")
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


@dataclass(frozen=True, eq=False)
class DistanceTable(Comparator[Template]):
    """The elastic comparison from a table of distances, by the bytes of the functions of time."""

    matcher: Elastic
    table: dict[tuple[bytes, bytes], float] = field(default_factory=dict)

    def enroll(self, representations: Representations) -> Template:
        """The references and their spread."""
        return self.matcher.enrolled(representations, self._between)

    def compare(self, template: Template, representations: Representations) -> Float64:
        """Minus the normalised distance."""
        references = [reference.functions for reference in template.references]
        return self.matcher.raw(
            template, representations, self._between(representations, references)
        )

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> "DistanceTable":
        """The same, with the distances of these pairs, of which those missing are computed.

        Either of a pair may be the reference, and is also compared as it is stored.
        """
        variants = [_variants(functions) for functions in representations]
        functions = [one for of in variants for one in of]
        keys = [_key(one) for one in functions]
        last = np.cumsum([len(of) for of in variants])
        places = [
            range(end - len(of), end) for end, of in zip(last.tolist(), variants, strict=True)
        ]
        wanted = {
            _pair(keys[a], keys[b]): (a, b)
            for one, other in pairs.tolist()
            for a, b in product(places[one], places[other])
        }
        missing = [pair for pair in wanted if pair not in self.table]
        if not missing:
            return self
        found = pair_distances(
            [self.matcher.frames(one) for one in functions],
            np.array([wanted[pair] for pair in missing]),
            self.matcher.cost,
            self.matcher.own,
            progress,
            os.cpu_count() or 1,
        )
        table = self.table | dict(zip(missing, found.tolist(), strict=True))
        return DistanceTable(self.matcher, table)

    def _between(self, one: Representations, other: Representations) -> Float64:
        columns = [_key(functions) for functions in other]
        return np.array(
            [
                [self.table[_pair(row, column)] for column in columns]
                for row in (_key(functions) for functions in one)
            ]
        ).reshape(len(one), len(other))


def _variants(functions: Float32) -> list[Float32]:
    """A representation and, where it is another, what is stored of it as a reference."""
    stored = Reference.of(functions).functions
    same = np.array_equal(stored, functions, equal_nan=True)
    return [functions] if same else [functions, stored]


def _require_finite(name: str, array: Float32 | None, shape: tuple[int, int]) -> None:
    """Raises ValueError for an array that is there, and is not of this shape."""
    if array is not None and not (
        array.dtype == np.float32 and array.shape == shape and np.isfinite(array).all()
    ):
        raise ValueError(f"'{name}' is not of {shape} finite float32")


def _read(data: bytes, count: int) -> tuple[Spread, tuple[Reference, ...]]:
    """The parts of a packed template; raises TemplateError when it does not have them."""
    if len(data) < SPREAD.size:
        raise TemplateError("template that is cut short, or damaged", "enrol again")
    spread = Spread(*SPREAD.unpack_from(data))
    # NaN is not above 0.
    if not all(0 < value < np.inf for value in spread):
        raise TemplateError("template with impossible numbers, damaged", "enrol again")
    data = data[SPREAD.size :]
    references = []
    for _ in range(count):
        reference, data = Reference.read(data)
        references.append(reference)
    if data:
        raise TemplateError(f"template of more than {count} references", "enrol again")
    return spread, tuple(references)


def _key(functions: Any) -> bytes:
    return np.asarray(functions).tobytes()


def _pair(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """The distance is symmetric."""
    return (one, other) if one <= other else (other, one)


# Plain dynamic time warping of the six functions, which learns nothing: the field's baseline.
TEXTBOOK = Elastic(functions="textbook", cost="absolute", duration=0.0)

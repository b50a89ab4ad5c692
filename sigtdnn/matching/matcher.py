"""The seam between what represents signatures and what judges them: a matcher.

representation  of one signature: a vector (d,) or frames (m, d), float32 or float64
template        what a matcher keeps of a signer's references
raw             the number of a comparison, on the matcher's own scale; higher means more genuine

A matcher is a frozen dataclass whose fields are settings (see `tables`): they are all that a model
file keeps of it. `registry` knows matchers by name.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import ConfigurationError, TooFewExamplesError
from sigtdnn.matching.difference import Difference
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature
from sigtdnn.tables import table_from

if TYPE_CHECKING:
    from sigtdnn.matching.calibration import Calibrations

# n of them; an array (n, d) is n vectors.
Representations = Sequence[NDArray[np.floating[Any]]] | NDArray[np.floating[Any]]
Template = TypeVar("Template")
REFERENCES = 6  # the paper's
MAX_COUNT = 255  # signatures behind a template, as its bytes tell
# Random forgeries that a signer's references are compared with: more would take long to compare.
STRANGERS = 50


class Comparator(ABC, Generic[Template]):
    """What can be tested: makes a template of references, and compares signatures with it."""

    @abstractmethod
    def enroll(self, representations: Representations) -> Template:
        """The template of a signer's references; raises EnrolmentError when they make none."""

    @abstractmethod
    def compare(self, template: Template, representations: Representations) -> Float64:
        """The raw number (n,) of each questioned signature."""

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> "Comparator[Any]":
        """The comparator to use where these pairs (p, 2) will be compared; by default itself.

        One whose comparisons are costly may return one that has made them all; of a matcher it
        gives the numbers that stored templates give.
        """
        return self


class Comparison(NamedTuple):
    """How questioned signatures (n,) compare with a template."""

    raw: Float64
    nearest: Float64  # distance to the nearest reference; infinite where the template keeps none


class Comparisons(NamedTuple):
    """Raw numbers, of which each may be missing."""

    genuine: Float64  # (n,)
    skilled: Float64  # (m,)
    random: Float64  # (k,)

    def complete(self) -> "Comparisons":
        """The same; raises TooFewExamplesError when one kind is missing."""
        if not len(self.genuine) or not len(self.skilled):
            raise TooFewExamplesError(
                f"the validation signers have {len(self.genuine)} genuines to question and "
                f"{len(self.skilled)} forgeries, both are needed to calibrate",
                "give more signers, with forgeries",
            )
        if not len(self.random):
            raise TooFewExamplesError(
                "no two validation signers are of one collection, as random forgeries must be",
                "give more signers",
            )
        return self


@dataclass(frozen=True, eq=False)
class Examples:
    """Representations of n recordings by known people, to fit a matcher on."""

    representations: Representations
    signer: NDArray[np.str_]  # (n,), the identity claimed
    genuine: Bool  # (n,), else a skilled forgery
    order: Rows  # (n,), the places of the recordings in order of signing
    session: Rows  # (n,), that of the signer; -1 where none is told
    collection: NDArray[np.str_]  # (n,)
    # Whether random forgeries take the place of skilled ones, because there are none anywhere. A
    # matcher then learns to tell people, not forgers.
    only_random: bool = False

    def by_signer(self) -> Iterator[tuple[Rows, Rows]]:
        """The places of each signer's genuines and of their forgeries, in order of signing."""
        for own, skilled in self._places.values():
            yield own, self._strangers(own) if self.only_random and len(own) else skilled

    def of(self, places: Rows) -> Representations:
        """The representations in some places."""
        if isinstance(self.representations, np.ndarray):
            return self.representations[places]
        return [self.representations[place] for place in places]

    def last(self, count: int = REFERENCES) -> list[Rows]:
        """Sets of references as in the paper: each signer's last genuines, so many.

        Signers of whom none is left to question have no set.
        """
        return [own[-count:] for own, _ in self.by_signer() if len(own) > count]

    def runs(self, count: int) -> list[Rows]:
        """Sets of `count` genuines that were signed one after another in one session.

        No two sets share a signature. Signers of whom none is left to question have no set.
        """
        found = []
        for own, _ in self.by_signer():
            for session in np.unique(self.session[own]) if len(own) > count else ():
                signed = own[self.session[own] == session]
                last = len(signed) - count
                found += [signed[start : start + count] for start in range(0, last + 1, count)]
        return found

    def questioned(self, references: Rows) -> tuple[Rows, Rows, Rows]:
        """The genuines, skilled and random forgeries to compare with a set of references.

        All of the signer's genuines that are not in the set, and all forgeries of theirs. Random
        forgeries are the first genuines of the next signers of the same collection by name, up
        to `STRANGERS`.
        """
        signer = self.signer[references[0]]
        own, skilled = self._places[signer]
        genuine = own[~np.isin(own, references)]
        strangers = self._strangers(own)
        return genuine, strangers if self.only_random else skilled, strangers

    def pairs(self, sets: Sequence[Rows]) -> Rows:
        """The pairs of places (p, 2) that are compared when these sets of references are."""
        pairs = [np.empty((0, 2), np.intp)]
        for references in sets:
            others = np.concatenate([references, *self.questioned(references)])
            pairs.append(np.stack(np.meshgrid(references, others), axis=-1).reshape(-1, 2))
        return np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)

    def comparisons(
        self,
        enroll: Callable[[Any], Template],
        compare: Callable[[Template, Any], Float64],
        sets: Sequence[Rows] | None = None,
    ) -> Comparisons:
        """The raw numbers of all that is questioned, set by set; by default of the paper's."""
        found: tuple[list[Float64], ...] = [np.empty(0)], [np.empty(0)], [np.empty(0)]
        for references in self.last() if sets is None else sets:
            template = enroll(self.of(references))
            for raw, places in zip(found, self.questioned(references), strict=True):
                if len(places):
                    raw.append(compare(template, self.of(places)))
        return Comparisons(*map(np.concatenate, found))

    @cached_property
    def _places(self) -> dict[str, tuple[Rows, Rows]]:
        """The places of each signer's genuines and forgeries, in order of signing, by name."""
        signers = self.signer[self.order]
        ranked = self.order[np.argsort(signers, kind="stable")]
        names, starts = np.unique(self.signer[ranked], return_index=True)
        parts = np.split(ranked, starts[1:])
        return {
            str(name): (own[self.genuine[own]], own[~self.genuine[own]])
            for name, own in zip(names, parts, strict=True)
        }

    def _strangers(self, own: Rows) -> Rows:
        """The first genuines of the next signers of the same collection, by name."""
        first = self._first[str(self.collection[own[0]])]
        number = first.index(int(own[0]))
        return np.array((first[number + 1 :] + first[:number])[:STRANGERS], np.intp)

    @cached_property
    def _first(self) -> dict[str, list[int]]:
        """The places of the first genuines, by collection, in order of the signers' names."""
        found: dict[str, list[int]] = {}
        for own, _ in self._places.values():
            if len(own):
                found.setdefault(str(self.collection[own[0]]), []).append(int(own[0]))
        return found


class Matcher(Comparator[Template]):
    """A comparator that can be fitted, kept in a model file, and keeps its templates as bytes."""

    kind: ClassVar[str]  # its name in the registry and in model files
    code: ClassVar[int]  # the first byte of its packed templates: matcher and version
    min_references: ClassVar[int] = 3  # of an enrolment, for a template to verify against
    # How far updates may raise a raw number above that with the first template. Infinite where
    # `update` itself bounds it.
    headroom: ClassVar[float] = math.inf

    @classmethod
    def settings(cls) -> type[Any]:
        """The class of a recipe's `[matcher]` table, of the same kind; by default the matcher's."""
        return cls

    @classmethod
    @abstractmethod
    def fit(
        cls,
        settings: Any,
        training: Examples,
        validation: Examples,
        progress: Progress = ignore_progress,
    ) -> Self:
        """The matcher for these representations; `settings` are of the class of that name.

        `progress` counts the steps of a matcher that learns in steps.

        Raises TooFewExamplesError when the signers do not show what it needs.
        """

    @classmethod
    def reference_sets(cls, examples: Examples) -> Mapping[int, Sequence[Rows]]:
        """The sets of references to calibrate with, by how many each has; by default the paper's.

        A matcher whose raw numbers change with the number of references names several.
        """
        return {REFERENCES: examples.last()}

    @classmethod
    def does_without_encoder(cls) -> bool:
        """Whether matchers of this kind represent signatures themselves."""
        return cls.represent is not Matcher.represent

    @abstractmethod
    def pack(self, template: Template) -> bytes:
        """The bytes of a template, without the head that all templates share (`packing`)."""

    @abstractmethod
    def unpack(self, data: bytes, count: int) -> Template:
        """The template of `count` references that `pack` wrote.

        Raises TemplateError when the bytes are not what it writes.
        """

    @abstractmethod
    def count(self, template: Template) -> int:
        """The number of signatures behind a template."""

    @classmethod
    def require_packed(cls, data: bytes, count: int) -> None:
        """Raises TemplateError for bytes that no matcher of this kind packs."""

    def represent(self, signatures: Sequence[Signature]) -> Representations:
        """What matchers of this kind make of signatures themselves, where there is no encoder."""
        raise ConfigurationError(f"the matcher '{self.kind}' needs an encoder", "give it a network")

    def with_tensors(self, tensors: Mapping[str, Any]) -> Self:
        """The matcher with these arrays, from a model file, in the fields that hold arrays.

        Raises ValueError for impossible ones. Only matchers with such fields need it.
        """
        raise ValueError(f"the matcher '{self.kind}' holds no arrays")

    def shortlist(self, templates: Sequence[Template], representation: Any, count: int) -> Rows:
        """The places, in order, of the templates worth comparing to find the `count` most likely.

        All by default. A matcher whose comparisons are costly may leave out those that a quick
        look finds unlike one questioned signature.
        """
        return np.arange(len(templates))

    def compare_each(self, templates: Sequence[Template], representation: Any) -> Float64:
        """The raw number (m,) of one questioned signature with each of m templates."""
        found = [self.compare(template, representation[None])[0] for template in templates]
        return np.array(found, np.float64)

    def measure(self, template: Template, representations: Representations) -> Comparison:
        """The raw numbers, as `compare` gives them, and the distances to the nearest reference.

        A matcher whose templates keep references tells these; they are as `distances` gives them.
        """
        raw = self.compare(template, representations)
        return Comparison(raw, np.full(len(raw), np.inf))

    def distances(self, one: Representations, other: Representations) -> Float64:
        """Distances (n, m) of n signatures to m others, comparable among signers.

        By default the root of the mean squared difference of vectors (d,).
        """
        apart = np.asarray(one, np.float64)[:, None] - np.asarray(other, np.float64)
        found: Float64 = np.sqrt(np.mean(apart**2, axis=2))
        return found

    def difference(self, template: Template, signature: Signature) -> Difference | None:
        """Where a signature differs most from a template, and in what; None where it cannot tell.

        Told to explain a rejection, so that it may take longer than a comparison.
        """
        return None

    def leave_one_out(self, representations: Representations) -> Float64:
        """How much each of n references is like the others, (n,), n >= 3.

        Comparable among signers.
        """
        places = range(len(representations))
        return np.concatenate(
            [
                self.compare(
                    self.enroll([representations[other] for other in places if other != place]),
                    [representations[place]],
                )
                for place in places
            ]
        )

    def dispersion(self, representations: Representations) -> float:
        """How much n references differ, n >= 3; comparable among signers."""
        return -float(self.leave_one_out(representations).mean())

    def protection(self, template: Template, threshold: float) -> float | None:
        """Share of usual forgeries rejected at a raw threshold; None where it is not known."""
        return None

    def update(
        self, template: Template, representation: Any, first: Template, salt: bytes
    ) -> Template | None:
        """The template after one more signature, within bounds around the `first` enrolment.

        Chance in it depends on `salt` and the representation only. None where the matcher does
        not learn.
        """
        return None

    def require_size(self, size: int | None) -> None:
        """Raises ValueError unless the matcher takes vectors (size,) of an encoder.

        None: unless it does without one.
        """

    def layout(self) -> Any:
        """What changes the bytes of a template, as JSON can hold it: part of the fingerprint."""
        return {"kind": self.kind, **table_from(self)}

    def variants(self) -> "Mapping[str, tuple[Comparator[Any], Calibrations | None]]":
        """Other comparators of the same representations, by the suffix that `evaluate` takes."""
        return {}

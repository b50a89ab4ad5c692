"""The seam between what represents signatures and what judges them: a matcher.

representation  of one signature: a vector (d,) or frames (m, d), float32 or float64
template        what a matcher keeps of a signer's references
raw             the number of a comparison, on the matcher's own scale; higher means more genuine

A matcher is a frozen dataclass whose fields are settings (see `tables`): they are all that a model
file keeps of it. `registry` knows matchers by name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import ConfigurationError, TooFewExamplesError
from sigtdnn.parallel import Progress
from sigtdnn.signature import Signature
from sigtdnn.tables import table_from

if TYPE_CHECKING:
    from sigtdnn.matching.calibration import Calibration

# n of them; an array (n, d) is n vectors.
Representations = Sequence[NDArray[np.floating[Any]]] | NDArray[np.floating[Any]]
Template = TypeVar("Template")
REFERENCES = 6  # the paper's
MAX_COUNT = 255  # signatures behind a template, as its bytes tell


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


@dataclass(frozen=True, eq=False)
class Examples:
    """Representations of n recordings by known people, to fit a matcher on."""

    representations: Representations
    signer: NDArray[np.str_]  # (n,), the identity claimed
    genuine: Bool  # (n,), else a skilled forgery
    order: Rows  # (n,), the places of the recordings in order of signing

    def by_signer(self) -> Iterator[tuple[Rows, Rows]]:
        """The places of each signer's genuines and of their forgeries, in order of signing."""
        signers = self.signer[self.order]
        for signer in np.unique(signers):
            own = self.order[signers == signer]
            yield own[self.genuine[own]], own[~self.genuine[own]]

    def of(self, places: Rows) -> Representations:
        """The representations in some places."""
        if isinstance(self.representations, np.ndarray):
            return self.representations[places]
        return [self.representations[place] for place in places]

    def comparisons(
        self,
        enroll: Callable[[Any], Template],
        compare: Callable[[Template, Any], Float64],
    ) -> tuple[Float64, Float64]:
        """The raw numbers of questioned genuines (n,) and forgeries (m,).

        References are each signer's last six genuines, as in the paper; all others are questioned.

        Raises TooFewExamplesError when one kind is missing.
        """
        genuine, forged = [np.empty(0)], [np.empty(0)]
        for own, skilled in self.by_signer():
            if len(own) > REFERENCES:
                template = enroll(self.of(own[-REFERENCES:]))
                genuine.append(compare(template, self.of(own[:-REFERENCES])))
                if len(skilled):
                    forged.append(compare(template, self.of(skilled)))
        both = np.concatenate(genuine), np.concatenate(forged)
        if not len(both[0]) or not len(both[1]):
            raise TooFewExamplesError(
                f"the validation signers have {len(both[0])} genuines to question and "
                f"{len(both[1])} forgeries, both are needed to calibrate",
                "give more signers, with forgeries",
            )
        return both


class Matcher(Comparator[Template]):
    """A comparator that can be fitted, kept in a model file, and keeps its templates as bytes."""

    kind: ClassVar[str]  # its name in the registry and in model files
    code: ClassVar[int]  # the first byte of its packed templates: matcher and version

    @classmethod
    def settings(cls) -> type[Any]:
        """The class of a recipe's `[matcher]` table, of the same kind; by default the matcher's."""
        return cls

    @classmethod
    @abstractmethod
    def fit(cls, settings: Any, training: Examples, validation: Examples) -> Self:
        """The matcher for these representations; `settings` are of the class of that name.

        Raises TooFewExamplesError when the signers do not show what it needs.
        """

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

    @classmethod
    def represent(cls, signatures: Sequence[Signature]) -> Representations:
        """What matchers of this kind make of signatures themselves, where there is no encoder."""
        raise ConfigurationError(f"the matcher '{cls.kind}' needs an encoder", "give it a network")

    def compare_each(self, templates: Sequence[Template], representation: Any) -> Float64:
        """The raw number (m,) of one questioned signature with each of m templates."""
        found = [self.compare(template, representation[None])[0] for template in templates]
        return np.array(found, np.float64)

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

    def variants(self) -> "Mapping[str, tuple[Comparator[Any], Calibration | None]]":
        """Other comparators of the same representations, by the suffix that `evaluate` takes."""
        return {}

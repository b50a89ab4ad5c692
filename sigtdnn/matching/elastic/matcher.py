"""Elastic: distances by dynamic time warping, normalised by those among the references.

raw = - normalised distance. Without an encoder this is untrained DTW, the textbook baseline; its
representations are then the six functions of time (n, 6).
"""

import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.errors import (
    ConfigurationError,
    EnrolmentError,
    TemplateError,
    TooFewReferencesError,
)
from sigtdnn.matching.elastic.dtw import distances, pair_distances
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.normalisation import normalised_distance
from sigtdnn.matching.matcher import (
    MAX_COUNT,
    REFERENCES,
    Comparator,
    Examples,
    Matcher,
    Representations,
)
from sigtdnn.parallel import Progress
from sigtdnn.signature import Signature

LENGTH = struct.Struct("<II")  # frames, and functions of each


@dataclass(frozen=True, eq=False)
class Template:
    """A signer's references, n of them."""

    frames: Representations  # each (m_i, k)
    among: Float64  # (n, n), their distances


@dataclass(frozen=True)
class Elastic(Matcher[Template]):
    """Dynamic time warping; it has no settings and nothing to fit."""

    kind: ClassVar[str] = "elastic"
    code: ClassVar[int] = 17

    @classmethod
    def fit(cls, settings: Self, training: Examples, validation: Examples) -> Self:
        """The matcher, whatever the examples; raises ConfigurationError when they are vectors."""
        if np.ndim(training.representations[0]) != 2:
            raise ConfigurationError(
                "the matcher 'elastic' takes frames, not vectors", "leave the network out"
            )
        return settings

    @classmethod
    def represent(cls, signatures: Sequence[Signature]) -> list[Float32]:
        """The functions of time of each signature, in the precision of a stored template."""
        return [functions_of_time(signature).astype(np.float32) for signature in signatures]

    @classmethod
    def reference_sets(cls, examples: Examples) -> Mapping[int, Sequence[Rows]]:
        """Runs of 1 to 6 references: the fewer there are, the less is known of the signer."""
        return {count: examples.runs(count) for count in range(1, REFERENCES + 1)}

    def enroll(self, representations: Representations) -> Template:
        """The references and the distances among them.

        Raises TooFewReferencesError for none, EnrolmentError for more than the bytes can count.
        """
        if len(representations) > MAX_COUNT:
            raise EnrolmentError(
                f"{len(representations)} reference signatures", f"give {MAX_COUNT} or fewer"
            )
        return _enroll(representations, distances)

    def compare(self, template: Template, representations: Representations) -> Float64:
        """Minus the normalised distance; raises TemplateError for a template of other frames."""
        sizes = {np.shape(frames)[1:] for frames in (*representations, *template.frames)}
        if len(sizes) > 1:
            raise TemplateError("template with impossible numbers, damaged", "enrol again")
        apart = distances(representations, template.frames)
        return -normalised_distance(apart, template.among)

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> "DistanceTable":
        """A comparator that has computed every distance once."""
        return DistanceTable().prepared(representations, pairs, progress)

    def pack(self, template: Template) -> bytes:
        """Each reference: its shape, and the frames in single precision, little-endian."""
        return b"".join(
            LENGTH.pack(*frames.shape) + frames.astype("<f4").tobytes()
            for frames in map(np.asarray, template.frames)
        )

    def unpack(self, data: bytes, count: int) -> Template:
        """The template of these bytes."""
        return self.enroll(_unpack(data, count))

    @classmethod
    def require_packed(cls, data: bytes, count: int) -> None:
        """Raises TemplateError for bytes that are not those of references."""
        _unpack(data, count)

    def count(self, template: Template) -> int:
        """The number of references."""
        return len(template.frames)

    def require_size(self, size: int | None) -> None:
        """Raises ValueError for any size: frames are not vectors."""
        if size is not None:
            raise ValueError("the elastic matcher takes frames, not vectors")


@dataclass(frozen=True, eq=False)
class DistanceTable(Comparator[Template]):
    """The elastic comparison from a table of distances, by the bytes of the frames."""

    table: dict[tuple[bytes, bytes], float] = field(default_factory=dict)

    def enroll(self, representations: Representations) -> Template:
        """The references and the distances among them."""
        return _enroll(representations, self._between)

    def compare(self, template: Template, representations: Representations) -> Float64:
        """Minus the normalised distance."""
        apart = self._between(representations, template.frames)
        return -normalised_distance(apart, template.among)

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> "DistanceTable":
        """The same, with the distances of these pairs, of which those missing are computed."""
        keys = [_key(frames) for frames in representations]
        wanted = {_pair(keys[a], keys[b]): (a, b) for a, b in pairs.tolist()}
        missing = [pair for pair in wanted if pair not in self.table]
        if not missing:
            return self
        places = np.array([wanted[pair] for pair in missing])
        found = pair_distances(representations, places, progress, os.cpu_count() or 1)
        return DistanceTable(self.table | dict(zip(missing, found.tolist(), strict=True)))

    def _between(self, one: Representations, other: Representations) -> Float64:
        columns = [_key(frames) for frames in other]
        return np.array(
            [
                [self.table[_pair(row, column)] for column in columns]
                for row in (_key(frames) for frames in one)
            ]
        ).reshape(len(one), len(other))


def _enroll(references: Representations, between: Any) -> Template:
    if not len(references):
        raise TooFewReferencesError("no reference signature", "give one or more")
    return Template(references, between(references, references))


def _unpack(data: bytes, count: int) -> list[Float32]:
    """The frames of `count` references."""
    found: list[Float32] = []
    for _ in range(count):
        size = LENGTH.unpack_from(data) if len(data) >= LENGTH.size else (0, 0)
        end = LENGTH.size + 4 * size[0] * size[1]
        if not all(size) or len(data) < end:
            raise TemplateError("template that is cut short, or damaged", "enrol again")
        frames = np.frombuffer(data[LENGTH.size : end], "<f4").reshape(size)
        alike = not found or frames.shape[1:] == found[0].shape[1:]
        if not (alike and np.isfinite(frames).all()):
            raise TemplateError("template with impossible numbers, damaged", "enrol again")
        found.append(frames)
        data = data[end:]
    if data:
        raise TemplateError(f"template of more than {count} references", "enrol again")
    return found


def _key(frames: Any) -> bytes:
    return np.asarray(frames).tobytes()


def _pair(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """The distance is symmetric."""
    return (one, other) if one <= other else (other, one)

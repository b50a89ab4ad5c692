"""Templates as bytes: the head that all matchers share, then what each writes of its own.

byte    what
0       matcher and version of its format (`Matcher.code`)
1       count: signatures behind the template; 255 also stands for more
2-5     the first four bytes of the model's fingerprint
6-      the matcher's own
"""

import struct
from dataclasses import dataclass
from typing import Any

from sigtdnn.arrays import Float64, Rows
from sigtdnn.errors import OtherModelError, TemplateError
from sigtdnn.matching.matcher import MAX_COUNT, Comparator, Matcher, Representations
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.parallel import Progress

FINGERPRINT = 4  # bytes of it
HEAD = struct.Struct(f"<BB{FINGERPRINT}s")


@dataclass(frozen=True)
class Head:
    """What the bytes of a template say without their model."""

    kind: str  # of matcher
    count: int
    model: bytes  # (4), of the fingerprint


@dataclass(frozen=True)
class StoredTemplates(Comparator[Any]):
    """A matcher as verification uses it: every template goes through its bytes."""

    matcher: Matcher[Any]
    model: bytes = bytes(FINGERPRINT)  # `Model.id`, or zeros where there is no model yet

    def enroll(self, representations: Representations) -> Any:
        """The template, read back from its bytes."""
        template = self.matcher.enroll(representations)
        return unpack(self.matcher, pack(self.matcher, template, self.model), self.model)

    def compare(self, template: Any, representations: Representations) -> Float64:
        """The matcher's raw numbers."""
        return self.matcher.compare(template, representations)

    def prepared(
        self, representations: Representations, pairs: Rows, progress: Progress
    ) -> Comparator[Any]:
        """What the matcher has compared beforehand, if it does so; else itself."""
        prepared = self.matcher.prepared(representations, pairs, progress)
        return self if prepared is self.matcher else prepared


def pack(matcher: Matcher[Any], template: Any, model: bytes) -> bytes:
    """The bytes of a template; `model` is the first four of the fingerprint."""
    count = min(matcher.count(template), MAX_COUNT)
    return HEAD.pack(matcher.code, count, model) + matcher.pack(template)


def unpack(matcher: Matcher[Any], data: bytes, model: bytes) -> Any:
    """The template of these bytes.

    Raises OtherModelError when another model made them, TemplateError when they are damaged or
    of another version.
    """
    head = read_head(data)
    if (head.kind, head.model) != (matcher.kind, model):
        raise OtherModelError(
            f"template of another model, {head.model.hex()}, this one is {model.hex()}",
            "name the model it was enrolled with, or enrol again",
        )
    return matcher.unpack(data[HEAD.size :], head.count)


def require_packed(data: bytes) -> Head:
    """The head of a template; raises TemplateError for what is not one of any matcher known."""
    head = read_head(data)
    MATCHERS[head.kind].require_packed(data[HEAD.size :], head.count)
    return head


def read_head(data: bytes) -> Head:
    """The head of a template; raises TemplateError when no matcher known writes such bytes."""
    if len(data) < HEAD.size:
        raise TemplateError(f"a template of {len(data)} bytes", "enrol or import it again")
    code, count, model = HEAD.unpack_from(data)
    kind = next((name for name, cls in MATCHERS.items() if cls.code == code), None)
    if kind is None:
        raise TemplateError(
            f"template of format {code}, which this sigtdnn does not read", "enrol again"
        )
    if not count:
        raise TemplateError("template of no signature", "enrol again")
    return Head(kind, count, model)

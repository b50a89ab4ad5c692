"""SignerRecord: all that is kept of one enrolled signer with one model.

template  bytes of `packing`; None until there are enough signatures
first     the template as first enrolled: drift is measured from it
habits    bytes of `Habits`, for the reason of a rejection; None for an imported signer
learnt    traits of the signatures that changed the template since (`memory`); None without any
pending   representations and traits of an unfinished enrolment; None once it is complete

Strokes are never kept.
"""

from dataclasses import dataclass

from sigtdnn.matching.packing import FINGERPRINT, require_packed


@dataclass(frozen=True)
class SignerRecord:
    """What `Verifier` makes and reads, and a store keeps; see the module for the bytes."""

    model: bytes  # 4 bytes, `Model.id`
    template: bytes | None = None
    first: bytes | None = None
    habits: bytes | None = None
    learnt: bytes | None = None
    pending: bytes | None = None
    given: int = 0  # signatures enrolled with
    updates: int = 0  # accepted signatures that have changed the template since

    def __post_init__(self) -> None:
        blobs = (self.template, self.first, self.habits, self.learnt, self.pending)
        if not all(blob is None or isinstance(blob, bytes) for blob in blobs):
            raise ValueError("a blob is not of bytes")
        if not isinstance(self.model, bytes) or len(self.model) != FINGERPRINT:
            raise ValueError(f"the model's fingerprint is not {FINGERPRINT} bytes")
        if (self.template is None) != (self.first is None):
            raise ValueError("a template comes without its first form")
        if self.template is None and self.pending is None:
            raise ValueError("neither template nor pending signatures are there")
        if not all(isinstance(n, int) and n >= 0 for n in (self.given, self.updates)):
            raise ValueError("a count is not a number of signatures")

    @classmethod
    def imported(cls, template: bytes) -> "SignerRecord":
        """The record of a bare template; raises TemplateError when it is none."""
        head = require_packed(template)
        return cls(head.model, template, template, given=head.count)

    @property
    def complete(self) -> bool:
        """Whether the enrolment is complete."""
        return self.pending is None

    @property
    def updated(self) -> bool:
        """Whether the template is no longer the first."""
        return self.template != self.first

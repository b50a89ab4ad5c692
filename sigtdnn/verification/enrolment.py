"""The state of an enrolment: are there enough signatures, do they agree, how well do they protect?

Each signature is compared with the others by the matcher. What counts as odd or inconsistent was
measured on other signers and is in the model's norms.

How many forgeries will be rejected nobody can promise: it depends on the forgers. Who is easier to
forge than others can be told, by some matchers. Network 5, trained on artificial signers, rejected
these shares of the skilled forgeries of signers with a `protection` below 0.6, between, and from
0.85 on: SVC2004 Task 2 1, 31 and 64 %, SUSIG Visual 43, 86 and 95 %, NFI 59, 91 and 88 %. Of the
elastic matcher nothing measured of the references tells it.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from sigtdnn.arrays import Float64, Rows
from sigtdnn.errors import EnrolmentError, StrangersError, TemplateError
from sigtdnn.matching.matcher import REFERENCES, Representations
from sigtdnn.models.model import Model
from sigtdnn.verification.traits import TRAITS

WANTED = REFERENCES
# Signatures that show whether one of them is odd.
MIN_JUDGED = 3
# Protections from which signatures are as hard to forge as most, and harder.
USUAL_PROTECTION, GOOD_PROTECTION = 0.6, 0.85


@dataclass(frozen=True)
class Enrolment:
    """How far an enrolment has got, and how good it is."""

    given: int  # signatures
    wanted: int
    consistent: bool | None  # whether they agree with one another; None below 3
    odd: int | None  # the one that differs most from the others and should be signed again, from 0
    # Share of forgeries that would be rejected at the paper's operating point, if they lay as far
    # from this signer as those of the validation signers do from theirs; None below 3 signatures,
    # and where these differ so much that most of the signer's own would be rejected, too. To be
    # compared with that of other signers; other forgers are better, or worse.
    protection: float | None

    @property
    def complete(self) -> bool:
        """Whether there are as many signatures as wanted, none of them odd."""
        return self.given >= self.wanted and self.odd is None

    @property
    def words(self) -> str:
        """The state in English sentences."""
        missing = self.wanted - self.given
        given = f"{self.given} signature{'s' if self.given > 1 else ''}"
        wanted = f"{self.wanted} {'were' if self.wanted > 1 else 'was'} wanted"
        if self.complete:
            sentences = [f"{given}, {wanted}: complete."]
            if self.consistent is None:
                sentences.append("So few tell little of the signer: want more, six are best.")
        elif missing > 0:
            sentences = [f"{self.given} of {self.wanted} signatures, {missing} more wanted."]
        else:
            sentences = [f"{given}, {wanted}, one is odd."]
        if self.odd is not None:
            sentences.append(f"Number {self.odd + 1} differs from the others: sign it again.")
        elif self.consistent is not None:
            sentences.append(
                "They agree with one another."
                if self.consistent
                else "They differ more than most people's signatures do: sign more alike."
            )
        if self.protection is not None:
            sentences.append(f"Signatures like these are {_difficulty(self.protection)} to forge.")
        return " ".join(sentences)

    def as_dict(self) -> dict[str, Any]:
        """The same for scripts; the keys are a promise."""
        return asdict(self) | {"complete": self.complete}


def _difficulty(protection: float) -> str:
    """How hard signatures are to forge, beside those of others."""
    if protection < USUAL_PROTECTION:
        return "easier than most"
    return "harder than most" if protection >= GOOD_PROTECTION else "about as hard as most"


@dataclass(frozen=True, eq=False)
class PendingSignatures:
    """The signatures of an unfinished enrolment: n representations, and their traits."""

    representations: Representations
    traits: Float64  # (n, traits)

    def to_bytes(self) -> bytes:
        """The bytes that `from_bytes` reads; arrays in a safetensors container."""
        tensors = {str(i): one for i, one in enumerate(self.representations)}
        # The format would store a strided view as if it were contiguous.
        arrays = {**tensors, "traits": self.traits}
        return bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))

    @classmethod
    def from_bytes(cls, data: bytes) -> "PendingSignatures":
        """What `to_bytes` wrote; raises TemplateError when it did not."""
        try:
            tensors = load(data)
            traits = tensors.pop("traits")
            representations = [tensors[str(i)] for i in range(len(tensors))]
        except (SafetensorError, KeyError, ValueError) as error:
            raise TemplateError(
                f"the pending signatures are damaged ({error})", "enrol again"
            ) from error
        if traits.shape != (len(representations), len(TRAITS)):
            raise TemplateError("the pending signatures are damaged", "enrol again")
        return cls(representations, traits)

    def joined(self, added: "PendingSignatures", odd: int | None) -> "PendingSignatures":
        """These and the new ones of `added`, the first of which replaces the `odd` one.

        A signature given again is recognised by its traits.
        """
        representations, traits = list(self.representations), list(self.traits)
        for representation, row in zip(added.representations, added.traits, strict=True):
            if any(np.array_equal(row, other) for other in traits):
                continue
            if odd is None:
                representations.append(representation)
                traits.append(row)
            else:
                representations[odd], traits[odd] = representation, row
                odd = None
        return PendingSignatures(
            representations, np.array(traits).reshape(-1, added.traits.shape[1])
        )


NOTHING_PENDING = PendingSignatures([], np.empty((0, len(TRAITS))))


def people(representations: Representations, model: Model) -> list[Rows]:
    """The places of the signatures by who may have written them, the smallest group first.

    One signature may be odd. Raises StrangersError when several people must have written them.
    Two are judged where they make a template.
    """
    given, matcher = len(representations), model.matcher
    if given < min(MIN_JUDGED, max(matcher.min_references, 2)):
        return [np.arange(given)]
    found = sorted(model.norms.groups(matcher.distances(representations, representations)), key=len)
    if len(found) > 2 or (len(found) == 2 and (given < MIN_JUDGED or len(found[0]) > 1)):
        raise StrangersError(
            f"these {given} signatures differ as those of different people do",
            "give those of one person, or begin anew",
        )
    return found


def odd_one(representations: Representations, model: Model) -> int | None:
    """The place of the signature that differs most from the others, if it is odd.

    One that only somebody else can have written is. Raises StrangersError when that holds for
    several. Fewer than 3 show none.
    """
    groups = people(representations, model)
    if len(representations) < MIN_JUDGED:
        return None
    if len(groups) == 2:
        return int(groups[0][0])
    return model.norms.odd_one(model.matcher.leave_one_out(representations))


def assess(representations: Representations, model: Model, wanted: int = WANTED) -> Enrolment:
    """The state of the enrolment with these representations, in the order given.

    Raises EnrolmentError when fewer signatures are wanted than the matcher needs, StrangersError
    when several people must have written them.
    """
    matcher = model.matcher
    if wanted < matcher.min_references:
        raise EnrolmentError(
            f"{wanted} signatures wanted, enrolment needs at least {matcher.min_references}",
            "want more",
        )
    given, odd = len(representations), odd_one(representations, model)
    if given < MIN_JUDGED:
        return Enrolment(given, wanted, None, None, None)
    consistent = odd is None and matcher.dispersion(representations) <= model.norms.widest
    usual = model.calibrations.of(given).threshold()
    protection = matcher.protection(matcher.enroll(representations), usual)
    return Enrolment(given, wanted, consistent, odd, protection)

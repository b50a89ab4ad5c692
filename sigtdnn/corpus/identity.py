"""Who signed what: the identity of a recording and the collection it belongs to.

A *signer* is the identity claimed, a *writer* is who held the pen. Both are global names that
start with the collection, such as 'sigcomp2009-nfi/002': the same number in two collections
is two people. '' is unknown.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a recording is to the signer it is said to be by."""

    GENUINE = "genuine"
    SKILLED = "skilled"  # a forgery of that signer's signature
    RANDOM = "random"  # a random forgery, another signer's genuine; only in trials
    UNKNOWN = ""


# What a recording may be outside trials.
RECORDED = (Kind.GENUINE, Kind.SKILLED, Kind.UNKNOWN)


@dataclass(frozen=True)
class Collection:
    """A data set, and what its sessions and numbers mean."""

    name: str
    # Whether its genuine recordings name their session.
    sessions: bool
    # Whether numbers are known to be in order of signing.
    ordered: bool


@dataclass(frozen=True)
class Identity:
    """Who signed one recording; `number` counts within signer, writer and kind."""

    collection: str
    signer: str = ""
    writer: str = ""
    kind: Kind = Kind.UNKNOWN
    session: int | None = None
    number: int | None = None


def global_name(collection: str, person: str) -> str:
    """The name of a person of a collection, unique among collections; '' stays ''."""
    return f"{collection}/{person}" if person else ""

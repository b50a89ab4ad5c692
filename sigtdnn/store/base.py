"""Store: what must be done to keep signers' records; `sqlite` does it.

Conventions
-----------
A record is kept under (signer, model): one signer may be enrolled with several models. Its bytes
may have any length. A change is made whole or not at all, and stands when `changing` has ended:
every process sees it, and a crash does not undo it. What is deleted cannot be recovered. Names
are 1 to 200 printable characters.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sigtdnn.errors import SignerError, SignerNotFoundError
from sigtdnn.verification.record import SignerRecord

MAX_NAME = 200


@dataclass(frozen=True)
class Entry:
    """A record as stored; dates are UTC, ISO 8601."""

    signer: str
    record: SignerRecord
    enrolled: str
    changed: str


class Store(Protocol):
    """An open store. It belongs to one thread; any number of processes may share what it opens."""

    @property
    def name(self) -> str:
        """What errors call it."""
        ...

    def entries(self) -> Iterator[Entry]:
        """All records, sorted by signer and model."""
        ...

    def of(self, signer: str) -> list[Entry]:
        """The records of a signer, sorted by model; none for an unknown one."""
        ...

    def find(self, signer: str, model: bytes) -> SignerRecord | None:
        """The signer's record with a model (4 bytes), or None."""
        ...

    def changing(self) -> AbstractContextManager[None]:
        """A change, alone among all processes: what is read within stays true until its end.

        When the block ends the change is durable; when it fails nothing has changed.
        """
        ...

    def put(self, signer: str, record: SignerRecord) -> None:
        """Adds or replaces a record, and its dates; within `changing`.

        Raises SignerError for a name that is empty, too long or unprintable.
        """
        ...

    def delete(self, signer: str) -> int:
        """Deletes all records of a signer, and returns how many; within `changing`."""
        ...


def entries_of(store: Store, signer: str) -> list[Entry]:
    """The records of a signer, sorted by model; raises SignerNotFoundError when there are none."""
    entries = store.of(signer)
    if not entries:
        raise SignerNotFoundError(
            f"{store.name}: holds no signer '{signer}'", "enrol, or list the signers"
        )
    return entries


def get(store: Store, signer: str, model: bytes) -> SignerRecord:
    """The signer's record with a model.

    Raises SignerNotFoundError when there is none; it names the models with which there is one.
    """
    record = store.find(signer, model)
    if record is None:
        others = [entry.record.model.hex() for entry in entries_of(store, signer)]
        raise SignerNotFoundError(
            f"{store.name}: '{signer}' is enrolled with another model, {', '.join(others)}, "
            f"this one is {model.hex()}",
            "name that model, or enrol with this one",
        )
    return record


def require_name(signer: str) -> None:
    """Raises SignerError unless a signer may be called so."""
    if not signer.strip() or len(signer) > MAX_NAME or not signer.isprintable():
        raise SignerError(
            f"{signer[:MAX_NAME]!r} is not a valid name",
            f"give 1 to {MAX_NAME} printable characters",
        )

"""Store: the enrolled signers, in one SQLite file that survives being killed.

Conventions
-----------
template  the 80 bytes of `Template.to_bytes`; absent until enough signatures are there
first     the 80 bytes as first enrolled: drift is measured from them
profile   at most 256 bytes, for the reason of a rejection; absent for an imported signer
vectors   feature vectors of an unfinished enrolment, deleted when it completes
model     fingerprint of the model, as the template carries it

Strokes are never kept. A change is made whole or not at all, and stands when `changing` has
ended: every process sees it, and a crash does not undo it. What is deleted is overwritten
(`secure_delete`). A Store belongs to one thread; any number of processes may share the file.

Reference: https://sqlite.org/lockingv3.html for the rollback journal and its locks.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Literal

from sigtdnn.errors import StoreError

TEMPLATE_BYTES = 80
FINGERPRINT_BYTES = 4
MAX_PROFILE_BYTES = 256
MAX_NAME = 200
# Tells our files from other SQLite files: "sgtd" in ASCII.
APPLICATION_ID = 0x73677464
VERSION = 1
# Seconds to wait for another process's change. Each takes some milliseconds.
PATIENCE = 60.0

_SCHEMA = f"""
CREATE TABLE signers (
    signer   TEXT PRIMARY KEY NOT NULL,
    model    BLOB NOT NULL CHECK (length(model) = {FINGERPRINT_BYTES}),
    template BLOB CHECK (length(template) = {TEMPLATE_BYTES}),
    first    BLOB CHECK (length(first) = {TEMPLATE_BYTES}),
    profile  BLOB CHECK (length(profile) <= {MAX_PROFILE_BYTES}),
    vectors  BLOB,
    given    INTEGER NOT NULL,
    updates  INTEGER NOT NULL,
    enrolled TEXT NOT NULL,
    changed  TEXT NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Entry:
    """One signer as stored; see the module for the bytes. Dates are UTC, ISO 8601."""

    signer: str
    model: bytes  # 4 bytes
    template: bytes | None = None  # 80 bytes
    first: bytes | None = None  # 80 bytes
    profile: bytes | None = None  # at most 256 bytes
    vectors: bytes | None = None
    given: int = 0  # signatures enrolled with
    updates: int = 0  # accepted signatures that have changed the template since
    enrolled: str = ""  # set by `Store.put`
    changed: str = ""  # set by `Store.put`

    @property
    def complete(self) -> bool:
        """Whether the enrolment is."""
        return self.vectors is None

    def __post_init__(self) -> None:
        blobs = (self.template, self.first, self.profile, self.vectors)
        if not all(blob is None or isinstance(blob, bytes) for blob in blobs):
            raise ValueError("a blob is not of bytes")
        if not isinstance(self.model, bytes) or len(self.model) != FINGERPRINT_BYTES:
            raise ValueError(f"the model's fingerprint is not {FINGERPRINT_BYTES} bytes")
        if (self.template is None) != (self.first is None):
            raise ValueError("a template comes without its first form")
        if any(b is not None and len(b) != TEMPLATE_BYTES for b in (self.template, self.first)):
            raise ValueError(f"a template is not {TEMPLATE_BYTES} bytes")
        if self.profile is not None and len(self.profile) > MAX_PROFILE_BYTES:
            raise ValueError(f"a profile is over {MAX_PROFILE_BYTES} bytes")
        if self.template is None and self.vectors is None:
            raise ValueError("neither template nor vectors are there")
        if not all(isinstance(n, int) and n >= 0 for n in (self.given, self.updates)):
            raise ValueError("a count is not a number of signatures")


_COLUMNS = ", ".join(field.name for field in fields(Entry))
_PLACES = ", ".join("?" for _ in fields(Entry))


class Store:
    """An open store; see `open_store`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """`connection` is to a checked file of ours."""
        self._connection = connection
        self.path = path

    def entries(self) -> Iterator[Entry]:
        """All signers, sorted by name."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM signers ORDER BY signer")
        return (self._entry(row) for row in rows)

    def find(self, signer: str) -> Entry | None:
        """The signer of that name, or None."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM signers WHERE signer = ?", (signer,)
        ).fetchone()
        return None if row is None else self._entry(row)

    def get(self, signer: str) -> Entry:
        """The signer of that name; raises StoreError when there is none."""
        entry = self.find(signer)
        if entry is None:
            raise StoreError(f"{self.path}: holds no signer '{signer}'; enrol, or list the signers")
        return entry

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A change, alone among all processes: what is read within stays true until its end.

        When the block ends the change is on the disk; when it fails nothing has changed.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def put(self, entry: Entry) -> Entry:
        """Writes a signer, new or known, and the dates; within `changing`.

        Raises StoreError for a name that is empty, too long or unprintable.
        """
        _require_name(entry.signer)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        dated = replace(entry, enrolled=entry.enrolled or now, changed=now)
        self._connection.execute(
            f"INSERT OR REPLACE INTO signers ({_COLUMNS}) VALUES ({_PLACES})", astuple(dated)
        )
        return dated

    def delete(self, signer: str) -> None:
        """Deletes a signer for good; within `changing`. Raises StoreError when there is none."""
        self.get(signer)
        self._connection.execute("DELETE FROM signers WHERE signer = ?", (signer,))

    def _entry(self, row: tuple[object, ...]) -> Entry:
        try:
            return Entry(*row)  # type: ignore[arg-type]
        except ValueError as error:
            raise StoreError(
                f"{self.path}: signer '{row[0]}' is damaged ({error}); restore the file from a copy"
            ) from error


@contextmanager
def open_store(path: Path, mode: Literal["read", "change", "create"]) -> Iterator[Store]:
    """The store of a file, closed at the end of the block.

    'read' opens the file read-only; 'create' makes it where it is absent. Whatever SQLite
    finds wrong with the file, on opening or later, becomes a StoreError.
    """
    try:
        connection = _connect(path, mode)
        try:
            yield Store(connection, path)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise _explained(path, error) from error


def _connect(path: Path, mode: Literal["read", "change", "create"]) -> sqlite3.Connection:
    if mode != "create" and not path.exists():
        raise StoreError(f"{path}: there is no such store; enrol somebody first")
    if mode == "create":
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = _opened(path, {"read": "ro", "change": "rw", "create": "rwc"}[mode])
    try:
        if mode == "read":
            connection = _recovered(path, connection)
        else:
            _make_durable(connection)
        _prepare(connection, path, writable=mode != "read")
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(path: Path, access: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={access}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
    )


def _recovered(path: Path, connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, once what a killed process left half written has been taken back.

    Only a connection that may write can do that.
    """
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        other = _opened(path, "rw")
        try:
            other.execute("PRAGMA user_version").fetchone()
        finally:
            other.close()
    return connection


def _make_durable(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")


def _prepare(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    """Makes the table in an empty file; raises StoreError unless the file is then ours."""
    if writable and _is_empty(connection):
        # Another process may be here too: whoever comes second finds the table made.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _is_empty(connection):
                connection.execute(_SCHEMA)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    if _number(connection, "application_id") != APPLICATION_ID:
        raise StoreError(f"{path}: is no store of sigtdnn; name another file")
    version = _number(connection, "user_version")
    if version != VERSION:
        raise StoreError(
            f"{path}: store version {version}, this sigtdnn reads {VERSION}; use the sigtdnn that "
            "made it"
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return tables == 0 and _number(connection, "application_id") == 0


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    number: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return number


def _require_name(signer: str) -> None:
    if not signer.strip() or len(signer) > MAX_NAME or not signer.isprintable():
        raise StoreError(
            f"{signer[:MAX_NAME]!r} is no name of a signer; give 1 to {MAX_NAME} printable "
            "characters"
        )


def _explained(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    cause = None if code is None else code & 0xFF
    if cause in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"{path}: another process has been changing it for {PATIENCE:.0f} s; try again"
        )
    if cause in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(f"{path}: is no store, or a damaged one ({error}); restore it")
    return StoreError(f"{path}: cannot be used ({error}); check the file, its folder and the disk")

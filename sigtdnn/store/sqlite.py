"""The store as one SQLite file, which survives the killing of a process that writes it.

What is deleted is overwritten (`secure_delete`).

Reference: https://sqlite.org/lockingv3.html for the rollback journal and its locks.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sigtdnn.errors import (
    DamagedStoreError,
    StoreBusyError,
    StoreError,
    StoreNotFoundError,
    StoreVersionError,
)
from sigtdnn.store.base import Entry, require_name
from sigtdnn.verification.record import SignerRecord

# Tells our files from other SQLite files: "sgtd" in ASCII.
APPLICATION_ID = 0x73677464
VERSION = 3
# Seconds to wait for another process's change. Each takes some milliseconds.
PATIENCE = 60.0

_SCHEMA = """
CREATE TABLE records (
    signer   TEXT NOT NULL,
    model    BLOB NOT NULL,
    template BLOB,
    first    BLOB,
    habits   BLOB,
    learnt   BLOB,
    pending  BLOB,
    given    INTEGER NOT NULL,
    updates  INTEGER NOT NULL,
    enrolled TEXT NOT NULL,
    changed  TEXT NOT NULL,
    PRIMARY KEY (signer, model)
) WITHOUT ROWID
"""
_RECORD = ("model", "template", "first", "habits", "learnt", "pending", "given", "updates")
_COLUMNS = ", ".join(("signer", *_RECORD, "enrolled", "changed"))


class SqliteStore:
    """An open store; see `open_store`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """`connection` is to a checked file of ours."""
        self._connection = connection
        self.path = path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def entries(self) -> Iterator[Entry]:
        """All records, sorted by signer and model."""
        return self._select("ORDER BY signer, model")

    def of(self, signer: str) -> list[Entry]:
        """The records of a signer, sorted by model."""
        return list(self._select("WHERE signer = ? ORDER BY model", signer))

    def find(self, signer: str, model: bytes) -> SignerRecord | None:
        """The signer's record with a model, or None."""
        found = next(self._select("WHERE signer = ? AND model = ?", signer, model), None)
        return None if found is None else found.record

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A change, alone among all processes, on the disk when the block ends."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def put(self, signer: str, record: SignerRecord) -> None:
        """Adds or replaces a record; within `changing`. Raises SignerError for a bad name."""
        require_name(signer)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        values = [getattr(record, column) for column in _RECORD]
        places = ", ".join("?" for _ in range(len(values) + 3))
        changes = ", ".join(f"{column} = excluded.{column}" for column in (*_RECORD, "changed"))
        self._connection.execute(
            f"INSERT INTO records ({_COLUMNS}) VALUES ({places}) "
            f"ON CONFLICT (signer, model) DO UPDATE SET {changes}",
            (signer, *values, now, now),
        )

    def delete(self, signer: str) -> int:
        """Deletes all records of a signer for good, returns how many; within `changing`."""
        deleted = self._connection.execute("DELETE FROM records WHERE signer = ?", (signer,))
        return deleted.rowcount

    def _select(self, rest: str, *values: Any) -> Iterator[Entry]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM records {rest}", values)
        return map(self._entry, rows)

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        signer, *record, enrolled, changed = row
        try:
            return Entry(signer, SignerRecord(*record), enrolled, changed)
        except ValueError as error:
            raise DamagedStoreError(
                f"{self.path}: signer '{signer}' is damaged ({error})",
                "restore the file from a copy",
            ) from error


@contextmanager
def open_store(path: Path, mode: Literal["read", "change", "create"]) -> Iterator[SqliteStore]:
    """The store of a file, closed at the end of the block.

    'read' opens the file read-only; 'create' makes it where it is absent. Whatever SQLite
    finds wrong with the file, on opening or later, becomes a StoreError.
    """
    try:
        connection = _connect(path, mode)
        try:
            yield SqliteStore(connection, path)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise _explained(path, error) from error


def _connect(path: Path, mode: Literal["read", "change", "create"]) -> sqlite3.Connection:
    if mode != "create" and not path.exists():
        raise StoreNotFoundError(f"{path}: there is no such store", "enrol somebody first")
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
    """The connection, once a change that a killed process left half written is rolled back.

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
        # Another process may be doing the same: the second finds the table made.
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
        raise DamagedStoreError(f"{path}: is not a store of sigtdnn", "name another file")
    version = _number(connection, "user_version")
    if version != VERSION:
        raise StoreVersionError(
            f"{path}: store version {version}, this sigtdnn reads {VERSION}",
            "use the sigtdnn that made it, or enrol anew into another file",
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return tables == 0 and _number(connection, "application_id") == 0


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    number: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return number


def _explained(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    cause = None if code is None else code & 0xFF
    if cause in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusyError(
            f"{path}: another process has been changing it for {PATIENCE:.0f} s", "try again"
        )
    if cause in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedStoreError(
            f"{path}: is not a store, or a damaged one ({error})", "restore it"
        )
    return StoreError(
        f"{path}: cannot be used ({error})", "check the file, its folder and the disk"
    )

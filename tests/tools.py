"""What several test files share and no fixture is: names, and a store of old."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sigtdnn.formats import ReadingOptions
from sigtdnn.formats.options import NOTHING_TOLD
from sigtdnn.formats.registry import format_of
from sigtdnn.formats.source import load
from sigtdnn.signature import Signature

ROOT = Path(__file__).parent.parent
# What a shell script that scores must not wait for.
HEAVY = ("torch", "pandas", "scipy", "matplotlib", "numba", "joblib")
PNG = b"\x89PNG\r\n"

# A store of version 1 had one record a signer, of lengths that SQLite itself checked.
STORE_1 = f"""
CREATE TABLE signers (
    signer   TEXT PRIMARY KEY NOT NULL,
    model    BLOB NOT NULL CHECK (length(model) = 4),
    template BLOB CHECK (length(template) = 80),
    first    BLOB CHECK (length(first) = 80),
    profile  BLOB CHECK (length(profile) <= 256),
    vectors  BLOB,
    given    INTEGER NOT NULL,
    updates  INTEGER NOT NULL,
    enrolled TEXT NOT NULL,
    changed  TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO signers VALUES (
    'anna', x'0123abff', zeroblob(80), zeroblob(80), zeroblob(130), NULL, 6, 0,
    '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'
);
PRAGMA application_id = {0x73677464};
PRAGMA user_version = 1;
"""


def write_store_1(path: Path) -> None:
    """A store of version 1, with anna in it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(STORE_1)


# Lines that tests print at the end of their output (`conftest.pytest_terminal_summary`).
REPORTED: list[str] = []


def read_unchecked(path: Path, options: ReadingOptions = NOTHING_TOLD) -> Signature:
    """The signature in a file, plausible or not: a few lines are none."""
    source = load(path)
    (signature,) = format_of(source, options).read(source, options)
    return signature

"""`recordings.csv` beside the inputs: the identities of files that no known layout names.

Columns: file (path from the folder of `recordings.csv`, with '/'; `FILE#2` is the second
signature of a file, and FILE all those not listed in that way), signer, kind ('genuine',
'skilled' or empty); optional are collection (else the name of the folder), writer, session and
number. Names of columns may have capitals, other columns are ignored, and columns may be separated
by ';' or tabs, too. The writer of a genuine signature is its signer. Numbers, if all are given, are
taken to be in order of signing.
"""

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from sigtdnn.corpus.identity import RECORDED, Identity, Kind, global_name
from sigtdnn.errors import ManifestError
from sigtdnn.formats import split_name

NAME = "recordings.csv"
REQUIRED = ("file", "signer", "kind")
OPTIONAL = ("collection", "writer", "session", "number")
# Spreadsheets write whole numbers as 1.0, too.
_NUMBER = re.compile(r"([0-9]{1,9})(?:\.0*)?")
SEPARATORS = (";", "\t")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def read_manifest(path: Path) -> dict[str, Identity]:
    """The identity of each file that `path` lists.

    Raises ManifestError, with the line, when a column is missing or named twice, or a row
    contradicts itself, appears twice or names no file.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            mark = next((mark for mark in SEPARATORS if mark in first), ",")
            rows = csv.DictReader(file, strict=True, delimiter=mark)
            rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or []]
            _check_columns(path, rows.fieldnames)
            identities: dict[str, Identity] = {}
            for row in rows:
                name, identity = _identity(path, rows.line_num, row)
                if name in identities:
                    raise _error(path, rows.line_num, f"{name!r} is listed twice")
                identities[name] = identity
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path}: cannot be read ({error})", "give a CSV file") from error
    return identities


def has_control_characters(text: str) -> bool:
    """Whether `text` holds what a table cannot keep: line ends, or bytes that were not UTF-8."""
    return bool(_CONTROL.search(text))


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    for name in REQUIRED:
        if name not in columns:
            raise _error(path, 1, f"no column '{name}'")
    for name in (*REQUIRED, *OPTIONAL):
        if columns.count(name) > 1:
            raise _error(path, 1, f"column '{name}' appears twice")


def _identity(path: Path, line: int, row: dict[str, str]) -> tuple[str, Identity]:
    if None in row or None in row.values():
        raise _error(path, line, "another number of columns than in line 1")
    if has_control_characters("".join(row.values())):
        raise _error(path, line, "a line end or control character in a field")
    name, signer, kind = (row[column].strip() for column in REQUIRED)
    kind = kind.lower()
    if not name or not split_name(path.parent / name)[0].is_file():
        raise _error(path, line, f"no file {name!r}")
    if kind not in RECORDED:
        raise _error(path, line, f"kind is {kind!r}, not 'genuine', 'skilled' or empty")
    writer = row.get("writer", "").strip()
    if kind and not signer:
        raise _error(path, line, f"{kind}, but of no signer")
    if kind and writer and (kind == Kind.GENUINE) != (writer == signer):
        raise _error(path, line, f"{kind}, but of signer {signer!r} by writer {writer!r}")
    if kind == Kind.GENUINE:
        writer = signer
    collection = row.get("collection", "").strip() or Path(os.path.abspath(path)).parent.name
    return PurePosixPath(name).as_posix(), Identity(
        collection,
        global_name(collection, signer),
        global_name(collection, writer),
        Kind(kind),
        _whole(path, line, row, "session"),
        _whole(path, line, row, "number"),
    )


def _whole(path: Path, line: int, row: dict[str, str], column: str) -> int | None:
    text = row.get(column, "").strip()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise _error(path, line, f"{column} is {text[:20]!r}, not a whole number")
    return int(found[1])


def _error(path: Path, line: int, problem: str) -> ManifestError:
    return ManifestError(f"{path}, line {line}: {problem}", "correct the line")

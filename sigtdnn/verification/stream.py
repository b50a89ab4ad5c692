"""Trials as a stream of lines: each is answered by itself, a bad one with an error.

A trial is a questioned file and the references it is compared with. Three forms are read:

JSON lines    each an object, `{"file": "q.txt", "references": ["a.txt", "b.txt"]}`
CSV, a trial  columns `file` and `references`, the names of the references separated by ';'
CSV, a role   what `sigtdnn evaluate` writes (see `trials.format`): columns `draw`, `signer`,
              `role` and `file`; the references of a draw and signer come first, and each
              questioned line after them is a trial

A line that begins with '{' is JSON. Any other is CSV; the first such line names the columns, and
so the form. Further keys and columns are ignored, blank lines skipped. File names are relative to
the working directory.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sigtdnn.errors import TrialsError
from sigtdnn.trials.format import COLUMNS as ROLE_COLUMNS
from sigtdnn.trials.format import REFERENCE, ROLES

# Longer lines are refused before they fill the memory.
MAX_LINE = 1 << 20
SEPARATOR = ";"
TRIAL_COLUMNS = ("file", "references")


@dataclass(frozen=True)
class Trial:
    """One line of a stream."""

    file: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class BadLine:
    """A line that is not a trial."""

    error: TrialsError


Row = Mapping[str, str]


def stream_trials(stream: BinaryIO, name: str) -> Iterator[Trial | BadLine]:
    """The trials of a stream of UTF-8 lines, each as soon as its line has come.

    `name` is what errors call the stream. A line that gives a reference yields none.
    """
    columns: list[str] | None = None
    read: Callable[[Row], Trial | None] = _from_row
    for number, line in enumerate(_lines(stream), 1):
        if line is not None and not line.strip():
            continue
        try:
            if line is None:
                raise ValueError(f"is over {MAX_LINE} bytes")
            text = line.decode("utf-8-sig")
            if text.lstrip().startswith("{"):
                yield _from_json(text)
            elif columns is None:
                columns, read = _header(text)
            elif (trial := read(_row(text, columns))) is not None:
                yield trial
        except (ValueError, RecursionError, csv.Error) as error:
            problem = " ".join(str(error).split())
            yield BadLine(TrialsError(name, number, problem, "mend the line"))


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines; None for one that is too long."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield None


def _from_json(text: str) -> Trial:
    try:
        table = json.loads(text)
    except ValueError as error:
        raise ValueError(f"is not a JSON object ({error})") from error
    file, references = (table.get(name) for name in TRIAL_COLUMNS)
    if not isinstance(references, list) or not all(isinstance(r, str) for r in references):
        raise ValueError("'references' must be a list of file names")
    return _trial(file, references)


def _header(text: str) -> tuple[list[str], Callable[[Row], Trial | None]]:
    """The names of the columns, and the function that makes a trial of a row."""
    columns = [column.strip() for column in _cells(text)]
    if set(TRIAL_COLUMNS) <= set(columns):
        return columns, _from_row
    if set(ROLE_COLUMNS) <= set(columns):
        return columns, _Roles().trial
    raise ValueError(
        f"is not a JSON object, and names neither the columns {' and '.join(TRIAL_COLUMNS)} nor "
        f"{', '.join(ROLE_COLUMNS)}"
    )


def _row(text: str, columns: list[str]) -> Row:
    cells = _cells(text)
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} columns, {len(columns)} are wanted ({', '.join(columns)})")
    return dict(zip(columns, cells, strict=True))


def _from_row(row: Row) -> Trial:
    return _trial(row["file"], row["references"].split(SEPARATOR))


class _Roles:
    """The references of each draw and signer, and the trials they make."""

    def __init__(self) -> None:
        self._references: dict[tuple[str, str], tuple[str, ...]] = {}
        self._questioned: set[tuple[str, str]] = set()

    def trial(self, row: Row) -> Trial | None:
        """The trial of a row, None for that of a reference."""
        role, file, claimed = row["role"], row["file"], (row["draw"], row["signer"])
        references = self._references.get(claimed, ())
        if not row["draw"].isdecimal():
            raise ValueError("'draw' must be a whole number, 0 or more")
        if role not in ROLES:
            raise ValueError(f"'role' must be one of {', '.join(ROLES)}")
        if file in references:
            raise ValueError("this file is already a reference of this signer in this draw")
        if role == REFERENCE:
            if claimed in self._questioned:
                raise ValueError("a reference after what is questioned of this signer and draw")
            self._references[claimed] = (*references, _named(file))
            return None
        if not references:
            raise ValueError("this signer has no reference yet in this draw")
        self._questioned.add(claimed)
        return _trial(file, references)


def _cells(text: str) -> list[str]:
    return next(csv.reader([text], strict=True))


def _trial(file: object, references: Sequence[str]) -> Trial:
    if not all(references):
        raise ValueError("a reference without a name")
    return Trial(_named(file), tuple(references))


def _named(file: object) -> str:
    if not isinstance(file, str) or not file:
        raise ValueError("'file' must be the name of a file")
    return file

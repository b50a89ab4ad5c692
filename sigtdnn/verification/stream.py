"""Trials as a stream of lines: each answered by itself, a bad one with an error.

A trial is a questioned file and the references it is held against. A line that begins with
'{' is a JSON object, `{"file": "q.txt", "references": ["a.txt", "b.txt"]}`. Any other line is
CSV: the first one names the columns, among them `file` and `references`, and the names of the
references are separated by ';'. Further keys and columns are ignored, blank lines skipped.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sigtdnn.errors import FormatError, SigtdnnError

# Longer lines are refused before they fill the memory.
MAX_LINE = 1 << 20
SEPARATOR = ";"
COLUMNS = ("file", "references")


@dataclass(frozen=True)
class Trial:
    """One line of a stream."""

    file: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class BadLine:
    """A line that is no trial."""

    error: SigtdnnError


def read_trials(stream: BinaryIO, name: str) -> Iterator[Trial | BadLine]:
    """The trials of a stream of UTF-8 lines, each as soon as its line has come.

    `name` is what errors call the stream.
    """
    columns: list[str] | None = None
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
                columns = _header(text)
            else:
                yield _from_csv(text, columns)
        except (ValueError, RecursionError, csv.Error) as error:
            problem = " ".join(str(error).split())
            yield BadLine(FormatError(name, number, problem, "mend the line"))


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
        raise ValueError(f"is no JSON object ({error})") from error
    file, references = (table.get(name) for name in COLUMNS)
    if not isinstance(references, list) or not all(isinstance(r, str) for r in references):
        raise ValueError("'references' must be a list of file names")
    return _trial(file, references)


def _header(text: str) -> list[str]:
    columns = [column.strip() for column in _cells(text)]
    if not set(COLUMNS) <= set(columns):
        raise ValueError(f"is no JSON object, and names no columns {' and '.join(COLUMNS)}")
    return columns


def _from_csv(text: str, columns: list[str]) -> Trial:
    cells = _cells(text)
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} columns, {len(columns)} are wanted ({', '.join(columns)})")
    row = dict(zip(columns, cells, strict=True))
    return _trial(row["file"], row["references"].split(SEPARATOR))


def _cells(text: str) -> list[str]:
    return next(csv.reader([text], strict=True))


def _trial(file: object, references: list[str]) -> Trial:
    if not isinstance(file, str) or not file:
        raise ValueError("'file' must be the name of a file")
    if not all(references):
        raise ValueError("a reference without a name")
    return Trial(file, tuple(references))

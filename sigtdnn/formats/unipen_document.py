"""The statements of a UNIPEN file: points in blocks, and what is told about them.

A statement begins with a dot and a capital at the start of a line, and lasts until the next. Text
in comments may have any bytes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import FormatError, UnsupportedLayoutError
from sigtdnn.formats.source import MAX_LINES, MAX_NUMBER, Source, read_numbered

DOWN, UP = ".PEN_DOWN", ".PEN_UP"
BARE_COLUMNS = ("X", "Y")
# What tells one number.
NUMBERS = (
    ".POINTS_PER_SECOND",
    ".X_POINTS_PER_MM", ".Y_POINTS_PER_MM", ".X_POINTS_PER_INCH", ".Y_POINTS_PER_INCH",
)  # fmt: skip
_KEYWORD = re.compile(r"\.[A-Z][A-Z0-9_]*")
_BLOCKS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")

Line = tuple[int, str]  # its number, from 1, and its text
Statement = tuple[str, list[Line]]


@dataclass(frozen=True)
class Segment:
    """What a `.SEGMENT` in line `line` names: blocks from `first` to `last`, both included."""

    line: int
    level: str
    first: int
    last: int


@dataclass(frozen=True)
class Document:
    """What a file holds: points (n,), in blocks (b,)."""

    columns: dict[str, Float64]  # of the points; X and Y among them
    block: Rows  # of the points
    down: Bool  # of the blocks
    pauses: Float64  # of the blocks: milliseconds told before each
    boxes: list[int]  # the blocks that begin a box
    segments: list[Segment]
    levels: list[str]
    numbers: dict[str, float]  # by the statement that tells it


def parse(source: Source) -> Document:
    """The document in a file.

    Raises FormatError at the line at fault.
    """
    lines: list[Line] = []
    block: list[int] = []
    down: list[bool] = []
    pauses: list[float] = []
    boxes: list[int] = []
    segments: list[Segment] = []
    levels: list[str] = []
    columns: tuple[str, ...] = ()
    numbers: dict[str, float] = {}
    pause = 0.0
    for keyword, told in _statements(source):
        if keyword in (DOWN, UP):
            block += [len(down)] * len(told)
            lines += told
            down.append(keyword == DOWN)
            pauses.append(pause)
            pause = 0.0
        elif keyword == ".DT":
            pause += _number(source, keyword, told)
        elif keyword in NUMBERS:
            numbers[keyword] = _number(source, keyword, told)
        elif keyword == ".COORD":
            columns = _coordinates(source, columns if lines else (), told)
        elif keyword == ".START_BOX":
            boxes.append(len(down))
        elif keyword == ".HIERARCHY":
            levels = _words(told)
        elif keyword == ".SEGMENT":
            segments.append(_segment(source, told))
    if not lines:
        problem = f"no points below {DOWN}"
        raise source.error(None, problem, "give the file with the points that .INCLUDE names")
    names = columns or BARE_COLUMNS
    rows = read_numbered(source, lines, names)
    return Document(
        dict(zip(names, rows.T, strict=True)),
        np.array(block, np.intp),
        np.array(down, np.bool_),
        np.array(pauses, np.float64),
        boxes,
        segments,
        levels,
        numbers,
    )


def _statements(source: Source) -> Iterator[Statement]:
    """Every statement, and the lines it tells that are not blank."""
    texts = source.contents.splitlines()
    if len(texts) > MAX_LINES:
        raise source.error(None, f"over {MAX_LINES} lines", "give fewer signatures a file")
    keyword = ""
    told: list[Line] = []
    for number, text in enumerate(texts, 1):
        line = text.decode("latin-1")
        found = _KEYWORD.match(line)
        if found:
            yield keyword, told
            keyword, told = found[0], []
            line = line[found.end() :]
        if line.strip():
            told.append((number, line))
    yield keyword, told


def _words(told: Sequence[Line]) -> list[str]:
    return [word for _, text in told for word in text.split()]


def _number(source: Source, keyword: str, told: Sequence[Line]) -> float:
    """The number that a statement tells, not negative."""
    words = _words(told[:1])
    try:
        value = float(words[0]) if words else -1.0
    except ValueError:
        value = -1.0
    if not 0 <= value < MAX_NUMBER:
        line = told[0][0] if told else None
        raise source.error(line, f"{keyword} tells no number", "mend or remove the line")
    return value


def _coordinates(source: Source, present: tuple[str, ...], told: Sequence[Line]) -> tuple[str, ...]:
    """The columns that `.COORD` names; `present` are those of points before it, if any."""
    columns = tuple(_words(told))
    line = told[0][0] if told else None
    if not {"X", "Y"} <= set(columns) or len(set(columns)) < len(columns):
        raise source.error(line, ".COORD does not name X and Y, and each once", "restore the line")
    if present and columns != present:
        raise UnsupportedLayoutError(
            source.path, line, "the columns change within the file", "give a file for each"
        )
    return columns


def _segment(source: Source, told: Sequence[Line]) -> Segment:
    words = _words(told[:1])
    found = _BLOCKS.fullmatch(words[1]) if len(words) > 1 else None
    if found is None:
        line, where = (told[0][0], f"{' '.join(words[1:2])[:20]!r}") if told else (None, "nothing")
        raise _unread(source, line, f"a segment of {where}")
    first = int(found[1])
    return Segment(told[0][0], words[0], first, int(found[2] or first))


def _unread(source: Source, line: int | None, problem: str) -> FormatError:
    remedy = "give whole blocks, such as 0-4"
    return UnsupportedLayoutError(source.path, line, problem, remedy)

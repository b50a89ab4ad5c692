"""The bytes of a stroke file, checked before use, and its rows of numbers.

Whatever is wrong with a file is a `FormatError` that names the line. Numbers are read in bulk;
only when that fails are the lines read one by one, to find the one at fault.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.errors import CannotOpenError, FormatError
from sigtdnn.formats.decimals import plain_rows

# An hour at 200 samples a second takes less; a larger file is not a signature, and is refused
# before it fills the memory.
MAX_BYTES = 64 * 2**20
MAX_LINES = 1_000_000
# From here on float64 cannot tell one whole number from the next.
MAX_NUMBER = 2.0**53

_PLAIN = bytes([*range(0x20, 0x7F), *b"\t\r\n"])
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}")
_UTF_8_MARK, _UTF_16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
# Bytes read at once: Python allocates memory for as many as are asked for.
_CHUNK = 2**16
# What has no name.
UNNAMED = Path("(bytes)")
# Enough of a file to recognise it by: usually, and at most.
_HEADS = (256, 4096)
# So many lines that are not blank are enough.
_ENOUGH = 3


@dataclass(frozen=True, eq=False)
class Source:
    """The bytes of the file `path`; beyond `MAX_BYTES` there may be more."""

    path: Path
    data: bytes

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without line ends and without blank lines at the end.

        Raises FormatError when the file is empty, too large for a signature or not plain text.
        """
        if self.defect is not None:
            raise self.defect
        return self._text.decode("ascii").splitlines()

    @cached_property
    def name(self) -> str:
        """The name of the file, without the ending that gzip adds."""
        return self.path.stem if self.path.suffix.lower() == ".gz" else self.path.name

    @cached_property
    def head(self) -> list[str]:
        """The first lines, at least two where there are two; of a defective file, too."""
        for size in _HEADS:
            lines = self._text[:size].decode("ascii", "replace").splitlines()
            if sum(map(bool, map(str.strip, lines))) > _ENOUGH:
                # The last may be cut.
                return lines[:-1]
        return lines

    def line(self, number: int) -> str:
        """Line `number`, counted from 1, of the head; '' where the file ends before it.

        Raises FormatError as `lines`.
        """
        if self.defect is not None:
            raise self.defect
        return self.head[number - 1] if number <= len(self.head) else ""

    @cached_property
    def line_count(self) -> int:
        """The number of `lines`."""
        ends, returns = self._ends
        if returns and self._text.count(b"\r\n") != returns:
            return len(self.lines)
        return 1 + ends

    def below(self, headers: int) -> bytes:
        """What follows the first `headers` lines, without blanks at the end."""
        rest = self._text
        for _ in range(headers):
            rest = rest.partition(b"\n")[2]
        return rest

    def fields(self, place: int) -> list[str]:
        """The fields of line `place` of the head, from 0; none where there is no such line."""
        return self._fields[place] if place < len(self._fields) else []

    @cached_property
    def defect(self) -> FormatError | None:
        """Why no line can be trusted, or None."""
        data = self._text
        if not data:
            return self.error(None, "the file is empty", "record the signature again")
        if len(self.data) > MAX_BYTES or max(self._ends) >= MAX_LINES:
            problem = f"over {MAX_BYTES >> 20} MiB or {MAX_LINES} lines"
            return self.error(None, problem, "give the strokes of one signature")
        if b"\0" in data[:2]:
            problem = "UTF-16 without its mark, or no text"
            return self.error(1, problem, "save it as UTF-8")
        if data.translate(None, _PLAIN):
            numbered = enumerate(data.splitlines(), 1)
            foreign = next(number for number, line in numbered if line.translate(None, _PLAIN))
            problem = "a byte that is not plain text"
            return self.error(foreign, problem, "give the strokes as plain text")
        return None

    @property
    def contents(self) -> bytes:
        """The bytes of a file of any kind.

        Raises FormatError when it is empty, or too large for a signature.
        """
        if not self._text:
            raise self.error(None, "the file is empty", "record the signature again")
        if len(self.data) > MAX_BYTES:
            problem = f"over {MAX_BYTES >> 20} MiB"
            raise self.error(None, problem, "give the strokes of one signature")
        return self.data

    def error(self, line: int | None, problem: str, remedy: str) -> FormatError:
        """The error to raise about line `line`, counted from 1."""
        return FormatError(self.path, line, problem, remedy)

    @cached_property
    def _fields(self) -> list[list[str]]:
        return [line.split() for line in self.head]

    @cached_property
    def _ends(self) -> tuple[int, int]:
        """How often a line ends, and how often there is a carriage return."""
        return self._text.count(b"\n"), self._text.count(b"\r")

    @cached_property
    def _text(self) -> bytes:
        data = self.data
        if data.startswith(_UTF_16_MARKS):
            data = data.decode("utf-16", "replace").encode()
        return data.removeprefix(_UTF_8_MARK).rstrip()


def load(file: Path | str | bytes | BinaryIO) -> Source:
    """A stroke file, read once: by its path, as its bytes, or opened for reading bytes.

    An open file is read from where it stands, and named by its `name`. Raises CannotOpenError.
    """
    if isinstance(file, bytes):
        return Source(UNNAMED, file[: MAX_BYTES + 1])
    if not isinstance(file, (str, os.PathLike)):
        return _drained(file, Path(str(getattr(file, "name", UNNAMED))))
    try:
        with Path(file).open("rb") as opened:
            return _drained(opened, Path(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = f"cannot be read ({reason})"
        raise CannotOpenError(file, None, problem, "give a stroke file") from error


def _drained(file: BinaryIO, path: Path) -> Source:
    chunks = iter(partial(file.read, _CHUNK), b"")
    return Source(path, b"".join(islice(chunks, MAX_BYTES // _CHUNK + 1)))


def read_count(
    source: Source, line: int, text: str, *, missing: int = 0, more: bool = False
) -> tuple[str, ...]:
    """Notes on the number of points that line `line` states in `text`, the last header.

    It may be up to `missing` too low, and with `more` as high as it likes: a note says so then.
    Raises FormatError when it is not a whole number, or not the number of lines that follow.
    """
    if not _COUNT.fullmatch(text.strip()):
        raise source.error(
            line, f"{text.strip()[:20]!r} is not a number of points", "restore the header"
        )
    count, rows = int(text), source.line_count - line
    if count < rows - missing or (count > rows and not more):
        raise source.error(
            line,
            f"the header states {count} points, {rows} lines follow",
            "restore the file: it is cut short or joined",
        )
    return (f"the header states {count} points, {rows} lines follow",) if count != rows else ()


def read_rows(
    source: Source, headers: int, columns: Sequence[str], separator: str | None = None
) -> Float64:
    """The numbers below the first `headers` lines, shape (n, len(columns)).

    `separator` None is any run of blanks. Raises FormatError when there are no rows, or at
    the first line with another number of columns or with something that is not a finite
    number.
    """
    if source.defect is None:
        rows = plain_rows(source.below(headers), len(columns), (separator or "").encode())
        if rows is not None:
            return rows
    body = source.lines[headers:]
    if not body:
        raise source.error(None, "no points follow the header", "record the signature again")
    try:
        rows = np.loadtxt(body, dtype=np.float64, comments=None, delimiter=separator, ndmin=2)
    except ValueError:
        rows = np.empty((0, 0))
    # Put so that NaN fails the comparison, too.
    if rows.shape == (len(body), len(columns)) and np.all(np.abs(rows) < MAX_NUMBER):
        return rows
    return np.array(
        [
            _read_line(source, number, line.split(separator), columns)
            for number, line in enumerate(body, headers + 1)
        ]
    )


def read_numbered(
    source: Source, lines: Sequence[tuple[int, str]], columns: Sequence[str]
) -> Float64:
    """The numbers in lines, each after its number, shape (n, len(columns)); as `read_rows`."""
    try:
        rows = np.loadtxt([line for _, line in lines], dtype=np.float64, comments=None, ndmin=2)
    except ValueError:
        rows = np.empty((0, 0))
    if rows.shape == (len(lines), len(columns)) and np.all(np.abs(rows) < MAX_NUMBER):
        return rows
    return np.array([_read_line(source, number, line.split(), columns) for number, line in lines])


def _read_line(
    source: Source, number: int, fields: Sequence[str], columns: Sequence[str]
) -> list[float]:
    if len(fields) != len(columns):
        raise source.error(
            number,
            f"{len(fields)} columns, {len(columns)} are wanted ({', '.join(columns)})",
            "mend or remove the line",
        )
    values = []
    for field, column in zip(map(str.strip, fields), columns, strict=True):
        if not NUMBER.fullmatch(field) or not abs(float(field)) < MAX_NUMBER:
            raise source.error(
                number, f"{column} is {field[:20]!r}, not a number", "mend or remove the line"
            )
        values.append(float(field))
    return values


def require(
    source: Source,
    headers: int,
    column: str,
    values: Float64,
    good: Bool,
    wanted: str,
    remedy: str = "mend or remove the line",
) -> None:
    """Raises FormatError at the first row below `headers` lines whose value is not good.

    `values` and `good` have shape (n,), one entry a line.
    """
    if not good.all():
        row = int(np.argmin(good))
        raise source.error(
            headers + row + 1,
            f"{column} is {values[row]:g}, {wanted} is wanted",
            remedy,
        )

"""One file of many: its signatures, or the problem with it. Runs in worker processes.

It imports no pandas, so that a worker starts fast.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sigtdnn import parallel
from sigtdnn.corpus.layouts import is_stroke_name
from sigtdnn.errors import CannotOpenError, FormatError, NotStrokesError, PreprocessingError
from sigtdnn.formats import ReadingOptions, read_parts
from sigtdnn.formats.archive import is_archive
from sigtdnn.formats.registry import holds_strokes
from sigtdnn.formats.source import load
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature

NOT_STROKES = "not a stroke file"
# With fewer files, a process is not worth starting.
CHUNK = 16


@dataclass(frozen=True)
class Problem:
    """Why something cannot be used; it is rejected if it claims to hold strokes, else skipped."""

    problem: str
    rejected: bool


@dataclass(frozen=True)
class Contents:
    """What a readable file holds."""

    signatures: list[tuple[str, Signature | Problem]]  # each after what to add to the file's name
    digest: bytes  # of the bytes of the file


def read_file(path: Path, options: ReadingOptions) -> Contents | Problem:
    """The contents of a file, or the problem with it; `options` are told to its reader."""
    try:
        source = load(path)
    except CannotOpenError as error:
        # It may well hold strokes, so it is reported and not passed over.
        return Problem(str(error), rejected=True)
    try:
        found = read_parts(source, options)
    except FormatError as error:
        damaged = is_archive(source) and not isinstance(error, NotStrokesError)
        if damaged or is_stroke_name(path) or holds_strokes(source):
            return Problem(str(error), rejected=True)
        return Problem(NOT_STROKES, rejected=False)
    signatures = [(part, _checked(f"{path}{part}", one)) for part, one in found]
    return Contents(signatures, source.digest)


def read_files(
    paths: Sequence[Path], options: ReadingOptions, jobs: int
) -> Iterator[Contents | Problem]:
    """The same of each file, in order, read by `jobs` processes."""
    read = partial(read_file, options=options)
    return parallel.map(read, paths, max(1, min(jobs, len(paths) // CHUNK)))


def _checked(name: str, signature: Signature | FormatError) -> Signature | Problem:
    """The signature, if its features are defined."""
    if isinstance(signature, FormatError):
        return Problem(str(signature), rejected=True)
    try:
        preprocess(signature)
    except PreprocessingError as error:
        return Problem(f"{name}: {error}", rejected=True)
    return signature

"""One file of many: its signatures, or the problem with it. Runs in worker processes.

Knows nothing of tables, so that a worker starts fast.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sigtdnn import parallel
from sigtdnn.corpus.layouts import is_stroke_name
from sigtdnn.errors import CannotOpenError, FormatError, PreprocessingError
from sigtdnn.formats import read_source
from sigtdnn.formats.registry import holds_strokes
from sigtdnn.formats.source import load
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature

NOT_STROKES = "no stroke file"
# Fewer files a process are not worth its start.
CHUNK = 16


@dataclass(frozen=True)
class Problem:
    """What cannot be used: rejected if it claims to hold strokes, else skipped."""

    problem: str
    rejected: bool


@dataclass(frozen=True)
class Contents:
    """What a file that can be read holds: one entry a signature."""

    signatures: list[tuple[str, Signature | Problem]]  # each with what to add to the file's name
    digest: bytes  # of the bytes of the file


def read_file(path: Path, format: str | None) -> Contents | Problem:
    """What comes of one file; `format` as in `read_signature`."""
    try:
        source = load(path)
    except CannotOpenError as error:
        # It may well be strokes: it is reported, not passed over.
        return Problem(str(error), rejected=True)
    try:
        found = read_source(source, format)
    except FormatError as error:
        if is_stroke_name(path) or holds_strokes(source):
            return Problem(str(error), rejected=True)
        return Problem(NOT_STROKES, rejected=False)
    parts = [""] if len(found) == 1 else [f"#{number}" for number in range(1, len(found) + 1)]
    signatures = [
        (part, _checked(f"{path}{part}", one)) for part, one in zip(parts, found, strict=True)
    ]
    return Contents(signatures, source.digest)


def read_files(
    paths: Sequence[Path], format: str | None, jobs: int
) -> Iterator[Contents | Problem]:
    """What comes of each file, in order, read by `jobs` processes."""
    read = partial(read_file, format=format)
    return parallel.map(read, paths, max(1, min(jobs, len(paths) // CHUNK)))


def _checked(name: str, signature: Signature) -> Signature | Problem:
    """The signature, if its features are defined."""
    try:
        preprocess(signature)
    except PreprocessingError as error:
        return Problem(f"{name}: {error}", rejected=True)
    return signature

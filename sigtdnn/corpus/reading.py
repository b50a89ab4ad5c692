"""One file of many: its signatures, or the problem with it. Runs in worker processes.

It imports no pandas, so that a worker starts fast.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

import numpy as np

from sigtdnn import parallel
from sigtdnn.corpus.layouts import is_stroke_name
from sigtdnn.errors import CannotOpenError, FormatError, NotStrokesError, PreprocessingError
from sigtdnn.formats import ReadingOptions, read_parts
from sigtdnn.formats.archive import is_archive
from sigtdnn.formats.foreign import foreign
from sigtdnn.formats.registry import TABLE, holds_strokes
from sigtdnn.formats.source import Source, load
from sigtdnn.matching.elastic.grid import without_spikes
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature

# In parts of the size of the signature; smaller jumps are noise.
SPIKE = 0.1
NOT_STROKES = "not a stroke file"
# With fewer files, a process is not worth starting.
CHUNK = 16


@dataclass(frozen=True)
class Problem:
    """Why something cannot be used."""

    error: str  # with the name of the file
    # Why it may be skipped; None if it claims to hold strokes, and is rejected.
    skipped: str | None = None


@dataclass(frozen=True)
class Recorded:
    """A usable signature, what is equal in copies of it, and what was tolerated or mended in it."""

    signature: Signature
    digest: bytes  # of the strokes
    notes: tuple[str, ...]


# What a readable file holds, each after what to add to the file's name.
Contents = list[tuple[str, Recorded | Problem]]


def read_file(path: Path, options: ReadingOptions) -> Contents | Problem:
    """The contents of a file, or the problem with it; `options` are told to its reader."""
    try:
        source = load(path)
    except CannotOpenError as error:
        # It may well hold strokes, so it is reported and not passed over.
        return Problem(str(error))
    try:
        found = read_parts(source, options)
    except FormatError as error:
        return Problem(str(error), None if _claims(source, error, options) else _reason(error))
    return [(part, _checked(f"{path}{part}", one)) for part, one in found]


def read_files(
    paths: Sequence[Path], options: ReadingOptions, jobs: int
) -> Iterator[Contents | Problem]:
    """The same of each file, in order, read by `jobs` processes."""
    read = partial(read_file, options=options)
    return parallel.map(read, paths, max(1, min(jobs, len(paths) // CHUNK)))


def _claims(source: Source, error: FormatError, options: ReadingOptions) -> bool:
    """Whether a file that cannot be read for this error claims to hold strokes."""
    if is_archive(source):
        return not isinstance(error, NotStrokesError)
    if is_stroke_name(source.path):
        return True
    if isinstance(error, NotStrokesError) or foreign(source) is not None:
        return False
    # Whatever has columns may be the table that was told.
    told = options.table is not None or options.format == TABLE
    return told or holds_strokes(source)


def _reason(error: FormatError) -> str:
    """Why a file that holds no strokes is skipped: a picture is called one."""
    return error.problem if isinstance(error, NotStrokesError) else NOT_STROKES


def _checked(name: str, signature: Signature | FormatError) -> Recorded | Problem:
    """The signature, if its features are defined."""
    if isinstance(signature, FormatError):
        return Problem(str(signature))
    try:
        preprocess(signature)
    except PreprocessingError as error:
        return Problem(f"{name}: {error}")
    return Recorded(signature, _digest(signature), (*signature.notes, *_spikes(signature)))


def _digest(signature: Signature) -> bytes:
    """The same for the same strokes, whatever file they come from; bytes (16,)."""
    parts = (signature.x, signature.y, signature.stroke)
    return blake2b(b"".join(part.tobytes() for part in parts), digest_size=16).digest()


def _spikes(signature: Signature) -> tuple[str, ...]:
    """What to note of samples far off their neighbours, as no hand jumps: a tablet made them up."""
    x, y = without_spikes(signature.x, signature.y, signature.stroke)
    off = np.hypot(x - signature.x, y - signature.y)
    count = np.count_nonzero(off > SPIKE * max(np.ptp(x), np.ptp(y)))
    return (f"{count} of {len(x)} samples are spikes",) if count else ()

"""One file of many: read, preprocessed, or the problem with it. Runs in worker processes.

Knows nothing of tables, so that a worker starts fast.
"""

import hashlib
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sigtdnn.arrays import Float32
from sigtdnn.corpus.layouts import is_stroke_name
from sigtdnn.errors import FormatError, PreprocessingError
from sigtdnn.formats import holds_strokes, read_signature
from sigtdnn.preprocessing import PreprocessingSettings, preprocess
from sigtdnn.signature import Signature

NOT_STROKES = "no stroke file"
# Files handed to a worker at once: enough to hide the cost of handing over.
CHUNK = 16


@dataclass(frozen=True)
class Good:
    """A file that can be used."""

    signature: Signature
    features: Float32  # (10, frames)
    digest: bytes  # of the bytes of the file


@dataclass(frozen=True)
class Bad:
    """A file that cannot: rejected if it claims to hold strokes, else skipped."""

    problem: str
    rejected: bool


def read_file(path: Path, format: str | None, settings: PreprocessingSettings) -> Good | Bad:
    """What comes of one file; `format` as in `read_signature`."""
    try:
        signature = read_signature(path, format)
        features = preprocess(signature, settings)
        digest = hashlib.sha256(path.read_bytes()).digest()
    except PreprocessingError as error:
        return Bad(f"{path}: {error}", rejected=True)
    except FormatError as error:
        if is_stroke_name(path) or _holds_strokes(path):
            return Bad(str(error), rejected=True)
        return Bad(NOT_STROKES, rejected=False)
    return Good(signature, features, digest)


def read_files(
    paths: Sequence[Path], format: str | None, settings: PreprocessingSettings, jobs: int
) -> Iterator[Good | Bad]:
    """What comes of each file, in order, read by `jobs` processes."""
    read = partial(read_file, format=format, settings=settings)
    jobs = min(jobs, -(-len(paths) // CHUNK))
    if jobs < 2:
        yield from map(read, paths)
        return
    # Forking a process that has threads, as NumPy's, may hang: workers start afresh.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interruptions_to_parent)
    try:
        yield from pool.map(read, paths, chunksize=CHUNK)
    finally:
        pool.shutdown(cancel_futures=True)


def _holds_strokes(path: Path) -> bool:
    try:
        return holds_strokes(path)
    except FormatError:
        # What cannot be opened may well be strokes: it is reported, not passed over.
        return True


def _leave_interruptions_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)

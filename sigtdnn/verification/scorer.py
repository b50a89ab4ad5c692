"""Scorer: questioned files against reference files, many at once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from sigtdnn.errors import PreprocessingError, about
from sigtdnn.formats import read_signature
from sigtdnn.signature import Signature
from sigtdnn.verification.record import SignerRecord
from sigtdnn.verification.stream import Trial
from sigtdnn.verification.verdict import Verdict
from sigtdnn.verification.verifier import Verifier

# Templates that are kept: a stream often names the same references again.
CACHE_SIZE = 1024

# A state of a file: its name, time and size.
Stamp = tuple[str, int, int]
# That on the score, by the number of references.
Threshold = Callable[[int], float]


class Scorer:
    """Scores files with one model and one choice of thresholds."""

    def __init__(
        self,
        verifier: Verifier,
        threshold: Threshold,
        read: Callable[[str], Signature] = read_signature,
    ) -> None:
        """`threshold` tells that on the score, by the number of references; `read` reads a file."""
        self._read = read
        self._verifier = verifier
        self._threshold = threshold
        self._enrolled = lru_cache(CACHE_SIZE)(self._enroll)

    def prepare(self, references: Sequence[str]) -> None:
        """Raises what `judge` would raise for these references."""
        self._enrolled(tuple(map(_stamp, references)))

    def judge(self, trial: Trial) -> Verdict:
        """The verdict on a trial.

        Raises FormatError, PreprocessingError or EnrolmentError when a file cannot be read or
        the references make no template.
        """
        record = self._enrolled(tuple(map(_stamp, trial.references)))
        questioned = self._read(trial.file)
        threshold = self._threshold(self._verifier.references(record))
        with about(trial.file, PreprocessingError):
            return self._verifier.verify(record, questioned, threshold)

    def _enroll(self, references: tuple[Stamp, ...]) -> SignerRecord:
        files = [name for name, _, _ in references]
        return self._verifier.reference(self._verifier.read(files, self._read))


def _stamp(name: str) -> Stamp:
    """Changes when the file does; 0 and 0 for a file that cannot be read."""
    try:
        status = Path(name).stat()
    except (OSError, ValueError):
        return name, 0, 0
    return name, status.st_mtime_ns, status.st_size

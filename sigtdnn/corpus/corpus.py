"""Corpus: recordings of signatures, and who signed each.

`recordings` has one row a recording, index 0..N-1, in the natural order of the file names, and
the columns of `COLUMNS`. A selection shares signatures and computed features with the corpus
that it was taken from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sigtdnn.arrays import Bool, Float32, Rows
from sigtdnn.corpus.identity import Collection, Kind
from sigtdnn.errors import (
    CorpusError,
    DuplicateRecordingError,
    NoInputError,
    PreprocessingError,
    about,
)
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings, preprocess
from sigtdnn.signature import Signature

IDENTITY_COLUMNS = ("file", "collection", "signer", "writer", "kind", "session", "number")
COUNT_COLUMNS = ("repaired", "strokes", "points")
DEVICE_COLUMNS = ("rate", "units", "levels")  # as in `Device`
COLUMNS = (*IDENTITY_COLUMNS, *COUNT_COLUMNS, *DEVICE_COLUMNS)
DTYPES: Mapping[str, str | type] = {
    **dict.fromkeys(("file", "collection", "signer", "writer", "kind"), str),
    **dict.fromkeys(("session", "number", "levels"), "Int64"),
    **dict.fromkeys(COUNT_COLUMNS, "int64"),
    **dict.fromkeys(("rate", "units"), "float64"),
}


class Pool:
    """The signatures of a corpus and its selections, and their features once computed."""

    def __init__(self, count: int, signature: Callable[[int], Signature]) -> None:
        """`signature` gives that of a row, 0 <= row < count."""
        self.signature = signature
        self._count = count
        self._features: dict[PreprocessingSettings, tuple[Float32, Bool]] = {}

    def features(
        self, rows: Rows, files: Sequence[str], settings: PreprocessingSettings
    ) -> Float32:
        """The features of some rows, shape (N, 10, frames); `files` are their names."""
        if settings not in self._features:
            shape = (self._count, len(FEATURES), settings.frames)
            # Untouched memory costs nothing.
            self._features[settings] = np.empty(shape, np.float32), np.zeros(self._count, bool)
        features, known = self._features[settings]
        for row, file in zip(rows.tolist(), files, strict=True):
            if not known[row]:
                with about(file, PreprocessingError):
                    features[row] = preprocess(self.signature(row), settings)
                known[row] = True
        return features[rows]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Recordings with identities; see the module. Build it with `Corpus.from_signatures`."""

    recordings: pd.DataFrame
    collections: Mapping[str, Collection]
    pool: Pool
    rows: Rows  # (N,), where the recordings are in the pool

    @classmethod
    def from_signatures(
        cls,
        recordings: pd.DataFrame,
        signatures: Sequence[Signature],
        collections: Mapping[str, Collection],
    ) -> "Corpus":
        """A corpus in memory. `recordings` has `IDENTITY_COLUMNS`, one row a signature.

        Raises CorpusError when there are no signatures, rows and signatures differ in
        number, a file is named twice or a collection is not described.
        """
        if not len(signatures):
            raise NoInputError("no recordings", "give at least one")
        if len(recordings) != len(signatures):
            raise CorpusError(
                f"{len(recordings)} rows for {len(signatures)} signatures", "give one each"
            )
        facts = pd.DataFrame(
            [facts_of(signature) for signature in signatures],
            columns=[*COUNT_COLUMNS, *DEVICE_COLUMNS],
        )
        frame = recordings.loc[:, list(IDENTITY_COLUMNS)].reset_index(drop=True).join(facts)
        pool = Pool(len(signatures), signatures.__getitem__)
        return cls(typed(frame, collections), collections, pool, np.arange(len(signatures)))

    def __len__(self) -> int:
        """The number of recordings, N."""
        return len(self.recordings)

    def signature(self, i: int) -> Signature:
        """The signature of recording i, 0 <= i < N."""
        return self.pool.signature(int(self.rows[i]))

    def signatures(self) -> Iterator[Signature]:
        """All signatures, in order."""
        return map(self.signature, range(len(self)))

    def features(self, settings: PreprocessingSettings) -> Float32:
        """The features of all recordings, shape (N, 10, frames), unscaled.

        Each is computed once, also when several selections ask for it. Raises
        PreprocessingError, with the file, when a signature has none under the settings.
        """
        return self.pool.features(self.rows, self.recordings["file"].tolist(), settings)

    def select(self, rows: ArrayLike) -> "Corpus":
        """The corpus of some recordings: row numbers, or a mask of shape (N,)."""
        index = np.asarray(rows)
        # NumPy makes an empty list an array of floats, which cannot select.
        chosen = np.arange(len(self))[index if index.size else slice(0)]
        frame = self.recordings.iloc[chosen].reset_index(drop=True)
        return Corpus(frame, self.collections, self.pool, self.rows[chosen])


def facts_of(signature: Signature) -> tuple[int | float | None, ...]:
    """What the table of recordings holds about a signature: counts, then the device."""
    device = signature.device
    counts = (signature.repaired, signature.strokes, len(signature))
    return (*counts, device.rate, device.units, device.levels)


def typed(frame: pd.DataFrame, collections: Mapping[str, Collection]) -> pd.DataFrame:
    """The table of recordings with the dtypes of `DTYPES` and a fresh index.

    Raises CorpusError when a file is named twice or a collection is not in `collections`.
    """
    twice = frame["file"][frame["file"].duplicated()]
    if len(twice):
        raise DuplicateRecordingError(f"two recordings are named '{twice.iloc[0]}'", "rename one")
    absent = sorted(set(frame["collection"]) - set(collections))
    if absent:
        raise CorpusError(f"collection '{absent[0]}' is not described", "add it to the collections")
    return frame.astype(dict(DTYPES)).reset_index(drop=True)


def labelled(recordings: pd.DataFrame) -> Bool:
    """Which recordings have a signer and are genuine or skilled, shape (N,)."""
    kinds = recordings["kind"].isin([Kind.GENUINE, Kind.SKILLED])
    return ((recordings["signer"] != "") & kinds).to_numpy(np.bool_)


def signing_order(recordings: pd.DataFrame) -> pd.DataFrame:
    """The rows sorted by session, then number; those without come last, in file order.

    The index is kept. Only where the collection is `ordered` is this the order of signing.
    """
    return recordings.sort_values(["session", "number"], kind="stable", na_position="last")

"""Corpus: recordings of signatures, who signed each, and their features.

`recordings` has one row a recording, index 0..N-1, in the natural order of the file names, and
the columns of `COLUMNS`. The samples of all recordings lie one after another in `samples`;
recording i begins at `starts[i]` and has `points` samples.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sigtdnn.arrays import Bool, Float32, Float64
from sigtdnn.corpus.identity import Collection
from sigtdnn.errors import CorpusError
from sigtdnn.preprocessing import PreprocessingSettings, preprocess_batch
from sigtdnn.preprocessing.pipeline import DEFAULT
from sigtdnn.signature import Signature

IDENTITY_COLUMNS = ("file", "collection", "signer", "writer", "kind", "session", "number")
COUNT_COLUMNS = ("repaired", "strokes", "points")
COLUMNS = (*IDENTITY_COLUMNS, *COUNT_COLUMNS)
DTYPES: Mapping[str, str | type] = {
    **dict.fromkeys(("file", "collection", "signer", "writer", "kind"), str),
    **dict.fromkeys(("session", "number"), "Int64"),
    **dict.fromkeys(COUNT_COLUMNS, "int64"),
}


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples of many signatures, one after another; arrays of shape (total,)."""

    t: Float64
    x: Float64
    y: Float64
    pen: Bool
    pressure: Float64  # NaN throughout a signature without pressure

    @classmethod
    def joined(cls, signatures: Sequence[Signature]) -> "Samples":
        """The samples of the signatures, in their order."""
        return cls(
            np.concatenate([s.t for s in signatures]),
            np.concatenate([s.x for s in signatures]),
            np.concatenate([s.y for s in signatures]),
            np.concatenate([s.pen for s in signatures]),
            np.concatenate(
                [np.full(len(s), np.nan) if s.pressure is None else s.pressure for s in signatures]
            ),
        )


@dataclass(frozen=True, eq=False)
class Corpus:
    """Recordings with identities; see the module. Build it with `Corpus.from_signatures`."""

    recordings: pd.DataFrame
    collections: Mapping[str, Collection]
    settings: PreprocessingSettings
    features: Float32  # (N, 10, frames), unscaled
    samples: Samples
    starts: NDArray[np.int64]  # (N,)

    @classmethod
    def from_signatures(
        cls,
        recordings: pd.DataFrame,
        signatures: Sequence[Signature],
        collections: Mapping[str, Collection],
        settings: PreprocessingSettings = DEFAULT,
        features: Float32 | None = None,
    ) -> "Corpus":
        """A corpus in memory. `recordings` has `IDENTITY_COLUMNS`, one row a signature.

        `features`, shape (N, 10, frames), saves computing them again.

        Raises CorpusError when there are no signatures, rows and signatures differ in
        number, a file is named twice or a collection is not told; PreprocessingError when a
        signature has no features.
        """
        if not len(signatures):
            raise CorpusError("no recordings; give at least one")
        if len(recordings) != len(signatures):
            raise CorpusError(
                f"{len(recordings)} rows for {len(signatures)} signatures; give one each"
            )
        frame = recordings.loc[:, list(IDENTITY_COLUMNS)].assign(
            repaired=[s.repaired for s in signatures],
            strokes=[s.strokes for s in signatures],
            points=[len(s) for s in signatures],
        )
        return cls(
            typed(frame, collections),
            collections,
            settings,
            preprocess_batch(signatures, settings) if features is None else features,
            Samples.joined(signatures),
            starts_of(frame["points"]),
        )

    def __len__(self) -> int:
        """The number of recordings, N."""
        return len(self.recordings)

    def signature(self, i: int) -> Signature:
        """The signature of recording i, 0 <= i < N; its arrays are views."""
        points, strokes, repaired = (
            int(self.recordings[name].to_numpy()[i]) for name in ("points", "strokes", "repaired")
        )
        place = slice(self.starts[i], self.starts[i] + points)
        arrays = (self.samples.t, self.samples.x, self.samples.y, self.samples.pen)
        t, x, y, pen = (_read_only(array[place]) for array in arrays)
        pressure = _read_only(self.samples.pressure[place])
        return Signature(
            t,
            x,
            y,
            pen,
            None if np.isnan(pressure[0]) else pressure,
            strokes,
            repaired,
        )

    def signatures(self) -> Iterator[Signature]:
        """All signatures, in order."""
        return map(self.signature, range(len(self)))

    def features_with(self, settings: PreprocessingSettings) -> Float32:
        """The features under other settings, shape (N, 10, frames): computed unless equal.

        Raises PreprocessingError when a signature has none under them.
        """
        if settings == self.settings:
            return self.features
        return preprocess_batch(list(self.signatures()), settings)

    def select(self, rows: ArrayLike) -> "Corpus":
        """The corpus of some recordings: row numbers, or a mask of shape (N,)."""
        index = np.asarray(rows)
        # NumPy takes an empty list for one of floats, which cannot select.
        chosen = np.arange(len(self))[index if index.size else slice(0)]
        frame = self.recordings.iloc[chosen].reset_index(drop=True)
        return Corpus(
            frame,
            self.collections,
            self.settings,
            self.features[chosen],
            self.samples,
            self.starts[chosen],
        )


def typed(frame: pd.DataFrame, collections: Mapping[str, Collection]) -> pd.DataFrame:
    """The table of recordings with the dtypes of `DTYPES` and a fresh index.

    Raises CorpusError when a file is named twice or a collection is not in `collections`.
    """
    twice = frame["file"][frame["file"].duplicated()]
    if len(twice):
        raise CorpusError(f"two recordings are named '{twice.iloc[0]}'; rename one")
    untold = sorted(set(frame["collection"]) - set(collections))
    if untold:
        raise CorpusError(f"collection '{untold[0]}' is not described; add it to the collections")
    return frame.astype(dict(DTYPES)).reset_index(drop=True)


def starts_of(points: "pd.Series[int]") -> NDArray[np.int64]:
    """Where each recording begins, shape (N,), when they lie one after another."""
    ends = np.cumsum(points.to_numpy(dtype=np.int64))
    return np.concatenate([[0], ends[:-1]]).astype(np.int64)


def signing_order(recordings: pd.DataFrame) -> pd.DataFrame:
    """The rows sorted by session, then number; those without come last, in file order.

    The index is kept. Only where the collection is `ordered` is this the order of signing.
    """
    return recordings.sort_values(["session", "number"], kind="stable", na_position="last")


def _read_only(array: NDArray[np.generic]) -> NDArray:  # type: ignore[type-arg]
    # A plain array even of a memory-mapped one: readers of a signature need not know.
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view

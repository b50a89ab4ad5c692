"""The folder that holds a corpus. It appears whole or not at all, and holds nothing pickled.

recordings.csv      identities, counts and devices, one row a recording
samples/0000.npy    the samples of the first recordings, one after another; then 0001.npy ...
corpus.json         version, recordings in a file of samples, collections
rejected.csv        file, error: stroke files that could not be used
skipped.csv         file, reason: what is not a stroke file, and duplicates
notes.csv           file, note: what readers tolerated or mended

It is written recording by recording and its samples are memory mapped, so the size of a corpus
is not bounded by the memory.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sigtdnn.corpus.corpus import (
    COLUMNS,
    DEVICE_COLUMNS,
    DTYPES,
    IDENTITY_COLUMNS,
    Corpus,
    Pool,
    facts_of,
    typed,
)
from sigtdnn.corpus.identity import RECORDED, Collection
from sigtdnn.corpus.samples import SAMPLE, Records, pack, unpack
from sigtdnn.errors import (
    ConfigurationError,
    CorpusNotFoundError,
    CorpusVersionError,
    DamagedCorpusError,
    FolderTakenError,
    NoInputError,
    problem_of,
)
from sigtdnn.files import replacing
from sigtdnn.signature import Device, Signature
from sigtdnn.tables import settings_from

VERSION = 2
RECORDINGS = "recordings.csv"
SAMPLES = "samples"
DESCRIPTION = "corpus.json"
REJECTED = "rejected.csv"
SKIPPED = "skipped.csv"
NOTES = "notes.csv"
# Recordings in a file of samples: what is held in memory while a corpus is made, some 50 MB.
SHARD = 2000


@dataclass(frozen=True)
class Description:
    """The contents of `corpus.json`."""

    version: int
    shard: int  # recordings in each file of samples but the last
    collections: tuple[Collection, ...]


class CorpusWriter:
    """Writes a corpus recording by recording; holds no more than a shard of them."""

    def __init__(self, folder: Path, recordings: Any) -> None:
        """Made by `create_corpus`; `recordings` writes rows of CSV."""
        self._folder = folder
        self._recordings = recordings
        self._shard: list[Signature] = []
        self._shards = 0

    def add(self, identity: Sequence[object], signature: Signature) -> None:
        """Adds a recording; `identity` has the values of `IDENTITY_COLUMNS`."""
        self._recordings.writerow([*identity, *facts_of(signature)])
        self._shard.append(signature)
        if len(self._shard) == SHARD:
            self._write_shard()

    def finish(
        self,
        collections: Mapping[str, Collection],
        rejected: Iterable[tuple[str, str]] = (),
        skipped: Iterable[tuple[str, str]] = (),
        notes: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Writes the rest. The last three hold files with the error, reason or note."""
        if self._shard:
            self._write_shard()
        description = Description(VERSION, SHARD, tuple(collections.values()))
        text = json.dumps(asdict(description), indent=2)
        (self._folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
        _write_list(self._folder / REJECTED, ("file", "error"), rejected)
        _write_list(self._folder / SKIPPED, ("file", "reason"), skipped)
        _write_list(self._folder / NOTES, ("file", "note"), notes)

    def _write_shard(self) -> None:
        path = _shard_path(self._folder, self._shards)
        np.save(path, pack(self._shard), allow_pickle=False)
        self._shard.clear()
        self._shards += 1


@contextmanager
def create_corpus(path: Path) -> Iterator[CorpusWriter]:
    """A writer of the folder `path`, which appears when the block ends; call its `finish`.

    Raises FolderTakenError when the folder is neither absent nor empty.
    """
    require_free(path)
    with replacing(path) as folder:
        (folder / SAMPLES).mkdir(parents=True)
        with (folder / RECORDINGS).open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            yield CorpusWriter(folder, rows)


def require_free(path: Path) -> None:
    """Raises FolderTakenError when `path` is neither absent nor an empty folder."""
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists():
        raise FolderTakenError(f"{path}: already exists", "remove it or give another name")


def write_corpus(corpus: Corpus, path: Path) -> None:
    """Writes the corpus as the folder `path`, which must be absent or empty.

    Raises FolderTakenError when the folder is taken, NoInputError when the corpus is empty.
    """
    if not len(corpus):
        raise NoInputError(f"{path}: a corpus without recordings is not written", "add recordings")
    used = sorted(set(corpus.recordings["collection"]))
    identities = corpus.recordings[list(IDENTITY_COLUMNS)].astype(object)
    rows = identities.where(identities.notna(), None).itertuples(index=False, name=None)
    with create_corpus(path) as writer:
        for row, signature in zip(rows, corpus.signatures(), strict=True):
            writer.add(row, signature)
        writer.finish({name: corpus.collections[name] for name in used})


def open_corpus(path: Path | str) -> Corpus:
    """The corpus in the folder `path`, its samples memory mapped.

    Raises CorpusError when the folder is not a corpus, of another version, or damaged.
    """
    folder = Path(path)
    if not (folder / DESCRIPTION).is_file():
        raise CorpusNotFoundError(
            f"{folder}: is not a corpus", "make one with 'sigtdnn preprocess'"
        )
    description = _read_description(folder / DESCRIPTION)
    collections = {collection.name: collection for collection in description.collections}
    recordings = _read_recordings(folder / RECORDINGS, collections)
    stored = _Samples(folder, recordings, description.shard)
    pool = Pool(len(recordings), stored.signature)
    return Corpus(recordings, collections, pool, np.arange(len(recordings)))


class _Samples:
    """The signatures of a folder."""

    def __init__(self, folder: Path, recordings: pd.DataFrame, shard: int) -> None:
        points = recordings["points"].to_numpy()
        self._shard = shard
        self._repaired = recordings["repaired"].to_numpy()
        self._devices = recordings[["rate", "units", "levels"]].to_numpy(
            np.float64, na_value=np.nan
        )
        # Bounds of the recordings within their shards.
        ends = [np.cumsum(points[i : i + shard]) for i in range(0, len(points), shard)]
        self._ends = np.concatenate(ends)
        self._starts = self._ends - points
        self._files = [
            _read_samples(_shard_path(folder, number), int(last[-1]))
            for number, last in enumerate(ends)
        ]

    def signature(self, row: int) -> Signature:
        """The signature of a row."""
        records = self._files[row // self._shard][self._starts[row] : self._ends[row]]
        rate, units, levels = (None if np.isnan(v) else v for v in self._devices[row].tolist())
        device = Device(rate, units, None if levels is None else int(levels))
        return unpack(records, device, int(self._repaired[row]))


def _shard_path(folder: Path, number: int) -> Path:
    return folder / SAMPLES / f"{number:04d}.npy"


def _read_description(path: Path) -> Description:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(table, dict):
            raise _damaged(path, "not a JSON object")
        if table.get("version") != VERSION:
            raise CorpusVersionError(
                f"{path}: version {table.get('version')!r}, not {VERSION}", "make the corpus again"
            )
        description = settings_from(Description, table, str(path))
    except (OSError, ValueError, RecursionError, ConfigurationError) as error:
        raise _damaged(path, problem_of(error)) from error
    if description.shard < 1:
        raise _damaged(path, f"{description.shard} recordings a file")
    return description


def _read_recordings(path: Path, collections: dict[str, Collection]) -> pd.DataFrame:
    unknown = ("session", "number", *DEVICE_COLUMNS)
    try:
        frame = pd.read_csv(
            path,
            dtype=dict(DTYPES),
            keep_default_na=False,
            na_values={column: [""] for column in unknown},
        )
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if tuple(frame.columns) != COLUMNS:
        raise _damaged(path, f"columns {', '.join(frame.columns)}")
    if not len(frame) or (frame["points"] < 1).any() or not frame["kind"].isin(RECORDED).all():
        raise _damaged(path, "no rows, an empty recording or an unknown kind")
    return typed(frame, collections)


def _read_samples(path: Path, count: int) -> Records:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(array, np.ndarray) or array.shape != (count,) or array.dtype != SAMPLE:
        raise _damaged(path, f"not {count} samples")
    return array


def _write_list(path: Path, columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *rows])


def _damaged(path: Path, problem: str) -> DamagedCorpusError:
    summary = " ".join(problem.split())
    return DamagedCorpusError(f"{path}: damaged ({summary})", "make the corpus again")

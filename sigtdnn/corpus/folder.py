"""The folder that holds a corpus. It appears whole or not at all, and holds nothing pickled.

recordings.csv                             identities and counts, one row a recording
features.npy                               (N, 10, frames) float32, unscaled
t.npy x.npy y.npy pen.npy pressure.npy     the samples, one recording after another
corpus.json                                version, preprocessing settings, collections
rejected.csv                               file, error: stroke files that could not be used
skipped.csv                                file, reason: what is no stroke file, and duplicates
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sigtdnn.corpus.corpus import COLUMNS, DTYPES, Corpus, Samples, starts_of, typed
from sigtdnn.corpus.identity import KINDS, Collection
from sigtdnn.errors import ConfigurationError, CorpusError
from sigtdnn.files import replacing
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings
from sigtdnn.tables import settings_from

VERSION = 1
RECORDINGS = "recordings.csv"
FEATURES_FILE = "features.npy"
DESCRIPTION = "corpus.json"
REJECTED = "rejected.csv"
SKIPPED = "skipped.csv"


@dataclass(frozen=True)
class Description:
    """What `corpus.json` tells."""

    version: int
    preprocessing: PreprocessingSettings
    collections: tuple[Collection, ...]


def require_free(path: Path) -> None:
    """Raises CorpusError when `path` is neither absent nor an empty folder."""
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists():
        raise CorpusError(f"{path}: is there already; remove it or give another name")


def write_corpus(
    corpus: Corpus,
    path: Path,
    rejected: Iterable[tuple[str, str]] = (),
    skipped: Iterable[tuple[str, str]] = (),
) -> None:
    """Writes the corpus as the folder `path`, which must be absent or empty.

    `rejected` and `skipped` are files with the error or reason. Raises CorpusError when
    the folder is taken or the corpus is empty.
    """
    require_free(path)
    if not len(corpus):
        raise CorpusError(f"{path}: a corpus without recordings is not written; add recordings")
    used = sorted(set(corpus.recordings["collection"]))
    collections = tuple(corpus.collections[name] for name in used)
    description = Description(VERSION, corpus.settings, collections)
    samples = Samples.joined(list(corpus.signatures()))
    with replacing(path) as folder:
        folder.mkdir()
        corpus.recordings.to_csv(folder / RECORDINGS, index=False)
        np.save(folder / FEATURES_FILE, corpus.features, allow_pickle=False)
        for field in fields(Samples):
            array = getattr(samples, field.name)
            np.save(folder / f"{field.name}.npy", array, allow_pickle=False)
        text = json.dumps(asdict(description), indent=2)
        (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
        _write_list(folder / REJECTED, ("file", "error"), rejected)
        _write_list(folder / SKIPPED, ("file", "reason"), skipped)


def open_corpus(path: Path | str) -> Corpus:
    """The corpus in the folder `path`, its arrays memory mapped.

    Raises CorpusError when the folder is no corpus, or is damaged.
    """
    folder = Path(path)
    if not (folder / DESCRIPTION).is_file():
        raise CorpusError(f"{folder}: is no corpus; make one with 'sigtdnn preprocess'")
    description = _read_description(folder / DESCRIPTION)
    collections = {collection.name: collection for collection in description.collections}
    recordings = _read_recordings(folder / RECORDINGS, collections)
    total = int(recordings["points"].sum())
    columns = {
        field.name: _read_array(
            folder / f"{field.name}.npy", (total,), np.bool_ if field.name == "pen" else np.float64
        )
        for field in fields(Samples)
    }
    shape = (len(recordings), len(FEATURES), description.preprocessing.frames)
    return Corpus(
        recordings,
        collections,
        description.preprocessing,
        _read_array(folder / FEATURES_FILE, shape, np.float32),
        Samples(**columns),
        starts_of(recordings["points"]),
    )


def _read_description(path: Path) -> Description:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(table, dict):
            raise _damaged(path, "not a JSON object")
        if table.get("version") != VERSION:
            raise CorpusError(
                f"{path}: version {table.get('version')!r}, not {VERSION}; make the corpus again"
            )
        return settings_from(Description, table, str(path))
    except (OSError, ValueError, RecursionError, ConfigurationError) as error:
        raise _damaged(path, str(error)) from error


def _read_recordings(path: Path, collections: dict[str, Collection]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            path,
            dtype=dict(DTYPES),
            keep_default_na=False,
            na_values={"session": [""], "number": [""]},
        )
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if tuple(frame.columns) != COLUMNS:
        raise _damaged(path, f"columns {', '.join(frame.columns)}")
    if not len(frame) or (frame["points"] < 1).any() or not frame["kind"].isin(KINDS).all():
        raise _damaged(path, "no rows, an empty recording or an unknown kind")
    return typed(frame, collections)


def _read_array(path: Path, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray:  # type: ignore[type-arg]
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(array, np.ndarray) or array.shape != shape or array.dtype != dtype:
        raise _damaged(path, f"not {np.dtype(dtype)} of shape {shape}")
    return array


def _write_list(path: Path, columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *rows])


def _damaged(path: Path, problem: str) -> CorpusError:
    summary = " ".join(problem.split())
    return CorpusError(f"{path}: damaged ({summary}); make the corpus again")

"""From stroke files to a corpus: read, preprocess and name every file below the inputs.

A file that claims to hold strokes and cannot be used is rejected, with the error. Files that
are no stroke files, and byte-identical copies of an earlier file, are skipped, with the reason.
Identity comes from a `recordings.csv` that lists the file, else from the layout of a public
set; a file with neither is kept, with signer and kind empty.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import GENUINE, Collection, Identity
from sigtdnn.corpus.layouts import COLLECTIONS, known_identity
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.corpus.reading import Bad, Good, read_files
from sigtdnn.corpus.scan import InputFile, find_files, nearest_manifest
from sigtdnn.errors import CorpusError
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.preprocessing.pipeline import DEFAULT
from sigtdnn.signature import Signature


@dataclass(frozen=True)
class Build:
    """A corpus, and what was left out of it: (file, error) and (file, reason)."""

    corpus: Corpus
    rejected: list[tuple[str, str]]
    skipped: list[tuple[str, str]]


def build_corpus(
    inputs: Sequence[Path],
    *,
    format: str | None = None,
    settings: PreprocessingSettings = DEFAULT,
    jobs: int = 1,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Build:
    """The corpus of all stroke files in and below `inputs`.

    `format` as in `read_signature`; `progress` is called with files done and files in all.

    Raises CorpusError when an input does not exist, a `recordings.csv` is wrong or no file
    can be used.
    """
    files, left_out = find_files(inputs)
    identities = _Identities(files)
    rejected: list[tuple[str, str]] = []
    skipped = dict(left_out)
    good: list[tuple[InputFile, Good]] = []
    first_with: dict[bytes, str] = {}
    outcomes = read_files([file.path for file in files], format, settings, jobs)
    for done, (file, outcome) in enumerate(zip(files, outcomes, strict=True), 1):
        if isinstance(outcome, Bad):
            if outcome.rejected:
                rejected.append((file.name, outcome.problem))
            else:
                skipped[file.name] = outcome.problem
        elif (twin := first_with.setdefault(outcome.digest, file.name)) != file.name:
            skipped[file.name] = f"same bytes as {twin}"
        else:
            good.append((file, outcome))
        progress(done, len(files))
    if not good:
        first = f" ({rejected[0][1]})" if rejected else ""
        raise CorpusError(
            f"none of {len(files)} files can be used{first}; give files of one of the formats"
        )
    named = [(file.name, identities.of(file, outcome.signature)) for file, outcome in good]
    frame = pd.DataFrame(
        [{"file": name, **asdict(identity)} for name, identity in named],
        columns=list(IDENTITY_COLUMNS),
    )
    corpus = Corpus.from_signatures(
        frame,
        [outcome.signature for _, outcome in good],
        describe([identity for _, identity in named]),
        settings,
        np.stack([outcome.features for _, outcome in good]),
    )
    return Build(corpus, rejected, list(skipped.items()))


def describe(identities: Sequence[Identity]) -> dict[str, Collection]:
    """The collections that the identities belong to.

    One that is no public set has sessions when a genuine recording names its session, and
    is ordered when all of them are numbered.
    """
    collections = {}
    for name in sorted({identity.collection for identity in identities}):
        genuine = [i for i in identities if i.collection == name and i.kind == GENUINE]
        collections[name] = COLLECTIONS.get(name) or Collection(
            name,
            sessions=any(i.session is not None for i in genuine),
            ordered=bool(genuine) and all(i.number is not None for i in genuine),
        )
    return collections


class _Identities:
    """Looks up who signed a file. Every `recordings.csv` is read, and checked, at the start."""

    def __init__(self, files: Sequence[InputFile]) -> None:
        folders = {(file.path.parent, file.root): file for file in files}
        self._nearest = {key: nearest_manifest(file) for key, file in folders.items()}
        self._listed = {path: read_manifest(path) for path in set(self._nearest.values()) if path}

    def of(self, file: InputFile, signature: Signature) -> Identity:
        manifest = self._nearest[file.path.parent, file.root]
        folder = file.root
        if manifest is not None:
            folder = manifest.parent
            listed = self._listed[manifest].get(file.path.relative_to(folder).as_posix())
            if listed is not None:
                return listed
        known = known_identity(file.path, signature)
        return known or Identity(Path(os.path.abspath(folder)).name)

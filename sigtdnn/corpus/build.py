"""From stroke files to a corpus: read, check and name every file below the inputs.

A file that claims to hold strokes and cannot be used is rejected, with the error. Files that
are not stroke files, and byte-identical copies of an earlier file, are skipped, with the reason.
Identity comes from a `recordings.csv` that lists the file, else from the layout of a public
set; a file with neither is kept, with signer and kind empty. The signatures of a file that
holds several are named `FILE#1`, `FILE#2` and so on.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.folder import create_corpus, open_corpus, require_free
from sigtdnn.corpus.identity import Collection, Identity, Kind
from sigtdnn.corpus.layouts import COLLECTIONS, known_identity
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.corpus.reading import Contents, Problem, read_files
from sigtdnn.corpus.scan import InputFile, find_files, nearest_manifest
from sigtdnn.errors import NoInputError
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.parallel import Progress, ignore_progress
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
    options: ReadingOptions = NOTHING_TOLD,
    jobs: int = 1,
    progress: Progress = ignore_progress,
) -> Build:
    """The corpus of all stroke files in and below `inputs`, in memory.

    `options` are told to the readers of all files. Raises CorpusError when an input does not
    exist, a `recordings.csv` is wrong or no file can be used.
    """
    intake = _Intake(inputs)
    rows, signatures = zip(*intake.recordings(options, jobs, progress), strict=True)
    frame = pd.DataFrame(rows, columns=list(IDENTITY_COLUMNS))
    corpus = Corpus.from_signatures(frame, signatures, intake.collections())
    return Build(corpus, intake.rejected, intake.skipped())


def build_folder(
    inputs: Sequence[Path],
    path: Path,
    *,
    options: ReadingOptions = NOTHING_TOLD,
    jobs: int = 1,
    progress: Progress = ignore_progress,
) -> Build:
    """The same in the new folder `path`, without holding all signatures in memory.

    Raises CorpusError as above, and when the folder is taken; then nothing is written.
    """
    require_free(path)
    intake = _Intake(inputs)
    recordings = intake.recordings(options, jobs, progress)
    # Where no file can be used, this raises before anything is written.
    first = next(recordings)
    with create_corpus(path) as writer:
        for row, signature in chain([first], recordings):
            writer.add(row, signature)
        writer.finish(intake.collections(), intake.rejected, intake.skipped())
    return Build(open_corpus(path), intake.rejected, intake.skipped())


def describe(identities: Iterable[Identity]) -> dict[str, Collection]:
    """The collections that the identities belong to.

    One that is not a public set has sessions when a genuine recording names its session, and
    is ordered when all of them are numbered.
    """
    identities = list(identities)
    collections = {}
    for name in sorted({identity.collection for identity in identities}):
        genuine = [i for i in identities if i.collection == name and i.kind == Kind.GENUINE]
        collections[name] = COLLECTIONS.get(name) or Collection(
            name,
            sessions=any(i.session is not None for i in genuine),
            ordered=bool(genuine) and all(i.number is not None for i in genuine),
        )
    return collections


class _Intake:
    """Reads the files below the inputs one by one, and notes what it leaves out."""

    def __init__(self, inputs: Sequence[Path]) -> None:
        self._files, left_out = find_files(inputs)
        self._identities = _Identities(self._files)
        self._skipped = dict(left_out)
        self.rejected: list[tuple[str, str]] = []
        self._first_with: dict[bytes, str] = {}
        self._outlines: set[Identity] = set()

    def recordings(
        self, options: ReadingOptions, jobs: int, progress: Progress
    ) -> Iterator[tuple[tuple[object, ...], Signature]]:
        """The values of `IDENTITY_COLUMNS` and the signature of each recording, one at least."""
        outcomes = read_files([file.path for file in self._files], options, jobs)
        for done, (file, outcome) in enumerate(zip(self._files, outcomes, strict=True), 1):
            for part, signature in self._usable(file, outcome):
                identity = self._identities.of(file, part, signature)
                self._outlines.add(_outline(identity))
                yield (file.name + part, *astuple(identity)), signature
            progress(done, len(self._files))
        if not self._outlines:
            first = f" ({self.rejected[0][1]})" if self.rejected else ""
            raise NoInputError(
                f"none of {len(self._files)} files can be used{first}",
                "give files of one of the formats",
            )

    def collections(self) -> dict[str, Collection]:
        """The collections of the recordings so far."""
        return describe(self._outlines)

    def skipped(self) -> list[tuple[str, str]]:
        """The files skipped so far, with the reason."""
        return list(self._skipped.items())

    def _usable(self, file: InputFile, outcome: Contents | Problem) -> list[tuple[str, Signature]]:
        if isinstance(outcome, Problem):
            self._leave_out(file.name, outcome)
            return []
        good = []
        for part, one in outcome.signatures:
            if isinstance(one, Problem):
                self._leave_out(file.name + part, one)
            else:
                good.append((part, one))
        if good and (twin := self._first_with.setdefault(outcome.digest, file.name)) != file.name:
            self._skipped[file.name] = f"same bytes as {twin}"
            return []
        return good

    def _leave_out(self, name: str, bad: Problem) -> None:
        if bad.rejected:
            self.rejected.append((name, bad.problem))
        else:
            self._skipped[name] = bad.problem


def _outline(identity: Identity) -> Identity:
    """What `describe` needs of an identity: few differ, however many recordings there are."""
    session, number = (None if n is None else 0 for n in (identity.session, identity.number))
    return replace(identity, signer="", writer="", session=session, number=number)


class _Identities:
    """Looks up who signed a file. Every `recordings.csv` is read and checked at the start."""

    def __init__(self, files: Sequence[InputFile]) -> None:
        folders = {(file.path.parent, file.root): file for file in files}
        self._nearest = {key: nearest_manifest(file) for key, file in folders.items()}
        self._listed = {path: read_manifest(path) for path in set(self._nearest.values()) if path}

    def of(self, file: InputFile, part: str, signature: Signature) -> Identity:
        """The identity of a signature in a file, the only one or that named by `part`."""
        manifest = self._nearest[file.path.parent, file.root]
        folder = file.root
        if manifest is not None:
            folder = manifest.parent
            name = file.path.relative_to(folder).as_posix()
            listed = self._listed[manifest]
            if name + part in listed or name in listed:
                return listed.get(name + part) or listed[name]
        inner = part.partition("#")[0]
        known = known_identity(Path(f"{file.path}{inner}"), signature)
        return known or Identity(Path(os.path.abspath(folder)).name)

"""From stroke files to a corpus: read, check and name every file below the inputs.

A file that claims to hold strokes and cannot be used is rejected, with the error; so is one that
`recordings.csv` lists. Other files that are not stroke files are skipped, with the reason. Two
recordings of equal strokes, or of one signer, session and number, are a conflict: an error, or of
each only the first is taken. Identity comes from a `recordings.csv` that lists the file, else from
the layout of a public set; a file with neither is kept, with signer and kind empty. The signatures
of a file that holds several are named `FILE#1`, `FILE#2` and so on.

The range of pressure belongs to the tablet: where files do not state it, it is what the recording
of a collection with the largest pressure suggests, for all of the collection.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal

import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.folder import create_corpus, open_corpus, require_free
from sigtdnn.corpus.identity import Collection, Identity, Kind
from sigtdnn.corpus.layouts import COLLECTIONS, known_identity
from sigtdnn.corpus.manifest import NAME as MANIFEST
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.corpus.reading import Contents, Problem, Recorded, read_files
from sigtdnn.corpus.scan import InputFile, find_files, nearest_manifest
from sigtdnn.corpus.summary import Summary
from sigtdnn.errors import DuplicateRecordingError, NoInputError
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.registry import NAMED
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature

Duplicates = Literal["refuse", "first"]
# As many are named in an error.
MAX_NAMED = 3


@dataclass(frozen=True)
class Build:
    """A corpus, and what a person wants to know of how it was made."""

    corpus: Corpus
    rejected: list[tuple[str, str]]  # file, error
    skipped: list[tuple[str, str]]  # file, reason
    notes: list[tuple[str, str]]  # file, what was tolerated or mended
    summary: Summary


def build_corpus(
    inputs: Sequence[Path],
    *,
    options: ReadingOptions = NOTHING_TOLD,
    duplicates: Duplicates = "refuse",
    jobs: int = 1,
    progress: Progress = ignore_progress,
) -> Build:
    """The corpus of all stroke files in and below `inputs`, in memory.

    `options` are told to the readers of all files. Raises CorpusError when an input does not
    exist, a `recordings.csv` is wrong, no file can be used or, unless the first of `duplicates`
    is to be taken, two recordings are the same.
    """

    def collect(intake: _Intake) -> Build:
        rows, signatures = zip(*intake.recordings(options, jobs, progress), strict=True)
        frame = pd.DataFrame(rows, columns=list(IDENTITY_COLUMNS))
        corpus = Corpus.from_signatures(frame, signatures, intake.collections())
        return intake.build(corpus)

    return _with_ranges(inputs, duplicates, collect)


def build_folder(
    inputs: Sequence[Path],
    path: Path,
    *,
    options: ReadingOptions = NOTHING_TOLD,
    duplicates: Duplicates = "refuse",
    jobs: int = 1,
    progress: Progress = ignore_progress,
) -> Build:
    """The same in the new folder `path`, without holding all signatures in memory.

    Raises CorpusError as above, and when the folder is taken; then nothing is written.
    """
    require_free(path)

    def write(intake: _Intake) -> Build:
        recordings = intake.recordings(options, jobs, progress)
        # Where no file can be used, this raises before anything is written.
        first = next(recordings)
        with create_corpus(path) as writer:
            for row, signature in chain([first], recordings):
                writer.add(row, signature)
            writer.finish(intake.collections(), intake.rejected, intake.skipped(), intake.notes)
        return intake.build(open_corpus(path))

    return _with_ranges(inputs, duplicates, write)


def _with_ranges(
    inputs: Sequence[Path], duplicates: Duplicates, make: Callable[["_Intake"], Build]
) -> Build:
    """Makes a corpus, and again if its files do not suggest one range of pressure a collection."""
    try:
        return make(_Intake(inputs, duplicates, {}))
    except _SeveralRangesError as found:
        return make(_Intake(inputs, duplicates, found.ranges))


class _SeveralRangesError(Exception):
    """The files of a collection suggest several ranges of pressure."""

    def __init__(self, ranges: dict[str, int]) -> None:
        super().__init__(ranges)
        self.ranges = ranges


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
    """Reads the files below the inputs one by one, and notes what it leaves out.

    `ranges` are those of pressure by collection, as far as they are known.
    """

    def __init__(
        self, inputs: Sequence[Path], duplicates: Duplicates, ranges: Mapping[str, int]
    ) -> None:
        self._files, left_out = find_files(inputs)
        self._identities = _Identities(self._files)
        self._skipped = dict(left_out)
        self._first_problem = ""
        self.rejected: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self._conflicts = _Conflicts(duplicates)
        self._ranges = _Ranges(ranges)
        self._outlines: set[Identity] = set()
        self._summary = Summary()

    def recordings(
        self, options: ReadingOptions, jobs: int, progress: Progress
    ) -> Iterator[tuple[tuple[object, ...], Signature]]:
        """The values of `IDENTITY_COLUMNS` and the signature of each recording, one at least."""
        outcomes = read_files([file.path for file in self._files], options, jobs)
        for done, (file, outcome) in enumerate(zip(self._files, outcomes, strict=True), 1):
            for part, one in self._usable(file, outcome):
                name = file.name + part
                identity = self._identities.of(file, part, one.signature)
                if (why := self._conflicts.with_earlier(name, identity, one.digest)) is not None:
                    self._skipped[name] = why
                    continue
                self._outlines.add(_outline(identity))
                self.notes += [(name, note) for note in one.notes]
                self._summary.add(identity, one.signature)
                yield (
                    (name, *astuple(identity)),
                    self._ranges.applied(identity.collection, one.signature),
                )
            progress(done, len(self._files))
        if not self._outlines:
            first = f", the first: {self._first_problem}" if self._first_problem else ""
            raise NoInputError(
                f"none of {len(self._files)} files can be used{first}",
                f"the formats are {NAMED}, and tables that are told (--columns)",
            )
        self._conflicts.require_none()
        self._ranges.require_one()

    def build(self, corpus: Corpus) -> Build:
        """What was built, after the last recording."""
        return Build(corpus, self.rejected, self.skipped(), self.notes, self._summary)

    def collections(self) -> dict[str, Collection]:
        """The collections of the recordings so far."""
        return describe(self._outlines)

    def skipped(self) -> list[tuple[str, str]]:
        """The files skipped so far, with the reason."""
        return list(self._skipped.items())

    def _usable(self, file: InputFile, outcome: Contents | Problem) -> list[tuple[str, Recorded]]:
        if isinstance(outcome, Problem):
            self._leave_out(file, "", outcome)
            return []
        good = []
        for part, one in outcome:
            if isinstance(one, Problem):
                self._leave_out(file, part, one)
            else:
                good.append((part, one))
        return good

    def _leave_out(self, file: InputFile, part: str, bad: Problem) -> None:
        self._first_problem = self._first_problem or bad.error
        if bad.skipped is None or self._identities.listed(file, part) is not None:
            self.rejected.append((file.name + part, bad.error))
        else:
            self._skipped[file.name + part] = bad.skipped


class _Conflicts:
    """Which recordings are there already."""

    def __init__(self, duplicates: Duplicates) -> None:
        self._duplicates = duplicates
        # By collection: signers of two are different people, so that no trial is made twice.
        self._strokes: dict[tuple[str, bytes], str] = {}
        self._identities: dict[Identity, str] = {}
        self._found: list[str] = []

    def with_earlier(self, name: str, identity: Identity, digest: bytes) -> str | None:
        """Why a recording is one that came before; None if it is new."""
        key = identity.collection, digest
        what, earlier = "strokes", self._strokes.setdefault(key, name)
        # Who forged is not always known; then two may have the same number.
        if earlier == name and identity.number is not None and identity.writer:
            what = "signer, session and number"
            earlier = self._identities.setdefault(identity, name)
        if earlier == name:
            return None
        self._found.append(f"{name} has the same {what} as {earlier}")
        return f"same {what} as {earlier}"

    def require_none(self) -> None:
        """Raises DuplicateRecordingError if there were any and the first is not to be taken."""
        if self._found and self._duplicates == "refuse":
            more = len(self._found) - MAX_NAMED
            named = ", ".join([*self._found[:MAX_NAMED], *([f"and {more} more"] * (more > 0))])
            remedy = "correct or remove one of each, or take the first (--duplicates first)"
            raise DuplicateRecordingError(named, remedy)


class _Ranges:
    """Brings pressures whose range is assumed to one range a collection."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._assumed: dict[str, set[int]] = {}

    def applied(self, collection: str, signature: Signature) -> Signature:
        """The signature with its pressure in the range of its collection, as far as known."""
        device = signature.device
        if signature.pressure is None or device.levels is None or not device.assumed:
            return signature
        full = self._known.get(collection, device.levels)
        self._assumed.setdefault(collection, set()).add(full)
        if full == device.levels:
            return signature
        pressure = signature.pressure * (device.levels / full)
        pressure.setflags(write=False)
        return replace(signature, pressure=pressure, device=replace(device, levels=full))

    def require_one(self) -> None:
        """Raises _SeveralRangesError, with the largest, if a collection has several."""
        if any(len(levels) > 1 for levels in self._assumed.values()):
            raise _SeveralRangesError({name: max(found) for name, found in self._assumed.items()})


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
        found = self.listed(file, part) or known_identity(
            Path(f"{file.path}{part.partition('#')[0]}"), signature
        )
        folder = self._nearest[file.path.parent, file.root] or file.root / MANIFEST
        return found or Identity(Path(os.path.abspath(folder)).parent.name)

    def listed(self, file: InputFile, part: str) -> Identity | None:
        """The identity that the nearest `recordings.csv` lists for a file, or a part of it."""
        manifest = self._nearest[file.path.parent, file.root]
        if manifest is None:
            return None
        name, listed = file.path.relative_to(manifest.parent).as_posix(), self._listed[manifest]
        return listed.get(name + part) or listed.get(name)

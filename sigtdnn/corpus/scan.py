"""Which files lie below the inputs, and what they are called in the corpus.

A file is named by its path, with '/', from the deepest folder that holds all inputs: one name
for one file, whatever the inputs. Names are in natural order: 'S2' before 'S10'.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sigtdnn.corpus.manifest import NAME, has_control_characters
from sigtdnn.errors import NoInputError

HIDDEN = "hidden"
MANIFEST = "identities, not strokes"
IRREGULAR = "not a regular file"
UNPRINTABLE = "the name is not plain UTF-8"


@dataclass(frozen=True)
class InputFile:
    """A file to read. `root` is the input folder it was found in, or its own folder."""

    path: Path
    root: Path
    name: str


def find_files(inputs: Sequence[Path]) -> tuple[list[InputFile], list[tuple[str, str]]]:
    """The files to read, and those skipped with the reason, in natural order of the names.

    Hidden files and folders are skipped, unless they are inputs themselves. Raises
    NoInputError when an input does not exist, or there is none.
    """
    if not inputs:
        raise NoInputError("no inputs", "give stroke files or folders")
    for path in inputs:
        if not path.exists():
            raise NoInputError(f"{path}: no such file or folder", "give stroke files or folders")
    roots = [path if path.is_dir() else path.parent for path in inputs]
    base = os.path.commonpath([os.path.abspath(root) for root in roots])
    found: dict[str, InputFile] = {}
    skipped: dict[str, str] = {}
    for path, root in zip(inputs, roots, strict=True):
        for item, reason in _walk(path):
            name = Path(os.path.relpath(os.path.abspath(item), base)).as_posix()
            if has_control_characters(name):
                name, reason = name.encode("unicode_escape").decode(), UNPRINTABLE
            if reason:
                skipped[name] = reason
            else:
                found.setdefault(name, InputFile(item, root, name))
    return (
        [found[name] for name in sorted(found, key=natural_key)],
        [(name, skipped[name]) for name in sorted(skipped, key=natural_key) if name not in found],
    )


def natural_key(name: str) -> tuple[tuple[str | int, ...], str]:
    """A sort key that reads runs of digits as numbers; unlike names have unlike keys."""
    parts = re.split(r"([0-9]+)", name)
    return tuple(int(part) if i % 2 else part for i, part in enumerate(parts)), name


def _walk(path: Path) -> Iterator[tuple[Path, str]]:
    """Files at or below `path` with '' or the reason to skip them; hidden folders as one."""
    if not path.is_dir():
        yield path, "" if path.is_file() else IRREGULAR
        return
    for folder, folders, files in os.walk(path):
        here = Path(folder)
        yield from ((here / name, HIDDEN) for name in folders if name.startswith("."))
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            yield here / name, _reason(here / name)


def _reason(path: Path) -> str:
    if path.name.startswith("."):
        return HIDDEN
    if path.name == NAME:
        return MANIFEST
    return "" if path.is_file() else IRREGULAR


def nearest_manifest(file: InputFile) -> Path | None:
    """The `recordings.csv` in the file's folder, or the next one up to its input folder."""
    folder = file.path.parent
    for candidate in _up_to(folder, file.root):
        if (candidate / NAME).is_file():
            return candidate / NAME
    return None


def _up_to(folder: Path, root: Path) -> Iterable[Path]:
    yield folder
    while folder != root and folder.parent != folder:
        folder = folder.parent
        yield folder

"""From stroke files to signatures: `read_signature`, and one module a format; and back.

A format's module says whether a file is in that format (`sniff`), and gives the Signature in it,
in the conventions of `sigtdnn.signature`, or a FormatError that names the line at fault (`read`).
A new format is a module and a line in `registry.FORMATS`. What a reader may be told about a file
is in `options`; every signature passes `plausibility`.

A file may hold several signatures. `strokes.txt#2` names the second in `strokes.txt`, unless
there is a file of that very name. `set.zip/ann/01.txt` names a file in a zip archive.
"""

import os
import re
from pathlib import Path
from typing import BinaryIO

from sigtdnn.errors import (
    FormatError,
    ImplausibleError,
    NotStrokesError,
    SeveralSignaturesError,
)
from sigtdnn.formats.archive import contents
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.plausibility import implausible
from sigtdnn.formats.registry import FORMATS, Format, format_of
from sigtdnn.formats.source import Source, load
from sigtdnn.formats.writing import write_signatures
from sigtdnn.signature import Signature

__all__ = [
    "FORMATS",
    "Format",
    "ReadingOptions",
    "Source",
    "read_parts",
    "read_signature",
    "read_signatures",
    "split_name",
    "write_signatures",
]

StrokeFile = Path | str | bytes | BinaryIO

_PART = re.compile(r"(.+)(#[1-9][0-9]{0,8})", re.DOTALL)


def read_signature(file: StrokeFile, options: ReadingOptions = NOTHING_TOLD) -> Signature:
    """The one signature in a stroke file, or the one that `FILE#2` or `ARCHIVE/FILE` names.

    `file` is a path, the bytes of a file, or a file opened for reading bytes. The format is
    recognised, unless told. Raises FormatError when the file cannot be read or holds no plausible
    signature, SeveralSignaturesError when it holds several and none is named, or not as many as
    that; and ConfigurationError when what is told fits no format.
    """
    part = ""
    if isinstance(file, (str, os.PathLike)):
        file, part = split_name(file)
    source = load(file)
    parts = read_parts(source, options)
    if not part and len(parts) > 1:
        problem = f"holds {len(parts)} signatures"
        remedy = f"name one, such as '{source.path}{parts[1][0]}'"
        raise SeveralSignaturesError(source.path, None, problem, remedy)
    for name, one in parts:
        # What is alone is also the first.
        if not part or part in (name, f"{name}#1"):
            return _required(one)
    problem = f"holds {len(parts)} signatures, no '{part}'"
    raise SeveralSignaturesError(source.path, None, problem, "correct it")


def read_signatures(file: StrokeFile, options: ReadingOptions = NOTHING_TOLD) -> list[Signature]:
    """All signatures in a stroke file, one at least, in their order; as `read_signature`."""
    return [_required(one) for _, one in read_parts(load(file), options)]


def read_parts(
    source: Source, options: ReadingOptions = NOTHING_TOLD
) -> list[tuple[str, Signature | FormatError]]:
    """The signatures in a file that has been loaded, or what is wrong with each.

    Each comes after what names it within the file: '#2', '/ann/01.txt' in an archive; '' for the
    only one. In an archive, what is no stroke file is passed over. Raises as `read_signature`
    when the file cannot be read as a whole.
    """
    found: list[tuple[str, Signature | FormatError]] = []
    for inner, packed in contents(source):
        try:
            found += [(inner + part, one) for part, one in _read_file(packed, options)]
        except FormatError as error:
            if not inner:
                raise
            if not isinstance(error, NotStrokesError):
                found.append((inner, error))
    if not found:
        remedy = "give stroke files"
        raise NotStrokesError(source.path, None, "no stroke files in the archive", remedy)
    return found


def _read_file(
    source: Source, options: ReadingOptions
) -> list[tuple[str, Signature | FormatError]]:
    chosen = format_of(source, options)
    signatures = chosen.read(source, options)
    several = len(signatures) > 1
    return [
        _checked(source, f"#{number}" if several else "", signature, options, chosen)
        for number, signature in enumerate(signatures, 1)
    ]


def split_name(path: Path | str) -> tuple[Path, str]:
    """The file of a name such as `strokes.txt#2`, and what names the signature in it: '#2'."""
    path = Path(path)
    if os.path.exists(path):
        return path, ""
    for archive in path.parents:
        if os.path.isfile(archive):
            return archive, f"/{path.relative_to(archive).as_posix()}"
    part = _PART.fullmatch(str(path))
    return (path, "") if part is None else (Path(part[1]), part[2])


def _checked(
    source: Source, part: str, signature: Signature, options: ReadingOptions, format: Format
) -> tuple[str, Signature | FormatError]:
    wrong = implausible(signature, options, format.time_unit)
    return part, ImplausibleError(f"{source.path}{part}", None, *wrong) if wrong else signature


def _required(one: Signature | FormatError) -> Signature:
    if isinstance(one, FormatError):
        raise one
    return one

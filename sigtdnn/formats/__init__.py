"""From stroke files to signatures: `read_signature`, and one module a format.

A format's module says whether a file is in that format (`sniff`), and gives the Signature in it,
in the conventions of `sigtdnn.signature`, or a FormatError that names the line at fault (`read`).
A new format is a module and a line in `registry.FORMATS`.

A file may hold several signatures. `strokes.txt#2` names the second in `strokes.txt`, unless
there is a file of that very name.
"""

import os
import re
from pathlib import Path

from sigtdnn.errors import SeveralSignaturesError
from sigtdnn.formats.registry import FORMATS, Format, named_format, recognise
from sigtdnn.formats.source import Source, load
from sigtdnn.signature import Signature

__all__ = [
    "FORMATS",
    "Format",
    "Source",
    "read_signature",
    "read_signatures",
    "read_source",
    "split_name",
]

_PART = re.compile(r"(.+)#([1-9][0-9]{0,8})", re.DOTALL)


def read_signature(path: Path | str, format: str | None = None) -> Signature:
    """The one signature in a stroke file, or the one that `FILE#2` names.

    `format` is a name in `FORMATS`; without it the format is recognised. Raises FormatError
    when the file cannot be read as that format, SeveralSignaturesError when it holds several
    and none is named, or not as many as that; and UnknownFormatError.
    """
    file, number = split_name(path)
    signatures = read_signatures(file, format)
    if number is None and len(signatures) > 1:
        raise SeveralSignaturesError(
            file, None, f"holds {len(signatures)} signatures", f"name one, such as '{file}#2'"
        )
    if number is not None and number > len(signatures):
        raise SeveralSignaturesError(
            file, None, f"holds {len(signatures)} signatures, no number {number}", "correct it"
        )
    return signatures[(number or 1) - 1]


def read_signatures(path: Path | str, format: str | None = None) -> list[Signature]:
    """All signatures in a stroke file, one at least, in their order; `format` as above.

    Raises FormatError when the file cannot be read as that format, and UnknownFormatError.
    """
    return read_source(load(Path(path)), format)


def read_source(source: Source, format: str | None = None) -> list[Signature]:
    """All signatures in a file that has been loaded; otherwise as `read_signatures`."""
    chosen = recognise(source) if format is None else named_format(format)
    return list(chosen.read(source))


def split_name(path: Path | str) -> tuple[Path, int | None]:
    """The file of a name such as `strokes.txt#2`, and which of its signatures that is."""
    part = _PART.fullmatch(str(path))
    if part is None or os.path.exists(path):
        return Path(path), None
    return Path(part[1]), int(part[2])

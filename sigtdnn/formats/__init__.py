"""From stroke files to signatures: `read_signature`, and one module a format.

A reader takes the lines of a file (`source.Source`) and gives a Signature in its conventions,
or a FormatError that names the line at fault.
"""

from collections.abc import Callable
from pathlib import Path

from sigtdnn.errors import ConfigurationError, FormatError
from sigtdnn.formats import plain_csv, sigcomp, susig, svc2004
from sigtdnn.formats.recognise import NotStrokes, recognise
from sigtdnn.formats.source import Source, load
from sigtdnn.signature import Signature

READERS: dict[str, Callable[[Source], Signature]] = {
    "svc2004": svc2004.read,
    "susig": susig.read,
    "sigcomp2009": sigcomp.read_2009,
    "sigcomp2011": sigcomp.read_2011,
    "csv": plain_csv.read,
}
FORMATS = tuple(READERS)

__all__ = ["FORMATS", "holds_strokes", "read_signature"]


def read_signature(path: Path | str, format: str | None = None) -> Signature:
    """The signature in a stroke file, of the format recognised, or of that named in `FORMATS`.

    Raises FormatError when the file cannot be read as that format, and ConfigurationError for
    an unknown format name.
    """
    if format is not None and format not in READERS:
        raise ConfigurationError(f"unknown format '{format}'; the formats are {', '.join(FORMATS)}")
    source = load(Path(path))
    name = format or recognise(source)
    if source.defect is not None:
        raise source.defect
    return READERS[name](source)


def holds_strokes(path: Path) -> bool:
    """Whether a file looks like strokes, be they broken, ambiguous or of a layout not read.

    Raises FormatError when the file cannot be opened.
    """
    source = load(path)
    try:
        recognise(source)
    except NotStrokes:
        return False
    except FormatError:
        return True
    return True

"""From stroke files to signatures: `read_signature`, and one module a format.

A reader takes the lines of a file (`source.Source`) and gives a Signature in its conventions,
or a FormatError that names the line at fault.
"""

from collections.abc import Callable
from pathlib import Path

from sigtdnn.errors import ConfigurationError
from sigtdnn.readers import sigcomp, susig, svc2004, table
from sigtdnn.readers.recognise import NotStrokes, recognise
from sigtdnn.readers.source import Source, load
from sigtdnn.signature import Signature

READERS: dict[str, Callable[[Source], Signature]] = {
    "svc2004": svc2004.read,
    "susig": susig.read,
    "sigcomp2009": sigcomp.read_2009,
    "sigcomp2011": sigcomp.read_2011,
    "csv": table.read,
}
FORMATS = tuple(READERS)

__all__ = ["FORMATS", "NotStrokes", "read_signature"]


def read_signature(path: Path | str, format: str | None = None) -> Signature:
    """The signature in a stroke file, of the format recognised, or of that named in `FORMATS`.

    Raises FormatError when the file cannot be read as that format (its subclass NotStrokes
    when it is no stroke file at all), and ConfigurationError for an unknown format name.
    """
    if format is not None and format not in READERS:
        raise ConfigurationError(f"unknown format '{format}'; the formats are {', '.join(FORMATS)}")
    source = load(Path(path))
    name = format or recognise(source)
    if source.foreign is not None:
        raise source.error(
            source.foreign, "a byte that is not plain text", "give the strokes as plain text"
        )
    return READERS[name](source)

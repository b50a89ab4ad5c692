"""The formats that are read, and which of them a file is in.

The name decides only between formats of the same layout: seven columns below a count are SVC2004
in `.txt` and Wacom in `.svc`, and four or seven DeepSignDB under its names; three columns without a
header are SigComp2011 in `.hwr` and `x y button` elsewhere. What stays ambiguous is refused, not
guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sigtdnn.errors import (
    AmbiguousLayoutError,
    ConfigurationError,
    FormatError,
    NotStrokesError,
    UnknownFormatError,
)
from sigtdnn.formats import (
    deepsigndb,
    inkml,
    iso19794,
    mcyt,
    plain_csv,
    sigcomp2009,
    sigcomp2011,
    signature_pad,
    susig,
    svc2004,
    table,
    unipen,
    wacom,
)
from sigtdnn.formats.foreign import foreign
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.source import Source
from sigtdnn.formats.unsupported import NAME_IT, unsupported
from sigtdnn.signature import Signature


@dataclass(frozen=True)
class Format:
    """A layout of stroke files, how to read it, and perhaps how to write it."""

    # Whether a file is in this format, perhaps broken, by its first lines.
    sniff: Callable[[Source], bool]
    # The signatures in a file of this format, or a FormatError.
    read: Callable[[Source, ReadingOptions], Sequence[Signature]]
    # The unit that time stamps usually count in; None where there are none, or the file tells.
    time_unit: str | None = None
    # The file of signatures, one at least; None where the format is only read.
    write: Callable[[Sequence[Signature]], bytes] | None = None
    ending: str = ""  # of the names of files that are written
    several: bool = False  # whether a file may hold several signatures


def single(
    sniff: Callable[[Source], bool],
    read: Callable[[Source, ReadingOptions], Signature],
    time_unit: str | None = None,
    write: Callable[[Signature], bytes] | None = None,
    ending: str = "",
) -> Format:
    """A format with one signature a file."""
    return Format(
        sniff,
        lambda source, options: [read(source, options)],
        time_unit,
        None if write is None else lambda signatures: write(*signatures),
        ending,
    )


FORMATS: dict[str, Format] = {
    "svc2004": single(svc2004.sniff, svc2004.read, "ms", svc2004.write, ".txt"),
    "susig": single(susig.sniff, susig.read, "ms"),
    "sigcomp2009": single(sigcomp2009.sniff, sigcomp2009.read),
    "sigcomp2011": single(sigcomp2011.sniff, sigcomp2011.read),
    "mcyt": single(mcyt.sniff, mcyt.read, "s"),
    "deepsigndb": single(deepsigndb.sniff, deepsigndb.read, "ms"),
    "wacom": single(wacom.sniff, wacom.read, "ms", wacom.write, ".svc"),
    "iso19794": single(iso19794.sniff, iso19794.read, "s", iso19794.write, ".iso"),
    "signature_pad": single(
        signature_pad.sniff, signature_pad.read, "ms", signature_pad.write, ".json"
    ),
    "inkml": single(inkml.sniff, inkml.read, None, inkml.write, ".inkml"),
    "unipen": Format(unipen.sniff, unipen.read, None, unipen.write, ".dat", several=True),
    "csv": single(table.sniff, table.read, "s", plain_csv.write, ".csv"),
}
TABLE = "csv"
NAMED = (
    "SVC2004, SUSIG, SigComp 2009 and 2011, MCYT, DeepSignDB, Wacom .svc, ISO/IEC 19794-7, "
    "signature_pad JSON, InkML, UNIPEN, and CSV naming t, x, y, pen in line 1"
)


def named_format(name: str) -> Format:
    """The format of that name.

    Raises UnknownFormatError.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise UnknownFormatError(f"unknown format '{name}'", f"the formats are {known}")
    return FORMATS[name]


def format_of(source: Source, options: ReadingOptions) -> Format:
    """The format told, else the one recognised; what only tables have tells of a table.

    Raises UnknownFormatError, ConfigurationError when what is told contradicts itself, and as
    `recognise`.
    """
    if options.table is None:
        return recognise(source) if options.format is None else named_format(options.format)
    if options.format not in (None, TABLE):
        raise ConfigurationError(
            f"'{options.table}' is told of a file of the format '{options.format}', only '{TABLE}' "
            "takes it",
            "tell one of the two",
        )
    return FORMATS[TABLE]


def recognise(source: Source) -> Format:
    """The format of a file.

    Raises NotStrokesError when the content is something else, and FormatError when it is strokes
    in a layout that is ambiguous or not read.
    """
    if not source.data.strip():
        raise NotStrokesError(source.path, None, "the file is empty", "record the signature again")
    if (picture := foreign(source)) is not None:
        problem = f"a picture ({picture}): pen trajectories are needed"
        raise NotStrokesError(source.path, None, problem, f"give one of {NAMED}")
    found = [name for name, format in FORMATS.items() if format.sniff(source)]
    if len(found) == 1:
        return FORMATS[found[0]]
    if found:
        raise AmbiguousLayoutError(source.path, 1, f"may be {' or '.join(found)}", NAME_IT)
    if (error := unsupported(source)) is not None:
        raise error
    if (defect := source.defect) is not None:
        raise NotStrokesError(source.path, defect.line, defect.problem, defect.remedy)
    raise NotStrokesError(
        source.path,
        1,
        "not in a known stroke format",
        f"give one of {NAMED}, or name the format (--format)",
    )


def holds_strokes(source: Source) -> bool:
    """Whether a file looks like strokes, even broken, ambiguous or in a layout not read."""
    try:
        recognise(source)
    except NotStrokesError:
        return False
    except FormatError:
        return True
    return True

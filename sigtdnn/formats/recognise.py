"""Which format a stroke file has, told from its first two lines.

The ending of the name decides only between formats of the same layout: seven columns below a
count are SVC2004 in `.txt` and Wacom in `.svc`; three columns without a header are SigComp2011
in `.hwr` and `x y button` elsewhere. What stays ambiguous is refused, not guessed.
"""

import re

from sigtdnn.errors import FormatError
from sigtdnn.formats import plain_csv, susig
from sigtdnn.formats.source import Source

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")
_WHOLE = re.compile(r"\d+")
_FORMATS = "SVC2004, SUSIG, SigComp 2009 and 2011, and CSV naming t, x, y, pen in line 1"


class NotStrokes(FormatError):  # noqa: N818 - it says what the file is not
    """Content that is no stroke file of any layout known here, such as a note to the reader."""


def recognise(source: Source) -> str:
    """The name of the format, one of `sigtdnn.formats.FORMATS`.

    Raises NotStrokes when the content is of another nature, and FormatError when it is
    strokes of a layout that is ambiguous or not read.
    """
    head = source.lines[0] if source.lines else ""
    fields = head.split()
    following = source.lines[1].split() if len(source.lines) > 1 else []
    if susig.is_header(head):
        return "susig"
    if {"x", "y"} <= set(plain_csv.header(head)):
        return "csv"
    if len(fields) == 1 and _WHOLE.fullmatch(fields[0]):
        return _below_count(source, following)
    if len(fields) > 1 and all(_NUMBER.fullmatch(field) for field in fields[:2]):
        return _without_header(source, fields)
    if len(fields) > 1 and _WHOLE.fullmatch(fields[-1]) and _is_row(following):
        return "sigcomp2009"
    raise NotStrokes(
        source.path,
        1,
        "no stroke file known here",
        f"give one of {_FORMATS}, or name the format (--format)",
    )


def _is_row(fields: list[str]) -> bool:
    return len(fields) > 1 and bool(_NUMBER.fullmatch(fields[0]))


def _below_count(source: Source, row: list[str]) -> str:
    ending = source.path.suffix.lower()
    if len(row) == 4 or (len(row) == 7 and ending == ".txt"):
        return "svc2004"
    if len(row) == 7 and ending == ".svc":
        raise source.error(
            1, "the Wacom .svc layout is not supported yet", "convert it to CSV: t, x, y, pen"
        )
    if len(row) == 7:
        raise source.error(
            1,
            "seven columns below a count are SVC2004 or Wacom, which code the pen differently",
            "name the format (--format)",
        )
    raise source.error(2, f"{len(row)} columns below a count, SVC2004 has 4 or 7", "mend the line")


def _without_header(source: Source, fields: list[str]) -> str:
    if len(fields) == 3 and source.path.suffix.lower() == ".hwr":
        return "sigcomp2011"
    if len(fields) == 3:
        raise source.error(
            1,
            "three columns without a header are 'x y pressure' (SigComp2011) or 'x y button'",
            "name the format (--format)",
        )
    raise source.error(
        1, f"{len(fields)} columns without a header are of no layout known", "convert it to CSV"
    )

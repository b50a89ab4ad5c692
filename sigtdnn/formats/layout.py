"""What the first two lines of a file of bare numbers reveal of its layout."""

import re
from pathlib import Path

from sigtdnn.formats.source import Source

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")
_WHOLE = re.compile(r"\d+")
# A row with 0 in the fourth of seven columns, and what is in the last.
_ZERO = re.compile(
    rb"^[ \t]*(?:\S+[ \t]+){3}0(?:\.0*)?(?:[ \t]+\S+){2}[ \t]+(\S+)[ \t]*\r?$", re.MULTILINE
)
_NOTHING = re.compile(rb"0(?:\.0*)?")
# The names of DeepSignDB tell its layouts from that of SVC2004.
DEEPSIGNDB = re.compile(r"u(\d{4})_([gs])_(.+)\.txt", re.IGNORECASE)


def ending(source: Source) -> str:
    """The ending of the file's name, such as '.txt'."""
    return Path(source.name).suffix.lower()


def is_deepsigndb(source: Source) -> bool:
    """Whether the file has a name of DeepSignDB, such as 'u1001_g_0001.txt'."""
    return DEEPSIGNDB.fullmatch(source.name) is not None


def columns_below_count(source: Source) -> int | None:
    """The columns of line 2 if line 1 is a whole number and nothing else; else None."""
    head = source.fields(0)
    return len(source.fields(1)) if len(head) == 1 and is_whole(head[0]) else None


def has_pen_states(source: Source) -> bool | None:
    """Whether the fourth of seven columns below a count is a pen flag, 0 in the air.

    In SVC2004, 0 is the first point of a stroke, and has pressure. None where it is never 0.
    """
    if columns_below_count(source) != 7:
        return False
    # The first tells: with pressure it is a first point, and else in the air.
    found = _ZERO.search(source.below(1))
    return None if found is None else _NOTHING.fullmatch(found[1]) is not None


def columns_without_header(source: Source) -> int | None:
    """The columns of line 1 if it is a row of numbers, two at least; else None."""
    return len(source.fields(0)) if is_row(source.fields(0), 2) else None


def is_row(fields: list[str], numbers: int) -> bool:
    """Whether there are two fields at least, and the first `numbers` of them are numbers."""
    return len(fields) > 1 and all(_NUMBER.fullmatch(field) for field in fields[:numbers])


def is_whole(field: str) -> bool:
    """Whether a field is a whole number without a sign."""
    return bool(_WHOLE.fullmatch(field))

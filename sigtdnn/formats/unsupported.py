"""Layouts known to hold strokes that are not read, or only when the user names the format."""

from sigtdnn.errors import AmbiguousLayoutError, FormatError, UnsupportedLayoutError
from sigtdnn.formats.layout import columns_below_count, columns_without_header
from sigtdnn.formats.source import Source

NAME_IT = "name the format (--format)"
NAME_COLUMNS = "say which columns they are, such as --columns t=1,x=2,y=3"


def unsupported(source: Source) -> FormatError | None:
    """Why the strokes in a file of no known format are not read; None if it holds none."""
    columns = columns_below_count(source)
    if columns is not None:
        return _below_count(source, columns)
    columns = columns_without_header(source)
    return None if columns is None else _without_header(source, columns)


def _below_count(source: Source, columns: int) -> FormatError:
    if columns != 7:
        return UnsupportedLayoutError(
            source.path, 2, f"{columns} columns below a count are in no known layout", NAME_COLUMNS
        )
    return AmbiguousLayoutError(
        source.path,
        1,
        "seven columns below a count are SVC2004 or Wacom, which code the pen differently",
        NAME_IT,
    )


def _without_header(source: Source, columns: int) -> FormatError:
    if columns == 3:
        return AmbiguousLayoutError(
            source.path,
            1,
            "three columns without a header are 'x y pressure' (SigComp2011) or 'x y button'",
            f"{NAME_IT}, or {NAME_COLUMNS}",
        )
    return UnsupportedLayoutError(
        source.path,
        1,
        f"{columns} columns without a header are in no known layout",
        NAME_COLUMNS,
    )

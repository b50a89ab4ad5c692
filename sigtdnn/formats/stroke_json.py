"""From JSON with strokes of points, in the forms that web pages give it, to columns.

    [{"points": [{"x": 1, "y": 2}]}]    a list of strokes, each an object with points,
    [[{"x": 1, "y": 2}]]                or the list of points itself,
    [{"x": [1], "y": [2]}]              or an object of columns

One stroke may stand alone, and the list of strokes may be the one such value of an object. Names
are taken in any case and in the spellings of `SPELLINGS`; other names are ignored.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import FormatError, UnsupportedLayoutError
from sigtdnn.formats.source import MAX_LINES, MAX_NUMBER, Source

SPELLINGS = {
    "x": "x",
    "y": "y",
    "time": "time", "t": "time", "ts": "time", "timestamp": "time",
    "pressure": "pressure", "p": "pressure", "force": "pressure",
    "tiltx": "tiltX",
    "tilty": "tiltY",
    "azimuthangle": "azimuthAngle",
    "altitudeangle": "altitudeAngle",
}  # fmt: skip
_MEND = "give a list of strokes, each with points of x, y and time"

Columns = dict[str, list[Any]]


def read_strokes(source: Source) -> tuple[dict[str, Float64], list[int]]:
    """The columns of all points, shape (n,), by name; and how many points each stroke has.

    x and y are among the columns. Raises FormatError.
    """
    strokes = [
        _columns(source, number, stroke)
        for number, stroke in enumerate(_strokes(source, _content(source)), 1)
    ]
    lengths = [len(stroke["x"]) for stroke in strokes if stroke["x"]]
    if not lengths:
        raise source.error(None, "no points", "record the signature again")
    names = {name for stroke in strokes for name in stroke}
    return {name: _joined(source, strokes, name) for name in names}, lengths


def _content(source: Source) -> Any:
    if source.contents.count(b"{") > MAX_LINES:
        raise source.error(None, f"over {MAX_LINES} points", "give one signature a file")
    try:
        # Floats throughout: Python would count whole numbers of any length.
        return json.loads(source.contents, parse_int=float)
    except json.JSONDecodeError as error:
        raise source.error(error.lineno, f"is no JSON ({error.msg})", "restore the file") from error
    except UnicodeDecodeError as error:
        raise source.error(None, "is no JSON (not UTF-8)", "restore the file") from error
    except RecursionError as error:
        raise source.error(None, "JSON in too many levels", _MEND) from error


def _strokes(source: Source, content: Any) -> Sequence[Any]:
    """The strokes, in whatever form each has."""
    if isinstance(content, Mapping):
        if _is_stroke(content):
            return [content]
        lists = [
            value
            for value in content.values()
            if isinstance(value, list) and value and (_is_stroke(value) or _is_stroke(value[0]))
        ]
        if len(lists) != 1:
            raise _unknown(source, f"{len(lists)} lists of strokes")
        content = lists[0]
    if not isinstance(content, list):
        raise _unknown(source, "no list of strokes")
    return [content] if _is_stroke(content) else content


def _is_stroke(value: Any) -> bool:
    """Whether a value is a stroke in one of the three forms, by its beginning."""
    if isinstance(value, list):
        return bool(value) and _has_values(value[0], float)
    return _points_of(value) is not None or _has_values(value, list)


def _has_values(value: Any, kind: type) -> bool:
    named = _named(value) if isinstance(value, Mapping) else {}
    return all(isinstance(named.get(name), kind) for name in "xy")


def _points_of(value: Any) -> Any:
    if isinstance(value, Mapping):
        return next((inner for key, inner in value.items() if key.lower() == "points"), None)
    return None


def _named(point: Mapping[str, Any]) -> dict[str, Any]:
    """What an object has under names known here."""
    return {
        SPELLINGS[lower]: value
        for lower, value in ((key.lower(), value) for key, value in point.items())
        if lower in SPELLINGS and value is not None
    }


def _columns(source: Source, number: int, stroke: Any) -> Columns:
    """The columns of stroke `number`, all of one length, checked."""
    points = _points_of(stroke)
    content = stroke if points is None else points
    if isinstance(content, list):
        columns = _of_points(source, number, content)
    elif isinstance(content, Mapping):
        columns = {k: value for k, value in _named(content).items() if isinstance(value, list)}
        if not {"x", "y"} <= columns.keys() or len(set(map(len, columns.values()))) > 1:
            raise _at(source, number, None, "no columns x and y as long as all others", _MEND)
    else:
        raise _at(source, number, None, "no list of points", _MEND)
    for name, values in columns.items():
        for place, value in enumerate(values, 1):
            if not _is_number(value):
                problem = f"{name} is {_shown(value)}, not a number"
                raise _at(source, number, place, problem, "mend or remove the point")
    return columns


def _of_points(source: Source, number: int, points: Sequence[Any]) -> Columns:
    columns: Columns = {"x": [], "y": []}
    for place, point in enumerate(points, 1):
        if not isinstance(point, Mapping):
            if isinstance(point, (list, float)):
                raise _unknown(source, "points without names")
            raise _at(source, number, place, f"{_shown(point)} is no point", _MEND)
        named = _named(point)
        if place == 1:
            columns = {name: [] for name in ("x", "y", *named)}
        for name in columns.keys() | named.keys():
            if name not in named or name not in columns:
                raise _at(source, number, place, f"{name} is missing here or before", _MEND)
            columns[name].append(named[name])
    return columns


def _joined(source: Source, strokes: Sequence[Columns], name: str) -> Float64:
    for number, stroke in enumerate(strokes, 1):
        if stroke["x"] and name not in stroke:
            raise _at(source, number, None, f"no {name}, which other strokes have", _MEND)
    return np.concatenate([np.array(one.get(name, ()), np.float64) for one in strokes])


def _is_number(value: Any) -> bool:
    return isinstance(value, float) and math.isfinite(value) and abs(value) < MAX_NUMBER


def _shown(value: Any) -> str:
    """A value of unknown size in a few letters."""
    if isinstance(value, (str, float, bool)):
        return f"{str(value)[:20]!r}" if isinstance(value, str) else f"{value}"
    return f"a {type(value).__name__}"


def _at(source: Source, stroke: int, point: int | None, problem: str, remedy: str) -> FormatError:
    where = f"stroke {stroke}" if point is None else f"point {point} of stroke {stroke}"
    return source.error(None, f"{where}: {problem}", remedy)


def _unknown(source: Source, found: str) -> FormatError:
    return UnsupportedLayoutError(source.path, None, f"JSON with {found}", _MEND)

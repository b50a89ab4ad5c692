"""Any table: a row a sample. By default plain CSV, for people who bring their own tablet.

t         seconds from any origin
x, y      any unit, the same for both; y grows upward
pen       1 on the surface, 0 in the air; holds until the next row
stroke    in place of pen: the number of the stroke, one number throughout; empty or negative in
          the air
pressure  0..1 of the device range; the column may be absent
azimuth, altitude   degrees, as in a Signature; they may be absent

Line 1 names the columns, in any order. Unless columns are told, others are refused: a misspelt
pressure would go unnoticed. Lines that begin with '#' do not count. A row in the air without
coordinates is a gap. `ReadingOptions` tells of tables that are otherwise: by the name of a
column in the header, in capitals or not, or by its number, then with or without a header.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import FormatError, NotStrokesError
from sigtdnn.formats.layout import is_whole
from sigtdnn.formats.mcyt import has_header as is_mcyt
from sigtdnn.formats.options import Columns, ReadingOptions
from sigtdnn.formats.pen_coding import numbered
from sigtdnn.formats.pressure import TELL_IT
from sigtdnn.formats.source import MAX_NUMBER, NUMBER, Source
from sigtdnn.formats.susig import is_header as is_susig
from sigtdnn.signature import Device, Signature, number_strokes

COLUMNS = tuple(vars(Columns()))
COMMENT = "#"
SEPARATORS = (";", "\t", ",")
NAME_THEM = "say which columns they are, such as --columns t=Time,x=3"
_EMPTY = frozenset({"", "nan", "na", "null", "none"})
_MEND = "mend or remove the line"


def sniff(source: Source) -> bool:
    """Whether the first line that is no comment names x and y, unlike that of other formats."""
    line = next((line for line in source.head if not line.startswith(COMMENT)), "")
    separator = _separator_in(line)
    if separator is None or is_susig(line) or is_mcyt(source):
        return False
    return {"x", "y"} <= {_bare(name) for name in line.split(separator)}


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in a table.

    Raises FormatError, NotStrokesError where no column has a name that is known.
    """
    table = _Table(source, options)
    gaps = table.are_empty("x") & table.are_empty("y")
    pressure = _pressure(table, options)
    stroke = _stroke(table, options, pressure)
    lost = gaps & _on_surface(stroke)
    if lost.any():
        row = int(np.argmax(lost))
        raise table.error(row, "no coordinates, but the pen is on the surface", _MEND)
    known = np.flatnonzero(~gaps)
    if not len(known):
        raise source.error(None, "no row has coordinates", NAME_THEM)
    x, y = (table.numbers(name, known) for name in ("x", "y"))
    points = (_times(table, options)[known], x, options.upward(y, "up"))
    return numbered(
        source,
        points,
        stroke[known],
        None if pressure is None else pressure[known],
        _tilt(table, known),
        Device(options.rate, levels=options.pressure_range),
    )


@dataclass(frozen=True)
class _Layout:
    """What the first line of a table that is no comment tells of it."""

    line: int
    names: list[str] | None  # of the columns; None where the line is a row already
    width: int  # in columns
    split: Callable[[str], list[str]]  # what splits a line
    rows: list[tuple[int, str]]  # the lines below, with their numbers


class _Table:
    """A table and which of its columns holds what."""

    def __init__(self, source: Source, options: ReadingOptions) -> None:
        self._source = source
        self._decimal_comma = options.decimal_comma
        layout = _layout(source, options)
        self._chosen = _chosen(source, options, layout)
        self._lines = [number for number, _ in layout.rows]
        self._columns = _columns(source, layout)

    def __len__(self) -> int:
        """The number of rows, n."""
        return len(self._lines)

    def __contains__(self, name: str) -> bool:
        """Whether there is a column that holds `name`, one of `COLUMNS`."""
        return name in self._chosen

    def cells(self, name: str) -> tuple[str, ...]:
        """The cells of a column, as they are written."""
        return self._columns[self._chosen[name]]

    def are_empty(self, name: str) -> Bool:
        """Which cells of a column are empty, shape (n,)."""
        return np.array([cell.strip().lower() in _EMPTY for cell in self.cells(name)], dtype=bool)

    def numbers(self, name: str, rows: Rows | None = None) -> Float64:
        """The numbers in some rows of a column, else in all.

        Raises FormatError at the first cell that is none.
        """
        cells: Sequence[str] = self.cells(name)
        if rows is not None and len(rows) < len(cells):
            cells = [cells[row] for row in rows]
        try:
            # Faster than looking at each; what Python alone takes for a number is rare.
            values = np.array([float(cell) for cell in cells])
            if np.all(np.abs(values) < MAX_NUMBER) and not any("_" in cell for cell in cells):
                return values
        except ValueError:
            pass
        places = range(len(cells)) if rows is None else rows.tolist()
        return np.array(
            [self._number(name, row, cell) for row, cell in zip(places, cells, strict=True)]
        )

    def _number(self, name: str, row: int, cell: str) -> float:
        text = cell.strip()
        if self._decimal_comma:
            text = text.replace(",", ".")
        if NUMBER.fullmatch(text) and abs(float(text)) < MAX_NUMBER:
            return float(text)
        remedy = _MEND
        if "," in text and NUMBER.fullmatch(text.replace(",", ".")):
            remedy = "say that numbers have a decimal comma (--decimal-comma)"
        elif name == "pen":
            remedy = "say which values set the pen down and lift it (--down, --up)"
        raise self.error(row, f"{name} is {text[:20]!r}, not a number", remedy)

    def require(self, name: str, values: Float64, good: Bool, wanted: str, remedy: str) -> None:
        """Raises FormatError at the first row of a column whose value is not good."""
        if not good.all():
            row = int(np.argmin(good))
            raise self.error(row, f"{name} is {values[row]:.10g}, {wanted} is wanted", remedy)

    def error(self, row: int, problem: str, remedy: str) -> FormatError:
        """The error to raise about a row, from 0."""
        return self._source.error(self._lines[row], problem, remedy)


def _layout(source: Source, options: ReadingOptions) -> _Layout:
    mark = options.comment or COMMENT
    rows = [
        (number, line) for number, line in enumerate(source.lines, 1) if not line.startswith(mark)
    ]
    if not rows:
        raise source.error(None, "no line but comments", "record the signature again")
    if len(rows) > 1 and is_whole(rows[0][1].strip()):
        # How many points follow; some files state more than there are.
        del rows[0]
    number, first = rows[0]
    separator = options.separator or _separator_in(first)
    split = _splitter(None if separator == " " else separator, '"' in "".join(source.lines))
    cells = split(first)
    if all(NUMBER.fullmatch(cell.strip().replace(",", ".")) for cell in cells):
        return _Layout(number, None, len(cells), split, rows)
    return _Layout(number, [_bare(cell) for cell in cells], len(cells), split, rows[1:])


def _columns(source: Source, layout: _Layout) -> list[tuple[str, ...]]:
    """The cells of the rows, a column each."""
    if not layout.rows:
        raise source.error(None, "no points follow the header", "record the signature again")
    rows = []
    for number, line in layout.rows:
        cells = layout.split(line)
        if len(cells) != layout.width:
            names = f" ({', '.join(layout.names)})" if layout.names else ""
            problem = f"{len(cells)} columns, {layout.width} are wanted{names}"
            raise source.error(number, problem, _MEND)
        rows.append(cells)
    return list(zip(*rows, strict=True))


def _splitter(separator: str | None, quoted: bool) -> Callable[[str], list[str]]:
    """What splits a line; `quoted` tells whether there are quotes in any."""
    if not quoted:
        return lambda line: line.split(separator)

    def split(line: str) -> list[str]:
        cells = csv.reader([line.strip()], delimiter=separator or " ", skipinitialspace=True)
        try:
            return next(cells, [])
        except csv.Error:
            # A cell of more than 128 KiB; the row has no columns then.
            return []

    return split


def _separator_in(line: str) -> str | None:
    """The likely separator of a line, None for blanks; a decimal comma leaves the rest to ';'."""
    return next((mark for mark in SEPARATORS if mark in line), None)


def _bare(name: str) -> str:
    """A column's name; quotes and blanks around it do not count, nor capitals."""
    return name.strip().strip('"').strip().lower()


def _chosen(source: Source, options: ReadingOptions, layout: _Layout) -> dict[str, int]:
    """The place of the column, from 0, that holds each of `COLUMNS`, where there is one."""
    told = {name: column for name, column in vars(options.columns).items() if column is not None}
    names = layout.names or []
    wanted = {*COLUMNS, *(_bare(str(column)) for column in told.values())}
    if names and not wanted & set(names) and not any(name.isdecimal() for name in wanted):
        problem = f"no column is named {', '.join(sorted(wanted))}"
        remedy = f"{NAME_THEM}, or what separates them (--separator)"
        raise NotStrokesError(source.path, layout.line, problem, remedy)
    chosen = {name: _place(source, name, column, layout) for name, column in told.items()}
    if not told:
        _require_known(source, layout)
    usual = COLUMNS if not told else ("t", "x", "y", "pen", "stroke", "pressure")
    for name in usual:
        coded = name in ("pen", "stroke") and ({"pen", "stroke"} & set(chosen))
        if name in names and name not in chosen and not coded:
            chosen[name] = _place(source, name, name, layout)
    for name in ("t", "x", "y"):
        if name not in chosen and not (name == "t" and options.rate):
            other = ", or give the rate of samples (--rate)" if name == "t" else ""
            raise source.error(layout.line, f"no column '{name}'", NAME_THEM + other)
    return chosen


def _place(source: Source, name: str, column: str | int, layout: _Layout) -> int:
    names = layout.names or []
    wanted = _bare(str(column))
    if names.count(wanted) == 1:
        return names.index(wanted)
    if wanted in names:
        raise source.error(
            layout.line, f"column '{wanted}' appears twice", "give its number (--columns)"
        )
    if re.fullmatch("[1-9][0-9]{0,3}", wanted) and int(wanted) <= layout.width:
        return int(wanted) - 1
    known = ", ".join(names) if names else f"numbers 1 to {layout.width}"
    raise source.error(
        layout.line, f"no column {wanted[:20]!r} to be '{name}'", f"the columns are {known}"
    )


def _require_known(source: Source, layout: _Layout) -> None:
    for name in layout.names or []:
        if name not in COLUMNS:
            problem = f"unknown column {name[:20]!r}"
            raise source.error(layout.line, problem, f"correct it, or {NAME_THEM}")


def _times(table: _Table, options: ReadingOptions) -> Float64:
    if "t" in table and options.rate is None:
        return options.seconds(table.numbers("t"), "s")
    return options.clock(len(table), options.rate or 1)


def _pressure(table: _Table, options: ReadingOptions) -> Float64 | None:
    """The pressure of the rows, shape (n,), 0 where none is written; None without the column."""
    if "pressure" not in table:
        return None
    pressure = np.zeros(len(table))
    written = np.flatnonzero(~table.are_empty("pressure"))
    pressure[written] = table.numbers("pressure", written)
    full = options.pressure_range or 1
    good = (pressure >= 0) & (pressure <= full)
    table.require("pressure", pressure, good, f"0..{full}", TELL_IT)
    return pressure / full


def _stroke(table: _Table, options: ReadingOptions, pressure: Float64 | None) -> Rows:
    """The stroke index of the rows, shape (n,), -1 in the air."""
    if options.pen_from_pressure:
        if pressure is None:
            raise table.error(0, "no column 'pressure' to tell the pen from", NAME_THEM)
        return number_strokes(pressure > 0)
    if "stroke" in table:
        return _numbered(table)
    if "pen" not in table:
        raise table.error(
            0,
            "no column tells when the pen is on the surface: 'pen' or 'stroke'",
            "say which does (--columns), or --pen-from-pressure",
        )
    if options.down:
        return number_strokes(_after_events(table.cells("pen"), options.down, options.up))
    pen = table.numbers("pen")
    remedy = "say which values set the pen down and lift it (--down, --up)"
    table.require("pen", pen, np.isin(pen, (0, 1)), "0 or 1", remedy)
    return number_strokes(pen == 1)


def _numbered(table: _Table) -> Rows:
    """Strokes from 0 of the column `stroke`, whose numbers may be any."""
    numbers = np.full(len(table), -1.0)
    written = np.flatnonzero(~table.are_empty("stroke"))
    numbers[written] = table.numbers("stroke", written)
    down = numbers >= 0
    begins = down & (np.diff(numbers, prepend=-1) != 0)
    return np.where(down, np.cumsum(begins) - 1, -1)


def _on_surface(stroke: Rows) -> Bool:
    """Which rows begin or continue a stroke, and do not merely end it; shape (n,)."""
    begins = np.diff(stroke, prepend=-1) != 0
    goes_on = np.append(stroke[1:] == stroke[:-1], False)
    surface: Bool = (stroke >= 0) & (begins | goes_on)
    return surface


def _after_events(cells: Sequence[str], down: Sequence[str], up: Sequence[str]) -> Bool:
    """Whether the pen is on the surface after the event in each cell, shape (n,)."""
    states, state = [], False
    for cell in map(_bare, cells):
        state = (state or cell in map(_bare, down)) and cell not in map(_bare, up)
        states.append(state)
    return np.array(states, dtype=bool)


def _tilt(table: _Table, rows: Rows) -> Float64 | None:
    if "azimuth" not in table or "altitude" not in table:
        return None
    return np.radians(np.column_stack([table.numbers(n, rows) for n in ("azimuth", "altitude")]))

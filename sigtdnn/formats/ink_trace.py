"""The text of an InkML trace: points of one value a channel, in four ways of telling a value.

    !5      the value itself; so it is in the beginning of a trace
    '5      how much the value differs from the one before
    "5      how much that difference differs from the one before
    *       the value before, unchanged
    ?       unknown

A prefix holds for its channel until the next. Values are whole or decimal numbers, hexadecimal
ones (#1F), or T and F. Points are separated by commas, values by blanks or by nothing where it is
clear: `3-5` are two.
"""

import math
import re
from array import array

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import FormatError
from sigtdnn.formats.ink_channels import TraceFormat
from sigtdnn.formats.ink_tree import Element
from sigtdnn.formats.source import MAX_NUMBER, Source

_VALUE = re.compile(
    r"""\s*(?:([!'"])\s*)?([*?TF]|-?\#[0-9A-Fa-f]{1,12}|[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)"""
)
_TRUTH = {"T": 1.0, "F": 0.0}


def values_of(source: Source, trace: Element, format: TraceFormat) -> Float64:
    """The values of the points of a trace, shape (points, channels); NaN where unknown.

    Raises FormatError when the text is something else.
    """
    count = len(format.channels)
    text = trace.text.strip()
    # Flat: a list of lists would take many times the file.
    found = array("d")
    channels = [_Progress() for _ in range(count)]
    for number, point in enumerate(text.split(",") if text else (), 1):
        row = _row(source, trace, number, point)
        if not count - format.optional <= len(row) <= count:
            problem = f"has {len(row)} values, the trace format {count} channels"
            raise _error(source, trace, number, problem)
        values = [channel.next(*one) for channel, one in zip(channels, row, strict=False)]
        if not all(abs(value) < MAX_NUMBER for value in values if value == value):
            raise _error(source, trace, number, f"has a value over {MAX_NUMBER:g}")
        found.extend(values)
        found.extend([math.nan] * (count - len(values)))
    return np.array(found, np.float64).reshape(-1, count)


class _Progress:
    """What a channel has reached, and how its values are told."""

    def __init__(self) -> None:
        self.mode, self.value, self.speed = "!", math.nan, 0.0

    def next(self, prefix: str, text: str) -> float:
        """The value that a text tells."""
        if text == "?":
            return math.nan
        self.mode = prefix or self.mode
        if text == "*":
            # No step at all, whether values or differences are told.
            self.speed = 0.0
            return self.value
        told = _TRUTH[text] if text in _TRUTH else _number(text)
        if self.mode == "!":
            self.speed = 0.0 if math.isnan(self.value) else told - self.value
            self.value = told
        else:
            self.speed = told + (self.speed if self.mode == '"' else 0.0)
            self.value += self.speed
        return self.value


def _number(text: str) -> float:
    return float(int(text.replace("#", ""), 16)) if "#" in text else float(text)


def _row(source: Source, trace: Element, number: int, point: str) -> list[tuple[str, str]]:
    """The prefix and the text of every value of a point."""
    row, place, end = [], 0, len(point.rstrip())
    while place < end:
        found = _VALUE.match(point, place)
        if found is None:
            raise _error(source, trace, number, f"has {point[place:].strip()[:20]!r}, no value")
        row.append((found[1] or "", found[2]))
        place = found.end()
    return row


def _error(source: Source, trace: Element, number: int, problem: str) -> FormatError:
    return source.error(
        trace.line, f"point {number} of the trace {problem}", "mend or remove the trace"
    )

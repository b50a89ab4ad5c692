"""What InkML says of the channels of a trace: contexts, trace formats, resolutions, rates.

A trace has the format of the context that it refers to, or a group around it does; else of the
`context` or `traceFormat` that stands last before it; else the only one in the document; else X
and Y.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sigtdnn.formats.ink_tree import Element
from sigtdnn.formats.source import MAX_NUMBER, Source

# Millimetres, seconds and degrees.
LENGTHS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "pt": 25.4 / 72, "himetric": 0.01}
TIMES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
ANGLES = {"deg": 1.0, "rad": 57.29577951308232}
NAMES = ("traceFormat", "context")
# Every point has a number for each, even where they may be left out.
MAX_CHANNELS = 16
# A context may refer to another, and that to a third; in a circle for ever.
MAX_REFERENCES = 16


@dataclass(frozen=True)
class Channel:
    """One number of every point, and what is told about it."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    resolution: tuple[float, str] | None = None  # so many in a unit

    def density(self, units: Mapping[str, float]) -> float | None:
        """How many in a unit of size 1 by `units`; None where not told."""
        if self.resolution is not None and self.resolution[1] in units:
            return self.resolution[0] / units[self.resolution[1]]
        unit = self.attributes.get("units", "")
        return 1 / units[unit] if unit in units else None


@dataclass(frozen=True)
class TraceFormat:
    """The channels of a trace, in order; the last `optional` may be left out at a point."""

    channels: tuple[Channel, ...] = (Channel("X"), Channel("Y"))
    optional: int = 0
    rate: float | None = None  # samples a second


def trace_formats(source: Source, root: Element) -> Iterator[tuple[Element, TraceFormat]]:
    """Every trace, in order, with its format.

    Raises FormatError at a reference to what is not there.
    """
    ids: dict[str, Element] = {}
    every: list[Element] = []
    _collect(root, ids, every)
    found: dict[int, TraceFormat] = {}

    def resolved(element: Element) -> TraceFormat:
        if id(element) not in found:
            found[id(element)] = _resolve(source, element, ids)
        return found[id(element)]

    def walk(element: Element, current: Element | None) -> Iterator[tuple[Element, TraceFormat]]:
        for child in element.children:
            if child.name in NAMES:
                current = child
                continue
            reference = child.get("contextRef")
            own = current if reference is None else _referred(source, child, reference, ids)
            if child.name == "trace":
                yield child, TraceFormat() if own is None else resolved(own)
            elif child.name == "traceGroup":
                yield from walk(child, own)

    yield from walk(root, every[0] if len(every) == 1 else None)


def _collect(element: Element, ids: dict[str, Element], formats: list[Element]) -> None:
    """Gathers what has an id, and all trace formats, below `element`; as deep as the tree."""
    for child in element.children:
        if (name := child.get("id")) is not None:
            ids.setdefault(name, child)
        if child.name == "traceFormat":
            formats.append(child)
        _collect(child, ids, formats)


def _referred(
    source: Source, element: Element, reference: str, ids: Mapping[str, Element]
) -> Element:
    before, mark, name = reference.partition("#")
    if before and mark:
        problem = f"{reference[:40]!r} is in another file"
        raise source.error(element.line, problem, "give the context in this file")
    target = ids.get(name or before)
    if target is None:
        problem = f"{reference[:40]!r} is not in the file"
        raise source.error(element.line, problem, "correct the reference")
    return target


def _resolve(source: Source, element: Element, ids: Mapping[str, Element]) -> TraceFormat:
    """The format that a context or a trace format tells."""
    if element.name == "traceFormat":
        return _format(source, element, None)
    for _ in range(MAX_REFERENCES):
        pen = _child(source, element, "inkSource", ids)
        told = _child(source, element, "traceFormat", ids)
        if told is None and pen is not None:
            told = _child(source, pen, "traceFormat", ids)
        if told is not None:
            return _format(source, told, pen)
        above = element.get("contextRef")
        if above is None:
            break
        element = _referred(source, element, above, ids)
    return TraceFormat()


def _child(
    source: Source, element: Element, name: str, ids: Mapping[str, Element]
) -> Element | None:
    """What an element has as a child, or refers to by `nameRef`."""
    reference = element.get(f"{name}Ref")
    if reference is not None:
        return _referred(source, element, reference, ids)
    return element.find(name)


def _format(source: Source, told: Element, pen: Element | None) -> TraceFormat:
    resolutions: dict[str, tuple[float, str]] = {}
    rate = None
    if pen is not None:
        for group in pen.all("channelProperties"):
            for one in group.all("channelProperty"):
                value = number(one.get("value"))
                if one.get("name") == "resolution" and value and value > 0:
                    unit = (one.get("units") or "").removeprefix("1/")
                    resolutions[one.get("channel") or ""] = value, unit
        rates = pen.find("sampleRate")
        told_rate = None if rates is None else number(rates.get("value"))
        rate = told_rate if told_rate and told_rate > 0 else None
    intermittent = told.find("intermittentChannels")
    optional = [] if intermittent is None else list(intermittent.all("channel"))
    channels = tuple(
        Channel(one.get("name") or "", one.attributes, resolutions.get(one.get("name") or ""))
        for one in [*told.all("channel"), *optional]
    )
    if len(channels) > MAX_CHANNELS:
        problem = f"{len(channels)} channels, at most {MAX_CHANNELS} are read"
        raise source.error(told.line, problem, "remove the others")
    return TraceFormat(channels or TraceFormat().channels, len(optional), rate)


def number(text: str | None) -> float | None:
    """The number in the text of an attribute, or None."""
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if abs(value) < MAX_NUMBER else None

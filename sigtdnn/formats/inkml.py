"""InkML: XML with traces of points, each on the surface or, of the type `penUp`, in the air.

X, Y      y grows downward; flipped here. The resolution or the unit of X tells the units a
          millimetre; Y, and traces of another unit, are brought to that
T         milliseconds from any origin, or as its unit says; the `timeOffset` of a trace is added,
          unless T refers to a time stamp. Without T, points come at the `sampleRate` of the source
F         the force; its maximum, where stated, is full pressure
S         F (false) is in the air
OA, OE    azimuth, clockwise from where y grows, and altitude in degrees; or OTx, OTy, the lean
          along x and along y
the rest  is not used; neither are transformations to the canvas

All traces of a file are one signature.

Reference: Ink Markup Language (InkML), W3C Recommendation, 20 September 2011.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.ink_channels import (
    ANGLES,
    LENGTHS,
    TIMES,
    Channel,
    TraceFormat,
    number,
    trace_formats,
)
from sigtdnn.formats.ink_trace import values_of
from sigtdnn.formats.ink_tree import Element, parse
from sigtdnn.formats.options import TIME_UNITS, ReadingOptions
from sigtdnn.formats.pen_coding import block_coded, blocks
from sigtdnn.formats.pressure import fraction
from sigtdnn.formats.source import MAX_LINES, Source
from sigtdnn.formats.tilt import degrees, lean
from sigtdnn.signature import Device, Signature

_BEGINNING = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?ink[\s/>]")
# Enough of a file to meet its root, below a declaration and comments.
_HEAD = 4096
_HEADER = """\
<?xml version="1.0" encoding="UTF-8"?>
<ink xmlns="http://www.w3.org/2003/InkML">
<definitions><context xml:id="context"><inkSource xml:id="device">
<traceFormat>
{channels}
</traceFormat>{about}
</inkSource></context></definitions>
"""


@dataclass(frozen=True)
class Trace:
    """The points of a trace by channel, each of shape (n,)."""

    element: Element
    block: int
    down: bool
    format: TraceFormat
    values: dict[str, Float64]

    def __len__(self) -> int:
        return len(self.values["X"])

    def channel(self, name: str) -> Channel | None:
        """What is told about a channel, or None."""
        return next((one for one in self.format.channels if one.name == name), None)

    def density(self, name: str, units: dict[str, float]) -> float | None:
        """How many of a channel are in a unit of size 1; None where not told."""
        channel = self.channel(name)
        return None if channel is None else channel.density(units)


def sniff(source: Source) -> bool:
    """Whether the file begins as XML with an element `ink`, in any namespace."""
    # Without its zeros, UTF-16 is plain text, too.
    return bool(_BEGINNING.search(source.data[:_HEAD].replace(b"\0", b"")))


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in an InkML file.

    Raises FormatError.
    """
    traces = [trace for trace in _traces(source) if len(trace)]
    if not traces:
        raise source.error(None, "no traces with points", "record the signature again")
    first = traces[0]
    units = first.density("X", LENGTHS)
    x = _joined(trace.values["X"] * _scale(trace, "X", units) for trace in traces)
    y = _joined(trace.values["Y"] * _scale(trace, "Y", units) for trace in traces)
    block = np.repeat([trace.block for trace in traces], list(map(len, traces)))
    down = _joined(_down(trace) for trace in traces)
    t = _times(source, traces, options)
    pressure, levels = _pressure(source, traces, down, options)
    return block_coded(
        source,
        (t, x, options.upward(y, "down")),
        block,
        down == 1,
        pressure,
        _tilt(traces),
        Device(options.rate or first.format.rate, units, levels),
    )


def write(signature: Signature) -> bytes:
    """The InkML of a signature; time counts from the first sample."""
    levels, units, rate = signature.device.levels, signature.device.units, signature.device.rate
    channels = ['name="X" type="decimal"', 'name="Y" type="decimal"']
    channels.append('name="T" type="decimal" units="ms"')
    columns = [signature.x, -signature.y, signature.t * 1000]
    if signature.pressure is not None:
        kind, full = ("decimal", 1) if levels is None else ("integer", levels)
        channels.append(f'name="F" type="{kind}" min="0" max="{full}"')
        force = signature.pressure * full
        columns.append(force if levels is None else np.rint(force))
    if signature.tilt is not None:
        channels += [f'name="{name}" type="decimal" units="deg"' for name in ("OA", "OE")]
        columns += [*np.degrees(signature.tilt).T]
    about = "" if rate is None else f'\n<sampleRate value="{rate:.17g}"/>'
    if units is not None:
        told = "".join(
            f'\n<channelProperty channel="{axis}" name="resolution" value="{units:.17g}" '
            'units="1/mm"/>'
            for axis in "XY"
        )
        about += f"\n<channelProperties>{told}\n</channelProperties>"
    texts = ([f"{value:.17g}" for value in column.tolist()] for column in columns)
    points = [" ".join(row) for row in zip(*texts, strict=True)]
    traces = [
        f'<trace contextRef="#context" type="{"penDown" if down else "penUp"}">'
        f"{', '.join(points[part])}</trace>"
        for down, part in blocks(signature)
    ]
    told = "\n".join(f"<channel {channel}/>" for channel in channels)
    head = _HEADER.format(channels=told, about=about)
    return "\n".join([head + traces[0], *traces[1:], "</ink>", ""]).encode("ascii")


def _traces(source: Source) -> list[Trace]:
    """All traces, in order, numbered; one that continues another has its number."""
    if source.contents.count(b",") >= MAX_LINES:
        raise source.error(None, f"over {MAX_LINES} points", "give one signature a file")
    root = parse(source)
    if root.name != "ink":
        raise source.error(root.line, f"the root is <{root.name[:20]}>, not <ink>", "restore it")
    traces: list[Trace] = []
    block = -1
    for element, format in trace_formats(source, root):
        if element.get("continuation") not in ("middle", "end"):
            block += 1
        values = values_of(source, element, format)
        named = dict(zip((one.name for one in format.channels), values.T, strict=True))
        for name in ("X", "Y"):
            if name not in named:
                raise source.error(element.line, f"the trace has no channel {name}", "complete it")
            if np.isnan(named[name]).any():
                problem = f"{name} is unknown at a point of the trace"
                raise source.error(element.line, problem, "mend or remove the trace")
        down = element.get("type") != "penUp"
        traces.append(Trace(element, max(block, 0), down, format, named))
    return traces


def _joined(parts: Iterable[Float64]) -> Float64:
    return np.concatenate(list(parts))


def _scale(trace: Trace, axis: str, units: float | None) -> float:
    """What brings an axis of a trace to so many units a millimetre."""
    density = trace.density(axis, LENGTHS)
    return 1.0 if units is None or density is None else units / density


def _down(trace: Trace) -> Float64:
    """Whether the pen is on the surface: 1 or 0, shape (n,)."""
    tip = trace.values.get("S")
    return np.full(len(trace), trace.down) * (1.0 if tip is None else tip != 0)


def _times(source: Source, traces: Sequence[Trace], options: ReadingOptions) -> Float64:
    """Seconds from any origin, shape (n,)."""
    count = sum(map(len, traces))
    if options.rate is not None:
        return options.clock(count, options.rate)
    timed = [trace for trace in traces if "T" in trace.values]
    rate = traces[0].format.rate
    if not timed and rate:
        return options.clock(count, rate)
    if len(timed) < len(traces) or any(np.isnan(trace.values["T"]).any() for trace in timed):
        remedy = "say at which rate samples come (--rate)"
        raise source.error(None, "traces or points without a time (channel T)", remedy)
    parts = []
    for trace in traces:
        density = trace.density("T", TIMES) or 1 / TIMES["ms"]
        if options.time_unit is not None:
            density = 1 / TIME_UNITS[options.time_unit]
        channel = trace.channel("T")
        refers = channel is not None and "respectTo" in channel.attributes
        offset = None if refers else number(trace.element.get("timeOffset"))
        parts.append((trace.values["T"] / density, (offset or 0.0) * TIMES["ms"]))
    origin = parts[0][0][0]
    return _joined((seconds - origin) + offset for seconds, offset in parts)


def _pressure(
    source: Source, traces: Sequence[Trace], down: Float64, options: ReadingOptions
) -> tuple[Float64 | None, int | None]:
    """The pressure in 0..1, shape (n,), and its range; None where there is none."""
    if not any("F" in trace.values for trace in traces):
        return None, None
    stated = [_range(trace) for trace in traces]
    full = next((one for _, one in stated if one is not None), None)
    force = _joined(
        (trace.values.get("F", np.full(len(trace), np.nan)) - low)
        * (full / own if full is not None and own is not None else 1.0)
        for trace, (low, own) in zip(traces, stated, strict=True)
    )
    # In the air there is none.
    force = np.where(np.isnan(force) & (down == 0), 0.0, force)
    if np.isnan(force).any():
        problem = "some points on the surface have no pressure (channel F), others have"
        raise source.error(None, problem, "complete or remove the channel")
    return fraction(source, force, options, full)


def _range(trace: Trace) -> tuple[float, float | None]:
    """The least pressure of a trace, and its range from there, None where not stated."""
    channel = trace.channel("F")
    if channel is None:
        return 0.0, None
    low, high = number(channel.attributes.get("min")) or 0.0, number(channel.attributes.get("max"))
    return low, None if high is None or high <= low else high - low


def _tilt(traces: Sequence[Trace]) -> Float64 | None:
    parts = [_tilt_of(trace) for trace in traces]
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) else None


def _tilt_of(trace: Trace) -> Float64 | None:
    angles = {
        name: trace.values[name] / (trace.density(name, ANGLES) or 1.0)
        for name in ("OA", "OE", "OTx", "OTy")
        if name in trace.values
    }
    if {"OA", "OE"} <= angles.keys():
        return degrees(angles["OA"], angles["OE"])
    if {"OTx", "OTy"} <= angles.keys():
        return lean(angles["OTx"], -angles["OTy"])
    return None

"""signature_pad, and what is like it: JSON with strokes of points, as web pages record them.

time      milliseconds from any origin, as a rule from 1970
y         grows downward in a browser; flipped here
pressure  0..1. 0 and 0.5 are what browsers report of a mouse or a finger: where nothing else is
          reported, there is no pressure
tilt      tiltX and tiltY in degrees, or azimuthAngle and altitudeAngle in radians, as pointer
          events have them

Only points on the surface are recorded. A dot is a stroke of one point.

Reference: github.com/szimek/signature_pad (`toData`); Pointer Events, W3C Recommendation.
"""

import json
import re
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import gap_coded
from sigtdnn.formats.pressure import fraction
from sigtdnn.formats.source import Source
from sigtdnn.formats.stroke_json import read_strokes
from sigtdnn.formats.tilt import lean
from sigtdnn.signature import Device, Signature

UNREPORTED = (0.0, 0.5)
_BEGINNING = re.compile(rb'(\xef\xbb\xbf)?\s*[\[{].*?"x"\s*:', re.IGNORECASE | re.DOTALL)
# Enough of a file to meet its first point.
_HEAD = 2**16
_QUARTER, _TURN = np.pi / 2, 2 * np.pi


def sniff(source: Source) -> bool:
    """Whether the file begins as JSON that names an x."""
    return bool(_BEGINNING.match(source.data[:_HEAD]))


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in such a file.

    Raises FormatError.
    """
    columns, lengths = read_strokes(source)
    if "time" not in columns and options.rate is None:
        remedy = "say at which rate samples come (--rate)"
        raise source.error(None, "the points have no time", remedy)
    t = options.seconds(columns.get("time", columns["x"]), "ms")
    lifts = np.zeros(len(t), np.bool_)
    lifts[np.cumsum(lengths) - 1] = True
    pressure, levels = columns.get("pressure"), None
    if pressure is not None and np.isin(pressure, UNREPORTED).all():
        pressure = None
    if pressure is not None:
        pressure, levels = fraction(source, pressure, options)
    points = (t, columns["x"], options.upward(columns["y"], "down"))
    device = Device(options.rate, levels=levels)
    return gap_coded(source, points, lifts, pressure, _tilt(columns), device)


def write(signature: Signature) -> bytes:
    """The data of a signature, as `fromData` takes them; time counts from the first sample."""
    columns = {
        "time": signature.t * 1000,
        "x": signature.x,
        "y": -signature.y,
        "pressure": np.zeros(len(signature)) if signature.pressure is None else signature.pressure,
    }
    if signature.tilt is not None:
        columns["azimuthAngle"] = (signature.tilt[:, 0] - _QUARTER) % _TURN
        columns["altitudeAngle"] = signature.tilt[:, 1]
    written = signature.stroke >= 0
    ends = np.cumsum(np.bincount(signature.stroke[written]))
    rows = zip(*(_plain(column[written]) for column in columns.values()), strict=True)
    points = [dict(zip(columns, row, strict=True)) for row in rows]
    strokes = [{"points": points[start:end]} for start, end in pairwise([0, *ends.tolist()])]
    return json.dumps(strokes, separators=(",", ":")).encode() + b"\n"


def _plain(column: Float64) -> list[float | int]:
    """Numbers, whole where they are."""
    return [int(value) if value.is_integer() else value for value in column.tolist()]


def _tilt(columns: Mapping[str, Float64]) -> Float64 | None:
    if {"azimuthAngle", "altitudeAngle"} <= columns.keys():
        azimuth, altitude = columns["azimuthAngle"], columns["altitudeAngle"]
        if not ((altitude > 0) & (altitude <= _QUARTER) & (np.abs(azimuth) <= _TURN)).all():
            return None
        # Pointer events count from the direction of x, clockwise on the screen as we do.
        return np.column_stack([(azimuth + _QUARTER) % _TURN, altitude])
    if {"tiltX", "tiltY"} <= columns.keys():
        return lean(columns["tiltX"], -columns["tiltY"])
    return None

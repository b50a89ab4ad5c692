"""From columns to a Signature: the two ways in which tablets tell where the pen was lifted.

gap coded   only points on the surface are recorded; a lift is a gap in time before the first
            point of the next stroke. The last point of a stroke is up until the next sample.
            A stroke of one point is kept, up, and counted.
tip coded   points near the surface are recorded too, each with its own pen flag. What comes
            before the first touch and after the last is not part of the signature: the paper
            records "from first pen down to last pen up" (PAPER section 1).
"""

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.errors import SignatureError
from sigtdnn.formats.source import Source
from sigtdnn.signature import Signature


def gap_coded(
    source: Source,
    t: Float64,
    x: Float64,
    y: Float64,
    lifts: Bool,
    pressure: Float64 | None,
) -> Signature:
    """A signature from points on the surface; `lifts` tells where the pen lifts after a point.

    All arrays have shape (n,); whether a lift is marked at the last point does not change the
    strokes. Raises FormatError when they make no signature.
    """
    starts = np.concatenate([[True], lifts[:-1]])
    pen = ~lifts
    pen[-1:] &= ~starts[-1:]
    return _signature(source, t, x, y, pen, pressure, int(np.count_nonzero(starts)))


def tip_coded(
    source: Source,
    t: Float64,
    x: Float64,
    y: Float64,
    pen: Bool,
    pressure: Float64 | None,
) -> Signature:
    """A signature from points on the surface and in the air, all of shape (n,).

    Raises FormatError when the pen never touches, or they make no signature otherwise.
    """
    down = np.flatnonzero(pen)
    if not len(down):
        raise source.error(None, "the pen never touches the surface", "record the signature again")
    # The sample after the last touch is kept: the pen is on the surface until then.
    signed = slice(down[0], down[-1] + 2)
    force = None if pressure is None else pressure[signed]
    return _signature(source, t[signed], x[signed], y[signed], pen[signed], force, None)


def _signature(
    source: Source,
    t: Float64,
    x: Float64,
    y: Float64,
    pen: Bool,
    pressure: Float64 | None,
    strokes: int | None,
) -> Signature:
    try:
        return Signature.from_samples(t, x, y, pen, pressure, strokes=strokes)
    except SignatureError as error:
        problem, _, remedy = str(error).rpartition("; ")
        raise source.error(None, problem, remedy) from error

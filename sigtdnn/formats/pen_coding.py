"""From columns to a Signature: the three ways in which files tell that the pen was lifted.

gap coded   only points on the surface are recorded; a lift is a gap in time before the first
            point of the next stroke. The last point of a stroke is up until the next sample.
            A stroke of one point is kept, up, and counted.
tip coded   points near the surface are recorded too, each with its own pen flag. What comes
            before the first touch and after the last is not part of the signature: the paper
            records "from first pen down to last pen up" (PAPER section 1).
block coded the points come in blocks, each on the surface or in the air. In the air, the first
            point of a block right after one on the surface ends the stroke, as if tip coded; two
            blocks on the surface are two strokes, as if gap coded. The air around is left out.

`points` are t, x and y, each of shape (n,) as the other columns; tilt has shape (n, 2). `notes` say
what a reader tolerated.
"""

from collections.abc import Sequence

import numpy as np

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.errors import SignatureError
from sigtdnn.formats.source import Source
from sigtdnn.signature import UNKNOWN_DEVICE, Device, Signature, number_strokes

Points = tuple[Float64, Float64, Float64]


def gap_coded(
    source: Source,
    points: Points,
    lifts: Bool,
    pressure: Float64 | None = None,
    tilt: Float64 | None = None,
    device: Device = UNKNOWN_DEVICE,
    notes: Sequence[str] = (),
) -> Signature:
    """A signature from points on the surface; `lifts` says after which the pen is lifted.

    Whether a lift is marked at the last point makes no difference. Raises FormatError when
    they make no signature.
    """
    stroke = np.zeros(len(lifts), np.intp)
    np.cumsum(lifts[:-1], out=stroke[1:])
    return numbered(source, points, stroke, pressure, tilt, device, notes)


def tip_coded(
    source: Source,
    points: Points,
    pen: Bool,
    pressure: Float64 | None = None,
    tilt: Float64 | None = None,
    device: Device = UNKNOWN_DEVICE,
    notes: Sequence[str] = (),
) -> Signature:
    """A signature from points on the surface and in the air.

    Raises FormatError when the pen never touches, or they make no signature otherwise.
    """
    return numbered(source, points, number_strokes(pen), pressure, tilt, device, notes)


def tip_rows(signature: Signature) -> tuple[Rows, Float64, Bool]:
    """The rows that tell a signature tip coded: which sample, when, and the pen flag; (rows,) each.

    A row for every sample, and a second one, up, after a stroke of one: half way to the next
    sample. Reading them gives the strokes back.
    """
    before, after = np.roll(signature.stroke, 1), np.roll(signature.stroke, -1)
    dots = (signature.stroke >= 0) & (signature.stroke != before) & (signature.stroke != after)
    lifted = np.flatnonzero(dots[:-1])
    rows = np.sort(np.concatenate([np.arange(len(signature)), lifted]))
    lifts = lifted + np.arange(1, len(lifted) + 1)
    t = signature.t[rows]
    t[lifts] = (signature.t[lifted] + signature.t[lifted + 1]) / 2
    pen = (signature.pen | dots)[rows]
    pen[lifts] = False
    return rows, t, pen


def block_coded(
    source: Source,
    points: Points,
    block: Rows,
    down: Bool,
    pressure: Float64 | None = None,
    tilt: Float64 | None = None,
    device: Device = UNKNOWN_DEVICE,
    notes: Sequence[str] = (),
) -> Signature:
    """A signature from points with the number of their block (n,), and whether they are down.

    Numbers of blocks rise; an empty block is a number that is missing. Raises FormatError when
    the pen never touches, or they make no signature otherwise.
    """
    after_down = np.concatenate([[False], down[:-1]])
    step = np.diff(block, prepend=block[0])
    number = np.cumsum(down & ((step > 0) | ~after_down)) - 1
    lifted = ~down & after_down & (step <= 1)
    stroke = np.where(down | lifted, number, -1)
    return numbered(source, points, stroke, pressure, tilt, device, notes)


def blocks(signature: Signature) -> list[tuple[bool, slice]]:
    """The blocks that tell a signature block coded: whether on the surface, and which samples.

    Reading them gives the strokes back.
    """
    stroke = signature.stroke
    starts = np.flatnonzero(np.diff(stroke, prepend=-2)).tolist()
    told: list[tuple[bool, slice]] = []
    lift: int | None = None
    for start, stop in zip(starts, [*starts[1:], len(stroke)], strict=True):
        if stroke[start] < 0:
            told.append((False, slice(start if lift is None else lift, stop)))
            lift = None
        elif stop == len(stroke) or stroke[stop] >= 0:
            told.append((True, slice(start, stop)))
        elif stop - start > 1:
            lift = stop - 1
            told.append((True, slice(start, lift)))
        else:
            # An empty block keeps the air from ending the dot.
            told += [(True, slice(start, stop)), (False, slice(stop, stop))]
    return told


def numbered(
    source: Source,
    points: Points,
    stroke: Rows,
    pressure: Float64 | None = None,
    tilt: Float64 | None = None,
    device: Device = UNKNOWN_DEVICE,
    notes: Sequence[str] = (),
) -> Signature:
    """A signature from points with a stroke index each, from 0; -1 in the air.

    Raises FormatError when the pen never touches, or they make no signature otherwise.
    """
    written = np.flatnonzero(stroke >= 0)
    if not len(written):
        raise source.error(None, "the pen never touches the surface", "record the signature again")
    signed = slice(written[0], written[-1] + 1)
    t, x, y = (column[signed] for column in points)
    force, angles = (None if column is None else column[signed] for column in (pressure, tilt))
    try:
        return Signature.from_strokes(
            t, x, y, stroke[signed], force, tilt=angles, device=device, notes=notes
        )
    except SignatureError as error:
        raise source.error(None, error.problem, error.remedy) from error

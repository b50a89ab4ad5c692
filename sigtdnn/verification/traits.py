"""What a signature is like, in named numbers of four groups; habits keep them.

shape              of the ink: how long, how stretched, how it is distributed along its axis and
                   in which order it is written. Turning, moving, enlarging or slowing the
                   signature does not change them.
rhythm             time, speed and acceleration. Turning, moving, enlarging or stretching the
                   signature does not change them.
pen-up movement    lifts, time and path in the air. The ink does not change them.
direction          where the signature as a whole points.

They are computed on 200 points equally spaced in time. Lengths are in radii of gyration of the
ink, the root of the mean squared distance from its centre. A signature without ink, from a
device that does not report the pen, counts as all ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64
from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.difference import AIR, DIRECTION, RHYTHM, SHAPE
from sigtdnn.preprocessing.resample import resample
from sigtdnn.signature import Signature

GROUPS = (SHAPE, RHYTHM, AIR, DIRECTION)
TRAITS = {
    "length of the ink": SHAPE,  # logarithm
    "elongation": SHAPE,  # logarithm of the ratio of its two deviations
    "lopsidedness": SHAPE,  # skewness along its axis
    "order": SHAPE,  # correlation of place along the axis and ink written so far
    "duration": RHYTHM,  # logarithm of seconds
    "speed": RHYTHM,  # logarithm of the mean on the paper, a second
    "unevenness": RHYTHM,  # deviation of the speed, in means
    "acceleration": RHYTHM,  # logarithm of changes of speed, in mean speeds a duration
    "strokes": AIR,  # logarithm of their number
    "time in the air": AIR,  # share
    "path in the air": AIR,  # logarithm of 1 + its length in radii
    "bow in the air": AIR,  # area between path and straight line, left of it, in squared radii
    "axis, across": DIRECTION,  # cosine and sine of the axis of the ink, the way it is written
    "axis, up": DIRECTION,
    "heading, across": DIRECTION,  # sum of all ink steps, in lengths of the ink
    "heading, up": DIRECTION,
}
POINTS = 200
# Least width of the ink for its length: what lies across a straight line is noise.
MIN_WIDTH = 0.03
# Least deviation of a trait: usual ones are of the order of 1, and 0 would magnify rounding.
MIN_HABIT = 0.01
# Keeps the logarithm finite where the speed never changes.
TINY = 1e-3


@dataclass(frozen=True, eq=False)
class _Path:
    """The resampled path; intervals are those between two points."""

    step: Float64  # (intervals, 2) of the path, in radii
    length: Float64  # (intervals,)
    middle: Float64  # (intervals, 2), from the centre of the ink, in radii
    ink: Bool  # (intervals,)


def traits_of(signatures: Sequence[Signature]) -> Float64:
    """The traits (n, 16) of n signatures, in the order of `TRAITS`."""
    rows = [_traits(signature) for signature in signatures]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(TRAITS))


def _traits(signature: Signature) -> list[float]:
    path = _path(signature)
    axes, spreads = _axes(path)
    ink_length = float(path.length[path.ink].sum())
    return [
        np.log(ink_length),
        *_shape(path, axes, spreads),
        *_rhythm(path, axes / spreads, signature.duration),
        np.log(max(signature.strokes, 1)),
        float(np.mean(~path.ink)),
        np.log1p(path.length[~path.ink].sum()),
        _bow(path),
        *axes[:, 0],
        *(path.step[path.ink].sum(axis=0) / ink_length),
    ]


def _path(signature: Signature) -> _Path:
    written = signature.x + 1j * signature.y
    curve, pen = resample(signature.t, written, signature.pen, POINTS)
    points = np.column_stack([curve.real, curve.imag])
    step = np.diff(points, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    # On the paper at both ends: the path in the air must not affect the traits of the ink.
    ink = pen[:-1] & pen[1:]
    if not length[ink].any():
        ink = np.ones(POINTS - 1, bool)
    weight = length * ink
    middle = (points[:-1] + points[1:]) / 2
    # The weights do not sum to 0: three points of a signature are distinct.
    middle = middle - weight @ middle / weight.sum()
    radius = np.sqrt(weight @ (middle**2).sum(axis=1) / weight.sum())
    return _Path(step / radius, length / radius, middle / radius, ink)


def _axes(path: _Path) -> tuple[Float64, Float64]:
    """Two columns, along the ink in the order of writing and across it; the deviations (2,)."""
    weight = path.length * path.ink / path.length[path.ink].sum()
    squares, axes = np.linalg.eigh((path.middle.T * weight) @ path.middle)
    along = axes[:, 1]
    written = np.cumsum(weight)
    if (weight * (written - weight @ written)) @ (path.middle @ along) < 0:
        along = -along
    spread, width = np.sqrt(np.maximum(squares[::-1], 0))
    across = np.array([-along[1], along[0]])
    return np.column_stack([along, across]), np.array([spread, max(width, MIN_WIDTH * spread)])


def _shape(path: _Path, axes: Float64, spreads: Float64) -> list[float]:
    """Elongation, lopsidedness and order."""
    weight = path.length * path.ink / path.length[path.ink].sum()
    along = path.middle @ axes[:, 0] / spreads[0]
    written = np.cumsum(weight)
    centred = written - weight @ written
    order = weight @ (centred * along) / np.sqrt(weight @ centred**2)
    return [float(np.log(spreads[0] / spreads[1])), float(weight @ along**3), float(order)]


def _rhythm(path: _Path, even: Float64, seconds: float) -> list[float]:
    """Duration, speed, unevenness and acceleration.

    They are measured after `even` (2, 2), which makes the ink as wide as it is long, so that
    stretching a signature does not change its rhythm.
    """
    step = path.step @ even
    speed = np.hypot(step[:, 0], step[:, 1])[path.ink] * (POINTS - 1) / seconds
    mean = speed.mean()
    both = path.ink[1:] & path.ink[:-1]
    change = np.diff(step, axis=0)[both] * ((POINTS - 1) / seconds) ** 2
    rough = np.sqrt((change**2).sum() / max(len(change), 1)) * seconds / mean
    return [
        float(np.log(seconds)),
        float(np.log(mean)),
        float(speed.std() / mean),
        float(np.log(rough + TINY)),
    ]


def _bow(path: _Path) -> float:
    """Signed area between the path in the air and the straight line, over all lifts."""
    up = np.concatenate([[False], ~path.ink, [False]])
    edges = np.flatnonzero(up[1:] != up[:-1]).reshape(-1, 2)
    area = 0.0
    for start, end in edges:
        place = np.cumsum(path.step[start:end], axis=0)
        before = place - path.step[start:end]
        area += float((before[:, 0] * place[:, 1] - before[:, 1] * place[:, 0]).sum()) / 2
    # A path that runs left of its straight line goes around the area clockwise.
    return -area


def usual_deviations(traits: Float64, signer: NDArray[np.str_]) -> Float64:
    """Deviation (16,) of each trait within a signer: root of the mean variance over signers.

    traits (n, 16) are of genuine signatures, `signer` (n,) tells whose; a signer with one
    signature shows nothing.

    Raises TooFewExamplesError when no signer has two.
    """
    within = [
        traits[signer == one].var(axis=0, ddof=1)
        for one in np.unique(signer)
        if np.count_nonzero(signer == one) > 1
    ]
    if not within:
        raise TooFewExamplesError(
            "no training signer has two genuine signatures", "give more of each signer"
        )
    deviation: Float64 = np.maximum(np.sqrt(np.mean(within, axis=0)), MIN_HABIT)
    return deviation

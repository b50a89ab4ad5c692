"""What a person sees in the ink of a signature: components, and the steps that drew them.

In every hand the pen is slow where a line turns, so the eye finds the ends of the steps in the
ink. We take them from their cause, the speed of the pen. Long or strongly curved pieces between
them are divided further: the more so, the less a person dares to draw at once.

Lengths in millimetres, y upward, times in seconds.
"""

from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.synthesis.plan import Movement

# Distance between the places at which the ink is examined, millimetres.
SPACING = 0.35
# A step ends where the pen is slowest within so many seconds, and slower by this factor than
# it was at its fastest within twice that time, on either side.
WINDOW = 0.03
SLOWER = 0.75
# Drawing so many millimetres straight on costs as much as half a turn.
STRAIGHT = 25.0


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """Steps that draw one component: n of them, n + 1 ends."""

    ends: Float64  # (n + 1, 2)
    bend: Float64  # (n,), radians, counterclockwise
    time: Float64  # (n,), how long each took, which the ink does not show

    def reversed(self) -> "Steps":
        """The same line drawn from its end to its beginning."""
        return Steps(self.ends[::-1], -self.bend[::-1], self.time[::-1])


def see(movement: Movement, detail: float) -> list[Steps]:
    """The steps of every component in the order of writing.

    `detail` is the size of the largest step, in half turns.
    """
    edges = np.flatnonzero(np.diff(movement.pen.astype(np.int8), prepend=0, append=0))
    return [_steps(movement, first, last + 1, detail) for first, last in edges.reshape(-1, 2)]


def _steps(movement: Movement, first: int, last: int, detail: float) -> Steps:
    x, y, t = movement.x[first:last], movement.y[first:last], movement.t[first:last]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    marks = np.linspace(0.0, along[-1], max(3, int(along[-1] / SPACING)))
    ink = np.column_stack([np.interp(marks, along, part) for part in (x, y, t)])
    piece = np.diff(ink[:, :2], axis=0)
    direction = np.unwrap(np.arctan2(piece[:, 1], piece[:, 0]))
    turning = np.abs(np.diff(direction, prepend=direction[0], append=direction[-1]))
    cost = np.cumsum(turning / np.pi) + marks / STRAIGHT
    rests = np.interp(along[_slow(along, t)], marks, cost)
    places = np.interp(_divided(rests, detail), cost, np.arange(len(ink)))
    seen = np.column_stack([np.interp(places, np.arange(len(ink)), part) for part in ink.T])
    ends, middle = seen[::2, :2], seen[1::2, :2]
    return Steps(ends, _bend(ends, middle), np.diff(seen[::2, 2]))


def _slow(along: Float64, t: Float64) -> Rows:
    """The samples at which steps end: the first, the slow ones and the last."""
    inner = np.empty(0, dtype=np.intp)
    near = round(WINDOW / (t[1] - t[0])) if len(t) > 1 else 1
    if len(t) > 4 * near:
        speed = np.diff(along)
        padded = np.pad(speed, 2 * near, mode="edge")
        window = np.lib.stride_tricks.sliding_window_view(padded, 2 * near + 1)
        count = len(speed)
        before, about, after = (window[k : k + count] for k in (0, near, 2 * near))
        fast = np.minimum(before.max(axis=1), after.max(axis=1))
        slowest = (speed == about.min(axis=1)) & (speed < SLOWER * fast)
        inner = np.flatnonzero(slowest)
        inner = inner[(inner >= near) & (inner < count - near)]
    return np.concatenate([[0], inner, [len(t) - 1]])


def _divided(rests: Float64, detail: float) -> Float64:
    """Ends and middles, shape (2 n + 1,), of steps no larger than `detail` between the rests."""
    size = np.diff(rests)
    parts = 2 * np.maximum(1, np.round(size / detail)).astype(np.int64)
    place = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    return np.append(
        np.repeat(rests[:-1], parts) + place * np.repeat(size / parts, parts), rests[-1]
    )


def _bend(ends: Float64, middle: Float64) -> Float64:
    """The turns of the arcs from end to end by way of their middles, counterclockwise."""
    chord = np.diff(ends, axis=0)
    away = middle - (ends[:-1] + ends[1:]) / 2
    square = np.maximum((chord**2).sum(axis=1), 1e-12)
    # An arc to the left of its chord turns clockwise.
    left = chord[:, 0] * away[:, 1] - chord[:, 1] * away[:, 0]
    return np.asarray(-4 * np.arctan(2 * left / square))

"""Strokes of the sigma-lognormal model: how a hand moves a pen (Plamondon's kinematic theory).

One stroke answers one command at time t0. Its speed is a lognormal function of t - t0, and
its direction turns from theta_s to theta_e in step with the distance travelled:

    speed(t)     = D / (sigma sqrt(2 pi) (t - t0)) exp(-(ln(t - t0) - mu)^2 / (2 sigma^2))
    progress(t)  = 1/2 (1 + erf((ln(t - t0) - mu) / (sigma sqrt 2)))
    direction(t) = theta_s + (theta_e - theta_s) progress(t)

Alone, a stroke therefore draws an arc of a circle of length D. Strokes overlap in time, and
the velocity of the pen is the vector sum of theirs: its place is the sum of what every arc
has travelled so far, in closed form.

Conventions
-----------
D                 any unit of length; the trajectory has the same
t, t0             seconds; mu and sigma are of the logarithm of seconds
theta_s, theta_e  radians, counterclockwise from the x axis
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.extras import needs

# Beyond so many sigma a stroke counts as not begun or as ended. What is cut off, 3e-6 of
# its length, is far below the resolution of any tablet.
REACH = 4.5


@dataclass(frozen=True, eq=False, slots=True)
class Strokes:
    """The parameters of n strokes, each of shape (n,); see the module for units."""

    length: Float64  # D
    onset: Float64  # t0
    mu: Float64
    sigma: Float64
    start: Float64  # theta_s
    end: Float64  # theta_e

    def at_progress(self, z: float) -> Float64:
        """Times, shape (n,), at which ln(t - t0) lies z sigma from mu: the progress is Phi(z)."""
        return self.onset + np.exp(self.mu + z * self.sigma)


def strokes_between(
    targets: Float64, bend: Float64, onset: Float64, mu: Float64, sigma: Float64
) -> Strokes:
    """The n strokes that lead from each of n + 1 targets, shape (n + 1, 2), to the next.

    `bend` is theta_e - theta_s, shape (n,), less than a whole turn; the chord of the arc is
    the line between the targets, so that a stroke that nothing overlaps arrives exactly.
    """
    chord = np.diff(targets, axis=0)
    direction = np.arctan2(chord[:, 1], chord[:, 0])
    length = np.hypot(chord[:, 0], chord[:, 1]) / np.sinc(bend / (2 * np.pi))
    return Strokes(length, onset, mu, sigma, direction - bend / 2, direction + bend / 2)


class _Samples(NamedTuple):
    """The samples during which strokes move, all strokes in one row; shape (total,)."""

    stroke: Rows
    time: Rows
    last: Rows  # (n,): the first sample after each stroke


def trajectory(strokes: Strokes, t: Float64) -> tuple[Float64, Float64]:
    """Place (x, y) at the increasing times t, shape (m,); the pen comes from the origin.

    The integral of the velocity, up to `REACH`: the chord of the part of each arc travelled.
    """
    with needs("evaluate"):
        from scipy.special import ndtr

    stroke, time, last = _moving(strokes, t)
    u = (np.log(t[time] - strokes.onset[stroke]) - strokes.mu[stroke]) / strokes.sigma[stroke]
    x, y = _travelled(strokes, stroke, ndtr(u))
    every = np.arange(len(strokes.onset))
    whole_x, whole_y = _travelled(strokes, every, np.ones(len(every)))
    return (
        _summed(time, x, len(t)) + np.cumsum(_summed(last, whole_x, len(t) + 1))[:-1],
        _summed(time, y, len(t)) + np.cumsum(_summed(last, whole_y, len(t) + 1))[:-1],
    )


def _summed(sample: Rows, values: Float64, count: int) -> Float64:
    """The sum of the values of each of `count` samples."""
    return np.bincount(sample, weights=values, minlength=count).astype(np.float64, copy=False)


def _travelled(strokes: Strokes, stroke: Rows, progress: Float64) -> tuple[Float64, Float64]:
    """The chord (x, y) of the arcs from their start up to `progress`; shape (k,)."""
    half = (strokes.end - strokes.start)[stroke] * progress / 2
    chord = strokes.length[stroke] * progress * np.sinc(half / np.pi)
    direction = strokes.start[stroke] + half
    return chord * np.cos(direction), chord * np.sin(direction)


def _moving(strokes: Strokes, t: Float64) -> _Samples:
    first = np.searchsorted(t, strokes.at_progress(-REACH))
    last = np.searchsorted(t, strokes.at_progress(REACH))
    counts = last - first
    stroke = np.repeat(np.arange(len(strokes.onset)), counts)
    time = np.arange(len(stroke)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    return _Samples(stroke, time, last)

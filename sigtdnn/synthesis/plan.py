"""A plan of movement, and the movement that a hand makes of it.

A plan gives the places that the pen is to pass and how it gets from each to the next: one
sigma-lognormal stroke a step, on the paper or in the air. Targets are places on the paper,
so an error at one is not carried to the end, as it would be by lengths and angles; and what
is drawn is rounder than the targets, because every stroke starts before the last has ended.

Conventions
-----------
Lengths in millimetres, y upward, times in seconds. A plan has n steps and n + 1 targets; step
i leads from target i to target i + 1. The first and the last step are on the paper.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.synthesis.lognormal import Strokes, strokes_between, trajectory

# The pen is seen from 2 sigma before the middle of the first stroke until 2 sigma after that of
# the last (2 % and 98 % of their way).
SEEN = 2.0
# The pen changes between paper and air about here in the step that begins (9 % of its way).
SWITCH = -1.35
# Contact force builds up and fades over such a time, seconds.
CONTACT = 0.02


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """Steps of a signature; arrays of shape (n,) but for the targets."""

    targets: Float64  # (n + 1, 2), millimetres
    bend: Float64  # radians, counterclockwise
    pen: Bool  # on the paper
    interval: Float64  # seconds from the middle of the step before to its own; the first is 0
    mu: Float64
    sigma: Float64
    force: Float64  # 0..1 of the device range, at the middle of the step

    def strokes(self) -> Strokes:
        """The strokes of the plan; the middle of the first is at 0."""
        onset = np.cumsum(self.interval) - np.exp(self.mu)
        return strokes_between(self.targets, self.bend, onset, self.mu, self.sigma)


class Movement(NamedTuple):
    """A pen's movement, evenly sampled, before any device sees it; arrays of shape (m,)."""

    t: Float64  # seconds from the first contact
    x: Float64  # millimetres
    y: Float64
    pen: Bool  # until the next sample
    force: Float64  # 0..1, 0 in the air


@dataclass(frozen=True)
class Hand:
    """What a hand adds to any plan: tremor, and a force that is never quite steady."""

    tremor: float  # amplitude, millimetres
    tremor_rate: float  # a second
    unsteady: float  # deviation of the force


def perform(plan: Plan, hand: Hand, rate: float, rng: np.random.Generator) -> Movement:
    """The movement, sampled `rate` times a second from first contact to the last lift."""
    strokes = plan.strokes()
    begins = strokes.at_progress(-SEEN)[0]
    # Strokes of different mu and sigma may end in another order than they begin.
    switches = np.maximum.accumulate(strokes.at_progress(SWITCH))
    ends = max(strokes.at_progress(SEEN)[-1], switches[-1] + 3 / rate)
    seconds = np.arange(int((ends - begins) * rate) + 1) / rate
    t = begins + seconds
    x, y = trajectory(strokes, t)
    x, y = x + plan.targets[0, 0], y + plan.targets[0, 1]
    if hand.tremor > 0:
        shake_x, shake_y = _tremor(t, hand, rng)
        x, y = x + shake_x, y + shake_y
    step = np.searchsorted(switches[1:], t, side="right")
    pen = plan.pen[step]
    force = _force(t, plan, strokes, hand, rng) * _contact(pen, rate)
    return Movement(seconds, x, y, pen, np.where(pen, np.clip(force, 0.0, 1.0), 0.0))


def _tremor(t: Float64, hand: Hand, rng: np.random.Generator) -> tuple[Float64, Float64]:
    """An oscillation of wandering phase and strength in either axis, millimetres; shape (m,)."""
    knots = np.arange(t[0], t[-1] + 0.2, 0.1)
    wander = np.cumsum(rng.standard_normal((2, len(knots))), axis=1)
    strength = hand.tremor * np.abs(rng.standard_normal((2, len(knots))))
    swing = 2 * np.pi * hand.tremor_rate * t
    x, y = (
        np.interp(t, knots, strength[axis]) * np.sin(swing + np.interp(t, knots, wander[axis]))
        for axis in (0, 1)
    )
    return x, y


def _force(
    t: Float64, plan: Plan, strokes: Strokes, hand: Hand, rng: np.random.Generator
) -> Float64:
    """The force that the steps ask for, from middle to middle, shape (m,)."""
    middle = np.maximum.accumulate(strokes.at_progress(0.0))
    knots = np.arange(t[0], t[-1] + 0.2, 0.1)
    waver = hand.unsteady * rng.standard_normal(len(knots))
    return np.interp(t, middle, plan.force) + np.interp(t, knots, waver)


def _contact(pen: Bool, rate: float) -> Float64:
    """How fully the pen is on the paper, 0..1, near 0 just after touching it; shape (m,)."""
    index = np.arange(len(pen))
    up_before = np.maximum.accumulate(np.where(pen, -1, index))
    up_after = np.minimum.accumulate(np.where(pen, len(pen), index)[::-1])[::-1]
    away = np.minimum(index - up_before, up_after - index) - 0.5
    return 1 - np.exp(-away / (rate * CONTACT))

"""An artificial forger, who copies a shape by eye, in another hand.

A forger sees the ink of one genuine signature, remembers the ends of its steps with errors,
divides long steps, and writes them in a rhythm of their own: slower, hesitating, trembling, with
less force. They may rehearse until the line passes where it should. They cannot know what
happened in the air, nor the order and the direction of separate strokes. A forger who saw the
movement knows these, and much of its rhythm.
"""

from dataclasses import dataclass, replace

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.synthesis.lognormal import trajectory
from sigtdnn.synthesis.observation import Steps, see
from sigtdnn.synthesis.plan import Hand, Movement, Plan, perform
from sigtdnn.synthesis.variation import MU, SIGMA, Variation, shaped, vary


@dataclass(frozen=True)
class Effort:
    """What a forger does, by the effort they make."""

    detail: float  # the largest step, half turns
    place: float  # error of remembered places, as a share of the height of the signature
    likeness: float  # error of size, aspect, slant, line and bends; 1 is careless
    rehearsals: int  # how often the drawing is corrected
    rhythm: float  # how much of the time of each step is known; 1 is all
    evenness: float  # 0: long steps last no longer than short ones; 1: all speeds are equal
    slowness: float  # duration over that of a genuine signature of usual speed, median
    pause: float  # seconds more before a component, mean
    rests: float  # share of the steps before which the pen stands still
    rest: float  # for so long, seconds, mean
    tremor: float  # millimetres
    disorder: float  # probability that a component is written backward, or out of turn
    repeat: float  # variation between attempts; 1 is ATTEMPT


# From careless to practised; the last saw the movement. The first and the last are nearly as fast
# as the signer and rarely rest.
CARELESS = Effort(
    detail=1.4, place=0.014, likeness=0.6, rehearsals=1, rhythm=0.25, evenness=0.40,
    slowness=1.15, pause=0.06, rests=0.02, rest=0.06, tremor=0.04, disorder=0.04, repeat=1.1,
)  # fmt: skip
CAREFUL = Effort(
    detail=1.2, place=0.009, likeness=0.3, rehearsals=3, rhythm=0.25, evenness=0.50,
    slowness=1.6, pause=0.16, rests=0.08, rest=0.12, tremor=0.07, disorder=0.03, repeat=0.7,
)  # fmt: skip
PRACTISED = Effort(
    detail=1.3, place=0.009, likeness=0.25, rehearsals=3, rhythm=0.3, evenness=0.45,
    slowness=1.55, pause=0.16, rests=0.05, rest=0.07, tremor=0.05, disorder=0.02, repeat=0.7,
)  # fmt: skip
WITNESS = Effort(
    detail=1.4, place=0.010, likeness=0.25, rehearsals=3, rhythm=0.5, evenness=0.40,
    slowness=1.15, pause=0.04, rests=0.02, rest=0.06, tremor=0.04, disorder=0.0, repeat=0.7,
)  # fmt: skip

# Shares of the forgers.
EFFORTS = ((CARELESS, 0.20), (CAREFUL, 0.33), (PRACTISED, 0.32), (WITNESS, 0.15))

# The variation between attempts of a forger whose `repeat` is 1; places as a share of the
# height of the signature.
ATTEMPT = Variation(
    place=0.022, drift=0.006, bend=0.12, interval=0.16, mu=0.10, sigma=0.14, force=0.05,
    size=0.06, aspect=0.05, slant=0.04, turn=0.04, tempo=0.07, sway=0.12, pause=0.04, press=0.04,
)  # fmt: skip

# The share of the visible error that a rehearsal mends.
MENDED = 0.7
# Forgers have a speed of their own: they are slower, beside the signer, to this power of the
# signer's speed, which is 1 at so many seconds a step.
KEEPING_UP = 0.9
UNHURRIED = 0.12
# Deviation of the logarithm of the slowness over forgers.
SLOWNESS = 0.17
# The time that a witness remembers for a movement through the air, seconds.
LEAP = 0.12


@dataclass(frozen=True, eq=False, slots=True)
class Copy:
    """A forger's plan of another's signature, and the hand that writes it."""

    plan: Plan
    attempt: Variation
    hand: Hand


def study_specimen(specimen: Movement, effort: Effort, rng: np.random.Generator) -> Copy:
    """What a forger makes of one genuine signature."""
    components = _in_order(see(specimen, effort.detail), effort, rng)
    height = max(float(np.ptp(np.concatenate([steps.ends[:, 1] for steps in components]))), 3.0)
    ends, bend, pen, time = _joined(components, rng)
    n = len(bend)
    ends = shaped(
        ends + effort.place * height * rng.standard_normal((n + 1, 2)),
        size=float(np.exp(0.12 * effort.likeness * rng.standard_normal())),
        aspect=float(np.exp(0.10 * effort.likeness * rng.standard_normal())),
        slant=0.10 * effort.likeness * float(rng.standard_normal()),
        turn=0.06 * effort.likeness * float(rng.standard_normal()),
    )
    bend = np.clip(bend + 0.15 * effort.likeness * rng.standard_normal(n), -5.0, 5.0)
    speed = n * UNHURRIED / specimen.t[-1]
    slowness = effort.slowness * speed**KEEPING_UP * np.exp(SLOWNESS * rng.standard_normal())
    lasting = slowness * specimen.t[-1] * _rhythm(ends, time, effort, rng)
    interval = np.concatenate([[0.0], (lasting[:-1] + lasting[1:]) / 2])
    lag = 1.35 * np.exp(0.1 * rng.standard_normal())
    sigma = 0.22 * np.exp(0.12 * rng.standard_normal() + 0.10 * rng.standard_normal(n))
    press = 0.48 + 0.12 * rng.standard_normal()
    downward = -np.sin(np.arctan2(*np.diff(ends, axis=0).T[::-1]))
    plan = Plan(
        targets=ends,
        bend=bend,
        pen=pen,
        interval=interval + _standing(pen, effort, rng),
        mu=np.clip(np.log(lag * lasting) + 0.05 * rng.standard_normal(n), *MU),
        sigma=np.clip(sigma, *SIGMA),
        force=np.clip(press + 0.1 * downward + 0.05 * rng.standard_normal(n), 0.1, 1.0),
    )
    for _ in range(effort.rehearsals):
        plan = _rehearsed(plan, ends)
    hand = Hand(
        tremor=effort.tremor * float(np.exp(0.5 * rng.standard_normal())),
        tremor_rate=8.0 + float(rng.standard_normal()),
        unsteady=0.05,
    )
    return Copy(plan, ATTEMPT.times(effort.repeat).for_height(height), hand)


def draw_effort(rng: np.random.Generator) -> Effort:
    """The effort of a forger, by the shares of `EFFORTS`."""
    shares = np.cumsum([share for _, share in EFFORTS])
    return EFFORTS[int(np.searchsorted(shares[:-1], rng.random(), side="right"))][0]


def forge(copy: Copy, rate: float, rng: np.random.Generator) -> Movement:
    """One attempt, sampled `rate` times a second."""
    return perform(vary(copy.plan, copy.attempt, rng), copy.hand, rate, rng)


def _in_order(components: list[Steps], effort: Effort, rng: np.random.Generator) -> list[Steps]:
    """The components, some of them reversed or exchanged with the next."""
    order = list(components)
    backward, exchange = rng.random((2, len(order))) < effort.disorder
    for i in range(len(order) - 1):
        if exchange[i]:
            order[i], order[i + 1] = order[i + 1], order[i]
    return [
        steps.reversed() if back else steps for steps, back in zip(order, backward, strict=True)
    ]


def _joined(
    components: list[Steps], rng: np.random.Generator
) -> tuple[Float64, Float64, Bool, Float64]:
    """Ends, bends, pen and times, with a leap through the air between components."""
    ends, bend, pen, time = [], [], [], []
    for steps in components:
        ends.append(steps.ends)
        bend += [0.7 * rng.standard_normal(1), steps.bend]
        pen += [np.zeros(1, dtype=np.bool_), np.ones(len(steps.bend), dtype=np.bool_)]
        time += [np.full(1, LEAP), steps.time]
    return (
        np.concatenate(ends),
        np.concatenate(bend[1:]),
        np.concatenate(pen[1:]),
        np.concatenate(time[1:]),
    )


def _rhythm(ends: Float64, time: Float64, effort: Effort, rng: np.random.Generator) -> Float64:
    """The share of the whole time that each step lasts: long ones hardly longer."""
    length = np.hypot(*np.diff(ends, axis=0).T) + 1.0
    share = length**effort.evenness * np.exp(0.08 * rng.standard_normal(len(length)))
    known = (time / time.sum()) ** effort.rhythm * (share / share.sum()) ** (1 - effort.rhythm)
    total: float = known.sum()
    return np.asarray(known / total)


def _standing(pen: Bool, effort: Effort, rng: np.random.Generator) -> Float64:
    """The time that the pen stands still before each step, on the paper or above it."""
    # A movement through the air is long when the step after it is late.
    landing = np.concatenate([[False], ~pen[:-1]])
    rests = effort.rest * (rng.random(len(pen)) < effort.rests)
    mean = np.where(landing, effort.pause, rests)
    return np.asarray(-mean * np.log(1 - rng.random(len(pen))))


def _rehearsed(plan: Plan, ends: Float64) -> Plan:
    """The plan with targets moved so that the line passes nearer to the ends meant."""
    middle = np.cumsum(plan.interval)
    x, y = trajectory(plan.strokes(), (middle[:-1] + middle[1:]) / 2)
    drawn = plan.targets[0] + np.column_stack([x, y])
    targets = plan.targets.copy()
    targets[1:-1] += MENDED * (ends[1:-1] - drawn)
    return replace(plan, targets=targets)

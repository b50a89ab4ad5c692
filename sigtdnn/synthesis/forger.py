"""An artificial forger: he copies a shape from sight, with a hand of his own.

He sees the ink of one genuine signature. He divides it, by how much it turns and how long
it is, into more and smaller steps than its signer made, remembers their ends with errors,
and writes them with his own rhythm: slower, with less overlap between steps, hesitating,
trembling, with less force. What happened in the air he cannot know, nor the order and the
direction of separate strokes. A forger who saw the movement knows these, and its pace.
"""

from dataclasses import dataclass, replace

import numpy as np

from sigtdnn.synthesis.lognormal import FloatArray
from sigtdnn.synthesis.plan import BoolArray, Hand, Movement, Plan, perform
from sigtdnn.synthesis.variation import MU, SIGMA, Variation, shaped, vary


@dataclass(frozen=True)
class Effort:
    """What a forger of some effort does."""

    detail: float  # size of his steps: 1 turns half a circle, or is 12 mm long
    place: float  # error of remembered places, as a share of the height of the signature
    likeness: float  # error of size, aspect, slant and line, 1 is careless
    slowness: float  # duration over that of the genuine, median
    pause: float  # seconds more before a component, mean
    hesitation: float  # share of steps that he hesitates at
    tremor: float  # millimetres
    disorder: float  # probability that a component is written backward, or out of turn
    repeat: float  # variation between his attempts, 1 as a signer's


# From careless to practised; the last saw the movement.
CARELESS = Effort(
    detail=0.75, place=0.045, likeness=1.0, slowness=1.1, pause=0.03, hesitation=0.05,
    tremor=0.03, disorder=0.10, repeat=1.6,
)  # fmt: skip
CAREFUL = Effort(
    detail=0.50, place=0.020, likeness=0.6, slowness=2.1, pause=0.15, hesitation=0.20,
    tremor=0.08, disorder=0.06, repeat=1.0,
)  # fmt: skip
PRACTISED = Effort(
    detail=0.65, place=0.020, likeness=0.5, slowness=1.4, pause=0.05, hesitation=0.08,
    tremor=0.04, disorder=0.04, repeat=1.0,
)  # fmt: skip
WITNESS = Effort(
    detail=0.75, place=0.022, likeness=0.5, slowness=1.15, pause=0.01, hesitation=0.04,
    tremor=0.03, disorder=0.0, repeat=1.0,
)  # fmt: skip

# The variation between attempts of a forger whose `repeat` is 1; places as a share of the
# height of the signature.
ATTEMPT = Variation(
    place=0.022, drift=0.006, bend=0.12, interval=0.16, mu=0.10, sigma=0.14, force=0.05,
    size=0.06, aspect=0.05, slant=0.04, turn=0.04, tempo=0.09, press=0.04,
)  # fmt: skip

# He looks at the ink at places so far apart, millimetres.
GLANCE = 0.35


@dataclass(frozen=True, eq=False, slots=True)
class Copy:
    """A forger's plan of another's signature, and the hand that he writes it with."""

    plan: Plan
    attempt: Variation
    hand: Hand


def study_specimen(specimen: Movement, effort: Effort, rng: np.random.Generator) -> Copy:
    """What a forger makes of one genuine signature that he sees."""
    components = _components(specimen)
    height = max(max(float(np.ptp(ink[:, 1])) for ink in components), 3.0)
    copied = [_copied(ink, effort) for ink in _in_order(components, effort, rng)]
    targets, bend, pen = _joined(copied, rng)
    n = len(bend)
    targets = shaped(
        targets + effort.place * height * rng.standard_normal((n + 1, 2)),
        size=float(np.exp(0.12 * effort.likeness * rng.standard_normal())),
        aspect=float(np.exp(0.10 * effort.likeness * rng.standard_normal())),
        slant=0.10 * effort.likeness * float(rng.standard_normal()),
        turn=0.06 * effort.likeness * float(rng.standard_normal()),
    )
    bend = np.clip(bend + 0.15 * effort.likeness * rng.standard_normal(n), -4.0, 4.0)
    plan = _with_rhythm(specimen, targets, bend, pen, effort, rng)
    return Copy(
        plan,
        _of_height(ATTEMPT.times(effort.repeat), height),
        Hand(
            tremor=effort.tremor * float(np.exp(0.5 * rng.standard_normal())),
            tremor_rate=8.0 + float(rng.standard_normal()),
            unsteady=0.05,
        ),
    )


def forge(copy: Copy, rate: float, rng: np.random.Generator) -> Movement:
    """One attempt, sampled `rate` times a second."""
    return perform(vary(copy.plan, copy.attempt, rng), copy.hand, rate, rng)


def _of_height(variation: Variation, height: float) -> Variation:
    return replace(variation, place=variation.place * height, drift=variation.drift * height)


def _components(specimen: Movement) -> list[FloatArray]:
    """The ink of every component, evenly spaced along its length; each of shape (k, 2)."""
    edges = np.flatnonzero(np.diff(specimen.pen.astype(np.int8), prepend=0, append=0))
    components = []
    for first, last in edges.reshape(-1, 2):
        place = np.column_stack([specimen.x[first : last + 1], specimen.y[first : last + 1]])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(place, axis=0).T))])
        spaced = np.linspace(0, along[-1], max(3, int(along[-1] / GLANCE)))
        components.append(
            np.column_stack([np.interp(spaced, along, place[:, axis]) for axis in (0, 1)])
        )
    return components


def _in_order(
    components: list[FloatArray], effort: Effort, rng: np.random.Generator
) -> list[FloatArray]:
    """The components, some of them reversed or exchanged with the next."""
    order = list(components)
    reverse, exchange = rng.random((2, len(order))) < effort.disorder
    for i in range(len(order) - 1):
        if exchange[i]:
            order[i], order[i + 1] = order[i + 1], order[i]
    return [ink[::-1] if back else ink for ink, back in zip(order, reverse, strict=True)]


def _copied(ink: FloatArray, effort: Effort) -> tuple[FloatArray, FloatArray]:
    """Targets, shape (n + 1, 2), and bends, shape (n,), of the steps that draw a component."""
    piece = np.diff(ink, axis=0)
    direction = np.unwrap(np.arctan2(piece[:, 1], piece[:, 0]))
    turning = np.abs(np.diff(direction, prepend=direction[0]))
    cost = np.cumsum(turning / np.pi + np.hypot(piece[:, 0], piece[:, 1]) / 12.0)
    n = max(1, round(float(cost[-1]) / effort.detail))
    ends = np.interp(np.linspace(0, cost[-1], 2 * n + 1), np.append(0.0, cost), np.arange(len(ink)))
    place = np.column_stack([np.interp(ends, np.arange(len(ink)), ink[:, i]) for i in (0, 1)])
    targets, middle = place[::2], place[1::2]
    chord = np.diff(targets, axis=0)
    away = middle - (targets[:-1] + targets[1:]) / 2
    length = np.hypot(chord[:, 0], chord[:, 1]) + 1e-9
    # An arc left of its chord turns clockwise.
    height = (chord[:, 0] * away[:, 1] - chord[:, 1] * away[:, 0]) / length
    return targets, -4 * np.arctan(2 * height / length)


def _joined(
    copied: list[tuple[FloatArray, FloatArray]], rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """One sequence of steps, with a step of his own through the air before each component."""
    targets, bends, pens = [copied[0][0]], [copied[0][1]], [np.ones(len(copied[0][1]), bool)]
    for places, bend in copied[1:]:
        targets.append(places)
        bends += [np.array([0.7 * rng.standard_normal()]), bend]
        pens += [np.zeros(1, bool), np.ones(len(bend), bool)]
    return np.concatenate(targets), np.concatenate(bends), np.concatenate(pens)


def _with_rhythm(
    specimen: Movement,
    targets: FloatArray,
    bend: FloatArray,
    pen: BoolArray,
    effort: Effort,
    rng: np.random.Generator,
) -> Plan:
    """The plan with a forger's timing: as slow as his effort, long steps hardly longer in time."""
    n = len(bend)
    chord = np.diff(targets, axis=0)
    length = np.hypot(chord[:, 0], chord[:, 1]) + 1.0
    lasting = length**0.35 * np.exp(0.15 * rng.standard_normal(n))
    hesitates = rng.random(n) < effort.hesitation
    lasting = np.where(hesitates, lasting * (1.5 + rng.random(n)), lasting)
    slowness = effort.slowness * np.exp(0.25 * rng.standard_normal())
    lasting *= slowness * specimen.t[-1] / lasting.sum()
    lasting = np.maximum(lasting, 0.07)
    # What is long is done in several impulses; we make it one long one.
    interval = np.concatenate([[0.0], (lasting[:-1] + lasting[1:]) / 2])
    interval += np.where(pen, 0.0, effort.pause * -np.log(1 - rng.random(n)))
    lag = 1.35 * np.exp(0.1 * rng.standard_normal())
    mu = np.log(np.minimum(lag * lasting, 0.35)) + 0.1 * rng.standard_normal(n)
    sigma = 0.22 * np.exp(0.15 * rng.standard_normal() + 0.15 * rng.standard_normal(n))
    press = np.clip(0.48 + 0.12 * rng.standard_normal(), 0.15, 0.95)
    force = press + 0.04 * -chord[:, 1] / length + 0.05 * rng.standard_normal(n)
    return Plan(
        targets, bend, pen, interval,
        np.clip(mu, *MU), np.clip(sigma, *SIGMA), np.clip(force, 0.1, 1.0),
    )  # fmt: skip

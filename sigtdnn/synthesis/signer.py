"""An artificial signer: what they mean to write, and how well they repeat it.

A signer has a plan and habits of speed, size, slant, force and consistency. A session is the plan
slightly varied, and each genuine signature varies the session again, so that two signatures of
one session resemble each other more than two of different sessions. Sometimes a signer leaves out
a pen lift.
"""

from dataclasses import dataclass, replace

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.synthesis.names import write_name
from sigtdnn.synthesis.plan import Hand, Movement, Plan, perform
from sigtdnn.synthesis.variation import MU, SIGMA, Variation, shaped, vary

# Within one session, for a signer of average consistency; places as a share of the height of a
# small letter.
WITHIN = Variation(
    place=0.07, drift=0.03, bend=0.10, interval=0.10, mu=0.06, sigma=0.10, force=0.04,
    size=0.05, aspect=0.04, slant=0.03, turn=0.03, tempo=0.03, sway=0.10, pause=0.02, press=0.03,
)  # fmt: skip
# Between sessions, about as much again.
BETWEEN = Variation(
    place=0.06, drift=0.02, bend=0.08, interval=0.07, mu=0.05, sigma=0.08, force=0.04,
    size=0.07, aspect=0.05, slant=0.04, turn=0.03, tempo=0.05, sway=0.08, pause=0.0, press=0.05,
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Signer:
    """One person's signature."""

    plan: Plan
    joins: Float64  # (n,), probability that a step through the air is made on the paper
    within: Variation  # from signature to signature
    between: Variation  # from session to session
    hand: Hand


def invent_signer(rng: np.random.Generator) -> Signer:
    """A signer with a name, a hand and habits."""
    height = 4.5 * np.exp(0.25 * rng.standard_normal())
    steps = write_name(rng)
    targets = np.array([(0.0, 0.0)] + [(step.x, step.y) for step in steps])
    targets = height * shaped(
        targets,
        size=1.0,
        aspect=float(np.exp(0.2 * rng.standard_normal())),
        slant=float(np.clip(0.15 + 0.2 * rng.standard_normal(), -0.5, 0.7)),
        turn=0.08 * float(rng.standard_normal()),
    )
    bend = np.radians([step.bend for step in steps])
    pen = np.array([step.pen for step in steps])
    targets, bend, pen = _from_paper(targets, bend, pen)
    plan = _with_rhythm(targets, bend, pen, height, rng)
    inconsistency = 1.05 * float(np.exp(0.22 * rng.standard_normal()))
    between = inconsistency * float(np.exp(0.3 * rng.standard_normal()))
    doubt = 0.7 * rng.random() ** 2
    doubtful = ~pen & (rng.random(len(pen)) < 0.6)
    joins = np.where(doubtful, doubt * rng.random(len(pen)), 0.0)
    return Signer(
        plan,
        joins,
        WITHIN.times(inconsistency).for_height(height),
        BETWEEN.times(between).for_height(height),
        Hand(
            tremor=0.02 * float(np.exp(0.4 * rng.standard_normal())),
            tremor_rate=9.0 + float(rng.standard_normal()),
            unsteady=0.03,
        ),
    )


def begin_session(signer: Signer, rng: np.random.Generator) -> Plan:
    """The signer's plan on one day."""
    return vary(signer.plan, signer.between, rng)


def sign(signer: Signer, session: Plan, rate: float, rng: np.random.Generator) -> Movement:
    """One genuine signature of a session, sampled `rate` times a second."""
    plan = vary(session, signer.within, rng)
    joined = rng.random(len(plan.pen)) < signer.joins
    return perform(replace(plan, pen=plan.pen | joined), signer.hand, rate, rng)


def _from_paper(targets: Float64, bend: Float64, pen: Bool) -> tuple[Float64, Float64, Bool]:
    """Without the steps in the air before the first and after the last on the paper."""
    down = np.flatnonzero(pen)
    first, last = down[0], down[-1]
    return targets[first : last + 2], bend[first : last + 1], pen[first : last + 1]


def _with_rhythm(
    targets: Float64,
    bend: Float64,
    pen: Bool,
    height: float,
    rng: np.random.Generator,
) -> Plan:
    """The plan of a quick and practised hand: long steps are faster, not much longer in time."""
    n = len(bend)
    chord = np.diff(targets, axis=0)
    length = np.hypot(chord[:, 0], chord[:, 1]) + 0.2 * height
    pace = 0.092 * np.exp(0.22 * rng.standard_normal())
    lasting = pace * (length / height) ** 0.3 * np.exp(0.08 * rng.standard_normal(n))
    lasting = np.where(pen, lasting, 1.15 * lasting)
    interval = np.concatenate([[0.0], (lasting[:-1] + lasting[1:]) / 2])
    thinking = 0.08 * rng.random() ** 2
    landing = np.concatenate([[False], ~pen[:-1]])
    interval -= np.where(landing, thinking * np.log(1 - rng.random(n)), 0.0)
    lag = 1.35 * np.exp(0.1 * rng.standard_normal())
    mu = np.log(lag * lasting) + 0.05 * rng.standard_normal(n)
    sigma = 0.23 * np.exp(0.25 * rng.standard_normal() + 0.10 * rng.standard_normal(n))
    press = np.clip(0.6 + 0.12 * rng.standard_normal(), 0.25, 0.95)
    downward = -chord[:, 1] / length
    force = press + 0.13 * downward + 0.06 * rng.standard_normal(n)
    return Plan(
        targets, bend, pen, interval,
        np.clip(mu, *MU), np.clip(sigma, *SIGMA), np.clip(force, 0.1, 1.0),
    )  # fmt: skip

"""An artificial signer: what they mean to write, and how well they repeat it.

A signer has a plan and habits of speed, size, slant, force and consistency: who writes fast writes
less evenly. A session is the plan slightly varied, on most days hardly, on a few far, and each day
is more or less even than others. Each genuine signature varies the session again, so that two
signatures of one session resemble each other more than two of different sessions. Sometimes a
signer leaves out a pen lift.

How much of each there is was chosen so that distances between signatures are spread as they are in
real collections (paper_repro/REALISM.md).
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
    place=0.085, drift=0.037, bend=0.12, interval=0.12, mu=0.075, sigma=0.12, force=0.05,
    size=0.06, aspect=0.05, slant=0.037, turn=0.037, tempo=0.028, sway=0.10, pause=0.025,
    press=0.037,
)  # fmt: skip
# Between the plan and that of an ordinary day, a third of that.
BETWEEN = Variation(
    place=0.028, drift=0.009, bend=0.036, interval=0.032, mu=0.023, sigma=0.036, force=0.018,
    size=0.032, aspect=0.023, slant=0.018, turn=0.013, tempo=0.046, sway=0.036, pause=0.0,
    press=0.023,
)  # fmt: skip
# Deviations of logarithms over signers: of the speed of writing and, besides, of consistency.
SPEED, CONSISTENCY = 0.22, 0.14
# Who writes twice as fast is less consistent by two to this power.
HASTE = 0.6
# Deviations of logarithms over days, of the distance from the habit and of consistency, and over
# the signatures of a day.
DISTANCE_OF_DAY, CONSISTENCY_OF_DAY, CONSISTENCY_OF_ONE = 0.5, 0.13, 0.2


@dataclass(frozen=True, eq=False, slots=True)
class Signer:
    """One person's signature."""

    plan: Plan
    joins: Float64  # (n,), probability that a step through the air is made on the paper
    within: Variation  # from signature to signature, on an ordinary day
    between: Variation  # from the plan to that of an ordinary day
    hand: Hand


@dataclass(frozen=True, eq=False, slots=True)
class Session:
    """A signer on one day: what they then mean to write, and how well they repeat it."""

    plan: Plan
    within: Variation  # from signature to signature


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
    speed = _factor(SPEED, rng)
    plan = _with_rhythm(targets, bend, pen, height, speed, rng)
    inconsistency = speed**HASTE * _factor(CONSISTENCY, rng)
    doubt = 0.7 * rng.random() ** 2
    doubtful = ~pen & (rng.random(len(pen)) < 0.6)
    joins = np.where(doubtful, doubt * rng.random(len(pen)), 0.0)
    return Signer(
        plan,
        joins,
        WITHIN.times(inconsistency).for_height(height),
        BETWEEN.times(inconsistency).for_height(height),
        Hand(
            tremor=0.02 * float(np.exp(0.4 * rng.standard_normal())),
            tremor_rate=9.0 + float(rng.standard_normal()),
            unsteady=0.03,
        ),
    )


def begin_session(signer: Signer, rng: np.random.Generator) -> Session:
    """One day of the signer."""
    distance = _factor(DISTANCE_OF_DAY, rng)
    consistency = _factor(CONSISTENCY_OF_DAY, rng)
    return Session(
        vary(signer.plan, signer.between.times(distance), rng), signer.within.times(consistency)
    )


def sign(signer: Signer, session: Session, rate: float, rng: np.random.Generator) -> Movement:
    """One genuine signature of a session, sampled `rate` times a second."""
    plan = vary(session.plan, session.within.times(_factor(CONSISTENCY_OF_ONE, rng)), rng)
    joined = rng.random(len(plan.pen)) < signer.joins
    return perform(replace(plan, pen=plan.pen | joined), signer.hand, rate, rng)


def _factor(deviation: float, rng: np.random.Generator) -> float:
    """A factor about 1, of this deviation of its logarithm."""
    return float(np.exp(deviation * rng.standard_normal()))


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
    speed: float,
    rng: np.random.Generator,
) -> Plan:
    """The plan of a quick and practised hand: long steps are faster, not much longer in time."""
    n = len(bend)
    chord = np.diff(targets, axis=0)
    length = np.hypot(chord[:, 0], chord[:, 1]) + 0.2 * height
    lasting = 0.092 / speed * (length / height) ** 0.3 * np.exp(0.08 * rng.standard_normal(n))
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

"""How far one plan differs from another of the same hand.

The same kinds of difference separate two sessions of a signer, two signatures of a session
and two attempts of a forger; only their amounts differ. Some errors belong to a target or a
step; others (size, slant, tempo) to the signature as a whole.
"""

from dataclasses import astuple, dataclass, replace

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.synthesis.plan import Plan

# Bounds of the lognormals that a hand can make.
MIN_INTERVAL = 0.03
MU = (-3.0, -0.2)
SIGMA = (0.08, 0.6)
# Places along a signature between which its tempo changes.
SWAYS = 5


@dataclass(frozen=True)
class Variation:
    """Deviations of the differences; each is 0 where nothing varies."""

    place: float  # of a target, millimetres
    drift: float  # of a step between targets, carried on to the end, millimetres
    bend: float  # of a step, radians
    interval: float  # of the logarithm of a step's interval
    mu: float  # of a step
    sigma: float  # of the logarithm of a step's sigma
    force: float  # of a step
    size: float  # of the logarithm of the size
    aspect: float  # of the logarithm of width over height
    slant: float  # radians
    turn: float  # of the line of writing, radians
    tempo: float  # of the logarithm of all intervals
    sway: float  # of the logarithm of the tempo as it slowly changes
    pause: float  # mean of the time added after each movement through the air, seconds
    press: float  # of the force of all steps

    def times(self, factor: float) -> "Variation":
        """All deviations multiplied."""
        return Variation(*(factor * value for value in astuple(self)))

    def for_height(self, height: float) -> "Variation":
        """`place` and `drift`, given as shares of a height, in millimetres."""
        return replace(self, place=self.place * height, drift=self.drift * height)


def vary(plan: Plan, by: Variation, rng: np.random.Generator) -> Plan:
    """Another plan of the same hand."""
    n = len(plan.bend)
    size, aspect, slant, turn, tempo, press = rng.standard_normal(6)
    place = by.place * rng.standard_normal((n + 1, 2))
    drift = by.drift * rng.standard_normal((n + 1, 2))
    bend, interval, mu, sigma, force = rng.standard_normal((5, n))
    sway = np.interp(np.linspace(0, SWAYS - 1, n), range(SWAYS), rng.standard_normal(SWAYS))
    landing = np.concatenate([[False], ~plan.pen[:-1]])
    pause = np.where(landing, -by.pause * np.log(1 - rng.random(n)), 0.0)
    tempo = np.exp(by.tempo * tempo + by.sway * sway)
    between = np.maximum(plan.interval * tempo * np.exp(by.interval * interval), MIN_INTERVAL)
    between = np.concatenate([[0.0], (between + pause)[1:]])
    return replace(
        plan,
        targets=shaped(
            plan.targets,
            size=float(np.exp(by.size * size)),
            aspect=float(np.exp(by.aspect * aspect)),
            slant=by.slant * float(slant),
            turn=by.turn * float(turn),
        )
        + place
        + np.cumsum(drift, axis=0),
        bend=np.clip(plan.bend + by.bend * bend, -5.0, 5.0),
        interval=between,
        mu=np.clip(plan.mu + np.log(tempo) + by.mu * mu, *MU),
        sigma=np.clip(plan.sigma * np.exp(by.sigma * sigma), *SIGMA),
        force=np.clip(plan.force + by.press * press + by.force * force, 0.02, 1.0),
    )


def shaped(places: Float64, *, size: float, aspect: float, slant: float, turn: float) -> Float64:
    """Places, shape (m, 2), made larger, wider (height kept), slanted and turned about (0, 0)."""
    x, y = size * aspect * places[:, 0], size * places[:, 1]
    x = x + np.tan(slant) * y
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.column_stack([cosine * x - sine * y, sine * x + cosine * y])

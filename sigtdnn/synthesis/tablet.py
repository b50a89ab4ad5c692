"""What a tablet makes of a movement: samples on a grid, noise, perhaps no air and no force.

Coordinates are in the tablet's units, from the lower left corner of its pad, y upward; force is
0..1 of its range, in steps.
"""

from dataclasses import dataclass

import numpy as np

from sigtdnn.signature import Signature
from sigtdnn.synthesis.plan import Movement

INCH = 25.4


@dataclass(frozen=True)
class Tablet:
    """A tablet."""

    rate: float  # samples a second
    resolution: float  # units an inch
    noise: float  # deviation of a coordinate, units
    levels: int | None  # of the force, above 0; None where it is not reported
    air: bool  # whether the pen is seen above the pad
    pad: tuple[float, float]  # width and height, inches
    turn: float = 0.0  # how the writing lies on it, radians counterclockwise


# The paper's tablet (PAPER section 1). Noise and levels are our guess; of the force it reported
# only whether the pen was down, and we keep what a later tablet would report.
NCR_5990 = Tablet(rate=200.0, resolution=300.0, noise=0.4, levels=1000, air=True, pad=(5.5, 3.5))


# What tablets have that others sign on: bounds, between which a logarithm is even, and shares.
RATES = (60.0, 200.0)
RESOLUTIONS = (100.0, 2540.0)
NOISES = (0.005, 0.06)  # millimetres
LEVELS = (63, 255, 511, 1023, 2047)
WIDTHS = (5.0, 9.0)
HEIGHT = 0.65  # over the width
NO_FORCE, NO_AIR = 0.25, 0.4
TURN = 0.12  # deviation


def draw_tablet(rng: np.random.Generator) -> Tablet:
    """A tablet such as somebody may have, and how they lay it."""
    rate, resolution, noise, width = np.exp(
        rng.uniform(*np.log([RATES, RESOLUTIONS, NOISES, WIDTHS]).T)
    ).tolist()
    no_force, no_air = (rng.random(2) < (NO_FORCE, NO_AIR)).tolist()
    levels = LEVELS[int(rng.integers(len(LEVELS)))]
    return Tablet(
        rate=round(rate),
        resolution=resolution,
        noise=noise * resolution / INCH,
        levels=None if no_force else levels,
        air=not no_air,
        pad=(width, HEIGHT * width),
        turn=TURN * float(rng.standard_normal()),
    )


def record(movement: Movement, tablet: Tablet, rng: np.random.Generator) -> Signature:
    """The recording of a movement that was sampled at the tablet's rate.

    The writing is centred on the pad; what leaves the pad is held at its edge.
    """
    scale = tablet.resolution / INCH
    width, height = (side * tablet.resolution for side in tablet.pad)
    noise = tablet.noise * rng.standard_normal((2, len(movement.t)))
    cosine, sine = np.cos(tablet.turn), np.sin(tablet.turn)
    across = cosine * movement.x - sine * movement.y
    upward = sine * movement.x + cosine * movement.y
    x, y = (
        np.clip(
            np.round(scale * (place - (place.min() + place.max()) / 2) + edge / 2 + jitter), 0, edge
        )
        for place, edge, jitter in ((across, width, noise[0]), (upward, height, noise[1]))
    )
    t, pen = movement.t, movement.pen
    seen = np.ones(len(t), dtype=np.bool_)
    if not tablet.air:
        seen = pen | np.concatenate([[False], pen[:-1]])
        joined = np.append(np.diff(np.flatnonzero(seen)) == 1, False)
        pen = pen.copy()
        pen[seen] &= joined
    force = None
    if tablet.levels is not None:
        force = (np.round(movement.force * tablet.levels) / tablet.levels)[seen]
    return Signature.from_samples(t[seen], x[seen], y[seen], pen[seen], force)

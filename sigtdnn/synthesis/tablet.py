"""What a tablet makes of a movement: samples on a grid, noise, and perhaps no air.

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
    levels: int  # of the force, above 0
    air: bool  # whether the pen is seen above the pad
    pad: tuple[float, float]  # width and height, inches


# The paper's tablet (PAPER section 1). Noise and levels are our guess; of the force it reported
# only whether the pen was down, and we keep what a later tablet would report.
NCR_5990 = Tablet(rate=200.0, resolution=300.0, noise=0.4, levels=1000, air=True, pad=(5.5, 3.5))


def record(movement: Movement, tablet: Tablet, rng: np.random.Generator) -> Signature:
    """The recording of a movement that was sampled at the tablet's rate.

    The writing is centred on the pad; what leaves the pad is held at its edge.
    """
    scale = tablet.resolution / INCH
    width, height = (side * tablet.resolution for side in tablet.pad)
    noise = tablet.noise * rng.standard_normal((2, len(movement.t)))
    x, y = (
        np.clip(
            np.round(scale * (place - (place.min() + place.max()) / 2) + edge / 2 + jitter), 0, edge
        )
        for place, edge, jitter in ((movement.x, width, noise[0]), (movement.y, height, noise[1]))
    )
    force = np.round(movement.force * tablet.levels) / tablet.levels
    t, pen = movement.t, movement.pen
    if not tablet.air:
        seen = pen | np.concatenate([[False], pen[:-1]])
        joined = np.append(np.diff(np.flatnonzero(seen)) == 1, False)
        t, x, y, force, pen = t[seen], x[seen], y[seen], force[seen], pen[seen] & joined
    return Signature.from_samples(t, x, y, pen, force)

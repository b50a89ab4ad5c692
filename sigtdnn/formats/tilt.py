"""From the angles that tablets report to the tilt of a Signature."""

import numpy as np

from sigtdnn.arrays import Float64


def tenths(azimuth: Float64, altitude: Float64) -> Float64 | None:
    """The tilt (n, 2) of angles (n,) in tenths of a degree, as Wacom tablets report them.

    None where they leave the range of such angles, or a pen lies flat: then they mean something
    else, or nothing.
    """
    plausible = (azimuth >= 0) & (azimuth <= 3600) & (altitude > 0) & (altitude <= 900)
    if not plausible.all():
        return None
    return np.radians(np.column_stack([azimuth, altitude]) / 10)

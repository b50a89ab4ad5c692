"""From the angles that tablets report to the tilt of a Signature."""

import numpy as np

from sigtdnn.arrays import Float64


def tenths(azimuth: Float64, altitude: Float64) -> Float64 | None:
    """The tilt (n, 2) of angles (n,) in tenths of a degree, as Wacom tablets report them."""
    return degrees(azimuth / 10, altitude / 10)


def degrees(azimuth: Float64, altitude: Float64) -> Float64 | None:
    """The tilt (n, 2) of angles (n,) in degrees.

    None where they leave the range of such angles, or a pen lies flat: then they mean something
    else, or nothing.
    """
    if not len(azimuth):
        return None
    if not (azimuth.min() >= 0 and azimuth.max() <= 360):
        return None
    if not (altitude.min() > 0 and altitude.max() <= 90):
        return None
    angles: Float64 = np.radians(np.array([azimuth, altitude]))
    return angles.T


def lean(x: Float64, y: Float64) -> Float64 | None:
    """The tilt (n, 2) of a pen that leans by angles (n,) in degrees along x and along y.

    An angle is that between the vertical and the pen as seen along the other axis. None where
    one reaches 90.
    """
    if not ((np.abs(x) < 90) & (np.abs(y) < 90)).all():
        return None
    across, along = np.tan(np.radians(x)), np.tan(np.radians(y))
    azimuth = np.arctan2(across, along) % (2 * np.pi)
    return np.column_stack([azimuth, np.arctan2(1.0, np.hypot(across, along))])

"""Step 4: linear interpolation to points equally spaced in time."""

import numpy as np

from sigtdnn.arrays import Bool
from sigtdnn.preprocessing.normalise import Curve, Floats

# A frame less than this share of the duration before a sample falls on it: rounding must not
# give it the flag of the interval before.
ROUNDING = 1e-9


def resample(t: Floats, curve: Curve, pen: Bool, frames: int) -> tuple[Curve, Bool]:
    """Curve and pen, shape (n,), at `frames` times from t[0] = 0 to t[-1].

    The flag of a frame is that of the interval it falls in; the last frame, which ends the
    last interval, takes the flag before it.
    """
    times = np.arange(frames) * (t[-1] / (frames - 1))
    interval = t[1:-1].searchsorted(times + ROUNDING * t[-1], side="right")
    return np.interp(times, t, curve), pen[interval]

"""Step 4: linear interpolation to points equally spaced in time."""

import numpy as np

from sigtdnn.preprocessing.normalise import Floats
from sigtdnn.signature import BoolArray

# A frame less than this share of the duration before a sample falls on it: rounding must not
# give it the flag of the interval before.
ROUNDING = 1e-9


def resample(
    t: Floats, x: Floats, y: Floats, pen: BoolArray, frames: int
) -> tuple[Floats, Floats, BoolArray]:
    """x, y and pen, shape (n,), at `frames` times from t[0] to t[-1].

    The flag of a frame is that of the interval it falls in; the last frame, which ends the
    last interval, takes the flag before it.
    """
    times = np.linspace(t[0], t[-1], frames)
    interval = np.searchsorted(t, times + ROUNDING * (t[-1] - t[0]), side="right") - 1
    interval = np.clip(interval, 0, len(t) - 2)
    return np.interp(times, t, x), np.interp(times, t, y), pen[interval]

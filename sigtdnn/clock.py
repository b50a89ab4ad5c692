"""Broken clocks: time stamps that repeat or run backward.

Two faults are mended. Event queues deliver samples in batches and stamp them with one time: where
batches are regular, their samples are spread evenly. And a few stamps of any recording may be
wrong: they are replaced by what their neighbours say.
"""

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.errors import SignatureError

# A clock that fails for more than this share of the samples says nothing about the rhythm.
MAX_REPAIRED = 0.05
# Batches are regular if in so many of them a sample takes the median time, within a factor.
MIN_REGULAR = 0.75
FACTOR = 2.0


def mend_times(t: Float64) -> tuple[Float64, int, str]:
    """Stamps (n,) from 0, how many were replaced, and how; '' if none was.

    Raises SignatureError when too many repeat or run backward, and not in regular batches.
    """
    # Before anything else: a rounded difference may repeat where the stamps do not.
    t = t - t[0]
    if (t[1:] > t[:-1]).all():
        return t, 0, ""
    repaired = int(is_late(t).sum())
    if repaired <= MAX_REPAIRED * len(t):
        return repair_times(t), repaired, f"{repaired} of {len(t)} time stamps were repaired"
    spread = spread_batches(t)
    if spread is None:
        raise SignatureError(
            f"{repaired} of {len(t)} time stamps repeat or run backward, at most "
            f"{MAX_REPAIRED:.0%} can be repaired",
            "if samples came at an even rate, give it (--rate)",
        )
    how = f"{repaired} of {len(t)} time stamps came in batches and were spread evenly over them"
    return spread, repaired, how


def is_late(t: Float64) -> Bool:
    """Which stamps (n,) are not later than every earlier one."""
    return t <= np.concatenate([[-np.inf], np.maximum.accumulate(t)[:-1]])


def repair_times(t: Float64) -> Float64:
    """Strictly increasing stamps, shape (n,).

    Late ones are replaced by linear interpolation, by index, between their good neighbours; at
    the end, by steps of the median good step.
    """
    good = np.flatnonzero(~is_late(t))
    steps = np.diff(t[good]) / np.diff(good)
    tail = np.arange(len(t)) - good[-1]
    end = t[good[-1]] + tail * (np.median(steps) if len(steps) else 0.0)
    return np.where(tail > 0, end, np.interp(np.arange(len(t)), good, t[good]))


def spread_batches(t: Float64) -> Float64 | None:
    """Stamps (n,), those of a batch spread evenly from its time to that of the next.

    No sample takes longer than is usual, so that a pause stays one. None where stamps run backward
    or batches are not regular.
    """
    firsts = np.flatnonzero(np.diff(t, prepend=-np.inf))
    if len(firsts) < 2 or (np.diff(t) < 0).any():
        return None
    sizes = np.diff(firsts, append=len(t))
    # Of the last batch, nothing tells how long it took.
    each = np.diff(t[firsts]) / sizes[:-1]
    usual = float(np.median(each))
    regular = (each >= usual / FACTOR) & (each <= usual * FACTOR)
    if regular.mean() < MIN_REGULAR:
        return None
    step = np.minimum(np.append(each, usual), usual)
    within = np.arange(len(t)) - np.repeat(firsts, sizes)
    spread: Float64 = t + within * np.repeat(step, sizes)
    return spread

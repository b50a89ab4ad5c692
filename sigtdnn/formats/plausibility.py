"""Whether what was read is a signature at all: the last check, of every format.

A reader that misunderstands a column still returns numbers. They betray it: no signature takes
an hour, no tablet takes a sample every two seconds, and no signer lifts the pen after every point.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.formats.options import TIME_UNITS, ReadingOptions
from sigtdnn.signature import Signature

# Seconds.
MIN_DURATION, MAX_DURATION = 0.1, 60.0
# Samples a second.
MIN_RATE, MAX_RATE = 20.0, 1000.0
# A stroke of so few samples is a dot, perhaps; with the sample that ends it, two.
DOT = 2
# Fewer may be dots of letters, though most strokes are.
MIN_DOTS = 5
_NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


def implausible(
    signature: Signature, options: ReadingOptions, unit: str | None
) -> tuple[str, str] | None:
    """What is wrong with a signature, and what to do; None if nothing is.

    `options` were told to its reader, whose format counts time in `unit`, None if unknown.
    """
    return _axes(signature) or _strokes(signature) or _clock(signature, options, unit)


def rate_of(signature: Signature) -> float:
    """Samples a second: of the median step while the pen is on the surface."""
    steps = np.diff(signature.t)
    written = steps[signature.pen[:-1]]
    return 1 / _middle(written if len(written) else steps)


def _middle(values: Float64) -> float:
    """The median, the upper of two: far quicker than that of NumPy."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle])


def _axes(signature: Signature) -> tuple[str, str] | None:
    for name, values in (("x", signature.x), ("y", signature.y)):
        if np.ptp(values) == 0:
            return f"{name} does not vary", "record it again"
    return None


def _strokes(signature: Signature) -> tuple[str, str] | None:
    remedy = "say how the pen is coded: name the format (--format)"
    if not signature.pen.any():
        return "the pen is never on the surface between two samples", remedy
    lengths = np.bincount(signature.stroke[signature.stroke >= 0])
    dots = int((lengths <= DOT).sum())
    if dots >= MIN_DOTS and 2 * dots > len(lengths):
        return f"{dots} of {len(lengths)} strokes are of one point", remedy
    return None


def _clock(
    signature: Signature, options: ReadingOptions, unit: str | None
) -> tuple[str, str] | None:
    duration, rate = signature.duration, rate_of(signature)
    if _is_possible(duration, rate):
        return None
    problem = (
        f"{duration:.4g} s at {rate:.3g} samples a second, a signature takes {MIN_DURATION:g} to "
        f"{MAX_DURATION:g} s at {MIN_RATE:g} to {MAX_RATE:g}"
    )
    return problem, _remedy(duration, rate, options, unit)


def _remedy(duration: float, rate: float, options: ReadingOptions, unit: str | None) -> str:
    if options.rate is not None:
        return "correct the rate (--rate)"
    now = options.time_unit or unit
    for other, size in TIME_UNITS.items():
        factor = size / TIME_UNITS[now] if now is not None else size
        if _is_possible(duration * factor, rate / factor):
            return f"are the times in {_NAMES[other]}? --time-unit {other}"
    if MIN_RATE <= rate <= MAX_RATE:
        return "give one whole signature"
    return "say in which unit the times are (--time-unit), or at which rate samples come (--rate)"


def _is_possible(duration: float, rate: float) -> bool:
    return MIN_DURATION <= duration <= MAX_DURATION and MIN_RATE <= rate <= MAX_RATE

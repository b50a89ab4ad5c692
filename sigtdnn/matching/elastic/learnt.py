"""Functions of time that are learnt, made of neighbouring frames of known ones.

Either linear in five frames (`linear`), or by a small time delay network (`descent`) of two
layers, which sees thirteen:

    hidden = tanh(five frames . hidden weights + bias)
    learnt = every second of nine frames of hidden . projection

Only functions that are known of every signature are learnt from. Beyond the ends of a signature
the first and last frame are repeated, in either layer.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float32, Rows
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN

TAPS = 5  # frames that a layer sees
SIZE = TAPS * len(ALWAYS_KNOWN)  # of a frame with its neighbours
HIDDEN_SPACING = 2  # frames from one tap of the second layer to the next


def with_learnt(
    functions: Float32, projection: Float32 | None, hidden_weights: Float32 | None
) -> Float32:
    """The frames (n, 14 + d) of functions of time (n, 14).

    By a projection (50, d); or (5 h, d), of a hidden layer with weights (51, h), the last row
    its bias. Without a projection, the functions as they are.
    """
    if projection is None:
        return functions
    seen, spacing = functions[:, ALWAYS_KNOWN], 1
    if hidden_weights is not None:
        seen = np.tanh(in_context(seen) @ hidden_weights[:-1] + hidden_weights[-1])
        spacing = HIDDEN_SPACING
    return np.hstack([functions, in_context(seen, spacing) @ projection])


def in_context(frames: NDArray[Any], spacing: int = 1) -> NDArray[Any]:
    """Each of n frames (n, k) with its neighbours, (n, 5 k), earliest first."""
    return frames[neighbours(len(frames), spacing)].reshape(len(frames), -1)


def neighbours(count: int, spacing: int = 1) -> Rows:
    """The places (count, 5) of the frames that stand around each of so many, itself the third."""
    places = np.arange(count)[:, None] + spacing * (np.arange(TAPS) - TAPS // 2)
    return places.clip(0, count - 1)

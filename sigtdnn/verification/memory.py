"""Memory: the traits of the recordings that a template has learnt from, so that none counts twice.

They take 64 bytes a recording, `TRAITS` in little-endian single precision, the latest last. They
hold nothing of the path of the pen.
"""

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import TemplateError
from sigtdnn.verification.traits import TRAITS

# Recordings whose traits differ by less are one and the same. In deviations of the signers' own,
# the root of the mean square: copies with one sample moved by a unit lie within 0.005, the nearest
# of 30,000 pairs of genuine signatures of SVC2004 Task 2, SUSIG and NFI 0.16 apart.
SAME = 0.05
MOST = 256  # recordings that are remembered
NUMBER = np.dtype("<f4")


def is_among(traits: Float64, others: Float64, usual: Float64) -> bool:
    """Whether the recording with these traits (16,) is one of those with the `others` (n, 16).

    `usual` (16,) are the deviations of a signer's own.
    """
    apart = np.sqrt(np.mean(((others - traits) / usual) ** 2, axis=1))
    return bool((apart < SAME).any())


def remembered(data: bytes | None) -> Float64:
    """The traits (n, 16) that `memorized` wrote; raises TemplateError when it did not."""
    data = data or b""
    if len(data) % (NUMBER.itemsize * len(TRAITS)):
        raise TemplateError("what was learnt from is damaged", "enrol again")
    return np.frombuffer(data, NUMBER).astype(np.float64).reshape(-1, len(TRAITS))


def memorized(traits: Float64, data: bytes | None) -> bytes:
    """The bytes that hold the traits (16,) of one recording more."""
    every = np.vstack([remembered(data), traits])[-MOST:]
    return every.astype(NUMBER).tobytes()

"""Examples to learn functions of time from."""

import numpy as np

from sigtdnn.matching.matcher import Examples
from tests.artificial import examples

GENUINE = 6
FORGED = 6
TELLING = 7  # the function by which forgeries differ


def people(signers: int, frames: int = 40, slowness: float = 1.0) -> Examples:
    """Examples whose forgeries differ from the genuines in one function only."""
    rng = np.random.default_rng(0)
    represented, signer, genuine = [], [], []
    for number in range(signers):
        course = rng.normal(size=(frames, 14)).cumsum(axis=0) / 3
        for kind in [True] * GENUINE + [False] * FORGED:
            own = course + 0.1 * rng.normal(size=course.shape)
            if not kind:
                own[:, TELLING] += 2 * rng.normal()
                own = np.repeat(own, round(slowness), axis=0)
            represented.append(own.astype(np.float32))
            signer.append(f"s{number}")
            genuine.append(kind)
    return examples(represented, signer, genuine)

"""A quick look at many signers, that leaves few of them to compare.

A signature is shrunk to 24 frames: the means of its functions of time in as many equal parts. Of a
signer's references the mean is taken. Shrunk signatures are compared by dynamic time warping like
whole ones, but with squared differences, which a product of matrices gives for many signers at
once. Functions that are unknown (NaN) in the questioned signature are left out; those unknown in a
reference count as 0, the mean of most functions: so that tablets with and without pressure can
be compared.

`CANDIDATES` was chosen by measuring (`python -m paper_repro identification`).
"""

from collections.abc import Sequence
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float32, Rows
from sigtdnn.matching.matcher import Representations

FRAMES = 24
CANDIDATES = 100  # signers that are left
BLOCK = 500  # signers compared together, few enough for the processor's cache


def shrunk(functions: NDArray[Any]) -> Float32:
    """Functions of time (n, k) in 24 frames (24, k); some stand twice where n is less."""
    count = len(functions)
    starts = np.arange(FRAMES) * count // FRAMES
    sizes = np.maximum(np.diff(np.append(starts, count)), 1)
    sums = np.add.reduceat(functions, starts, axis=0)
    means: Float32 = (sums / sizes[:, None]).astype(np.float32)
    return means


def mean_shrunk(references: Representations) -> Float32:
    """The mean (24, k) of shrunk references (n_i, k)."""
    mean: Float32 = np.mean([shrunk(functions) for functions in references], axis=0)
    return mean


def nearest(questioned: Float32, signers: Sequence[Float32], count: int) -> Rows:
    """The places, in order, of the `count` signers who are most like a questioned signature.

    All are shrunk, (24, k). Of equals the first are taken.
    """
    ranked = np.argsort(shrunk_distances(questioned, signers), kind="stable")
    return np.sort(ranked[:count])


def shrunk_distances(questioned: Float32, signers: Sequence[Float32]) -> Float32:
    """The costs (m,) of the best paths to m signers; all are shrunk, (24, k)."""
    known = ~np.isnan(questioned[0])
    found = []
    for start in range(0, len(signers), BLOCK):
        block = np.nan_to_num(np.stack(signers[start : start + BLOCK], axis=-1)[:, known])
        found.append(_least(_squares(questioned[:, known], block)))
    return np.concatenate(found)


def _squares(one: Float32, others: Float32) -> Float32:
    """The squared distances (24, 24, m) of the frames of one (24, k) and of others (24, k, m).

    Those of the others come first.
    """
    ours, theirs = (one**2).sum(axis=1), (others**2).sum(axis=1)
    squares: Float32 = ours[:, None] + theirs[:, None] - 2 * (one @ others)
    return squares


def _least(costs: Float32) -> Float32:
    """The cost (m,) of the best path through costs (n, n, m), which are overwritten."""
    for i, j in product(range(len(costs)), repeat=2):
        steps = ((i - 1, j - 1), (i - 1, j), (i, j - 1))
        before = [costs[step] for step in steps if min(step) >= 0]
        if before:
            costs[i, j] += reduce(np.minimum, before)
    ends: Float32 = costs[-1, -1]
    return ends

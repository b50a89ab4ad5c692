"""Dynamic time warping of frames, exact.

The distance of two signatures of n and m frames is the least cost of a path from (1, 1) to
(n, m) in steps (1, 0), (0, 1), (1, 1), the cost of a point being the sum of the absolute
differences of the frames, divided by n + m. There is no band and no bound.

The loop is compiled by numba, imported only when a distance is computed. No compiled library
offers this cost: dtaidistance and aeon have the squared one, tslearn and librosa take the
whole matrix of costs and are 4 to 20 times slower, dtw-python is under the GPL.
"""

from functools import cache
from typing import Any

import numpy as np

from sigtdnn import parallel
from sigtdnn.arrays import Float64, Rows
from sigtdnn.extras import needs
from sigtdnn.matching.matcher import Representations
from sigtdnn.parallel import Progress, ignore_progress

CHUNK = 500  # pairs computed between two reports of progress


def distances(one: Representations, other: Representations) -> Float64:
    """Distances (n, m) of n signatures' frames to m others', each of shape (frames, k)."""
    row, column = np.indices((len(one), len(other))).reshape(2, -1)
    pairs = np.stack([row, column + len(one)], axis=1)
    return pair_distances([*one, *other], pairs).reshape(len(one), len(other))


def pair_distances(
    frames: Representations, pairs: Rows, progress: Progress = ignore_progress, jobs: int = 1
) -> Float64:
    """Distances (p,) of pairs (p, 2) of indices into `frames`, each of shape (n_i, k).

    Computed by `jobs` threads.
    """
    lengths = np.array([len(values) for values in frames])
    starts = np.cumsum(lengths) - lengths
    values = np.concatenate([*frames]).astype(np.float64, copy=False)
    found = np.empty(len(pairs))
    loop = _compiled()

    def compute(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        loop(values, starts, lengths, pairs[chunk], found[chunk])
        return len(pairs[chunk])

    done = 0
    # The compiled loop releases the interpreter's lock, so that threads run at the same time.
    for count in parallel.map(compute, range(0, len(pairs), CHUNK), jobs, threads=True):
        done += count
        progress(done, len(pairs))
    return found


@cache
def _compiled() -> Any:
    with needs("elastic"):
        import numba

    return numba.njit(nogil=True)(fill_distances)


def fill_distances(
    values: Float64, starts: Rows, lengths: Rows, pairs: Rows, distances: Float64
) -> None:
    """Writes the distances (p,) of pairs (p, 2) of stretches of `values` (total, k).

    Written for the compiler, and valid Python: a row of path costs is updated in place.
    """
    best = np.empty(lengths.max() + 1)
    for p in range(len(pairs)):
        one, other = pairs[p]
        n, m = lengths[one], lengths[other]
        best[: m + 1] = np.inf
        best[0] = 0.0
        for i in range(starts[one], starts[one] + n):
            diagonal = best[0]
            best[0] = np.inf
            left = np.inf
            for j in range(m):
                cost = 0.0
                for k in range(values.shape[1]):
                    cost += abs(values[i, k] - values[starts[other] + j, k])
                above = best[j + 1]
                left = cost + min(diagonal, above, left)
                best[j + 1] = left
                diagonal = above
        distances[p] = best[m] / (n + m)

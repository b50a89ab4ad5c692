"""Dynamic time warping of frames, exact.

The distance of two signatures of n and m frames is the least cost of a path from (1, 1) to
(n, m) in steps (1, 0), (0, 1), (1, 1), divided by n + m. There is no band and no bound. The cost of a
point is the sum, over the functions, of

    absolute      |d|
    saturating    |d| / (1 + |d|), which no outlier can dominate

where d is the difference of the two frames.

`distances` needs NumPy only, and answers a single verification: it sweeps the rows of all references
at once. `pair_distances` is a loop compiled by numba, of the extra `evaluate`, for many pairs. They
agree but for rounding. No compiled library offers these costs: dtaidistance and aeon have the squared one, tslearn
and librosa take the whole matrix of costs and are slower, dtw-python is under the GPL.
"""

from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sigtdnn import parallel
from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.extras import needs
from sigtdnn.matching.matcher import Representations
from sigtdnn.parallel import Progress, ignore_progress

Cost = Literal["absolute", "saturating"]
CHUNK = 500  # pairs computed between two reports of progress
BLOCK = 32  # rows whose costs are computed together, few enough for the processor's cache


class Bundle:
    """Signatures side by side, to be compared with one more at a time."""

    def __init__(self, frames: Representations) -> None:
        """Of frames (m_i, k) of one or more signatures."""
        self.lengths = np.array([len(values) for values in frames])
        self.functions = np.shape(frames[0])[1]
        # (k, r * longest): a function of all of them is contiguous.
        padded = np.zeros((self.functions, len(frames), self.lengths.max()), np.float32)
        for number, values in enumerate(frames):
            padded[:, number, : len(values)] = np.transpose(values)
        self.columns = padded.reshape(self.functions, -1)

    def distances(self, questioned: NDArray[Any], cost: Cost) -> Float64:
        """The distance (r,) of the frames (n, k) of a signature to each of the r."""
        count, longest = len(self.lengths), int(self.lengths.max())
        frames = np.asarray(questioned, np.float32)
        best = np.full((count, longest + 1), np.inf)
        best[:, 0] = 0.0
        along = np.empty((count, longest))
        for start in range(0, len(frames), BLOCK):
            costs = self._costs(frames[start : start + BLOCK], cost)
            # Summed up along a row: a path that stays in the row costs a difference of sums.
            sums = np.cumsum(costs.reshape(-1, count, longest), axis=2, dtype=np.float64)
            before = sums - costs.reshape(sums.shape)
            for total, previous in zip(sums, before, strict=True):
                np.minimum(best[:, 1:], best[:, :-1], out=along)
                along -= previous
                np.minimum.accumulate(along, axis=1, out=along)
                np.add(along, total, out=best[:, 1:])
                best[:, 0] = np.inf
        ends: Float64 = best[np.arange(count), self.lengths]
        return ends / (len(frames) + self.lengths)

    def _costs(self, frames: Float32, cost: Cost) -> Float32:
        """The cost of every point (rows, r * longest)."""
        shape = len(frames), self.columns.shape[1]
        total, part = np.zeros(shape, np.float32), np.empty(shape, np.float32)
        one = np.float32(1)
        for own, others in zip(frames.T, self.columns, strict=True):
            np.subtract.outer(own, others, out=part)
            np.abs(part, out=part)
            if cost == "saturating":
                # d / (1 + d) = 1 - 1 / (1 + d), and the ones are added below.
                np.add(part, one, out=part)
                np.reciprocal(part, out=part)
                total -= part
            else:
                total += part
        if cost == "saturating":
            total += np.float32(self.functions)
        return total


def distances(one: Representations, other: Representations, cost: Cost) -> Float64:
    """Distances (n, m) of n signatures' frames to m others', each of shape (frames, k)."""
    bundle = Bundle(other)
    rows = [bundle.distances(frames, cost) for frames in one]
    return np.array(rows, np.float64).reshape(len(one), len(other))


def pair_distances(
    frames: Representations,
    pairs: Rows,
    cost: Cost,
    progress: Progress = ignore_progress,
    jobs: int = 1,
) -> Float64:
    """Distances (p,) of pairs (p, 2) of indices into `frames`, each of shape (n_i, k).

    Computed by `jobs` threads. Needs numba; raises MissingExtraError without it.
    """
    lengths = np.array([len(values) for values in frames])
    starts = np.cumsum(lengths) - lengths
    values = np.concatenate([*frames]).astype(np.float32, copy=False)
    found = np.empty(len(pairs))
    loop = _compiled()

    def compute(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        loop(values, starts, lengths, pairs[chunk], cost == "saturating", found[chunk])
        return len(pairs[chunk])

    done = 0
    # The compiled loop releases the interpreter's lock, so that threads run at the same time.
    for count in parallel.map(compute, range(0, len(pairs), CHUNK), jobs, threads=True):
        done += count
        progress(done, len(pairs))
    return found


@cache
def _compiled() -> Any:
    with needs("evaluate"):
        import numba

    # The order of the sums is free, so that they are computed many at a time.
    return numba.njit(nogil=True, fastmath={"reassoc", "contract", "arcp", "nsz"})(fill_distances)


def fill_distances(
    values: Float32,
    starts: Rows,
    lengths: Rows,
    pairs: Rows,
    saturating: bool,
    distances: Float64,
) -> None:
    """Writes the distances (p,) of pairs (p, 2) of stretches of `values` (total, k).

    Written for the compiler, and valid Python: a row of path costs is updated in place.
    """
    one_whole = np.float32(1)
    best = np.empty(lengths.max() + 1)
    costs = np.empty(lengths.max(), np.float32)
    for p in range(len(pairs)):
        one, other = pairs[p]
        n, m = lengths[one], lengths[other]
        # A function of the other is contiguous, so that a row of costs is computed at once.
        functions = values[starts[other] : starts[other] + m].T.copy()
        best[: m + 1] = np.inf
        best[0] = 0.0
        for i in range(starts[one], starts[one] + n):
            costs[:m] = 0
            for k in range(values.shape[1]):
                own = values[i, k]
                for j in range(m):
                    d = abs(own - functions[k, j])
                    costs[j] += d / (one_whole + d) if saturating else d
            diagonal = best[0]
            best[0] = np.inf
            left = np.inf
            for j in range(m):
                above = best[j + 1]
                left = costs[j] + min(diagonal, above, left)
                best[j + 1] = left
                diagonal = above
        distances[p] = best[m] / (n + m)

"""Dynamic time warping of frames, exact.

The distance of two signatures of n and m frames is the least cost of a path from (1, 1) to
(n, m) in steps (1, 0), (0, 1), (1, 1), divided by n + m. There is no band and no bound. The
cost of a point is the sum, over the functions, of

    absolute      |d|
    saturating    |d| / (1 + |d|), which no outlier can dominate

where d is the difference of the two frames. Of the first `own` functions some may be unknown (NaN)
in a signature. They are left out, and those known in both count for them in proportion.

`distances` needs NumPy only, and answers a single verification: it sweeps the rows of all
references at once. `pair_distances` is a loop compiled by numba, of the extra `evaluate`, for many
pairs. They agree but for rounding. No compiled library offers these costs: dtaidistance and aeon
have the squared one, tslearn and librosa take the whole matrix of costs and are slower, dtw-python
is under the GPL.
"""

from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sigtdnn import parallel
from sigtdnn.arrays import Bool, Float32, Float64, Rows
from sigtdnn.extras import needs
from sigtdnn.matching.matcher import Representations
from sigtdnn.parallel import Progress, ignore_progress

Cost = Literal["absolute", "saturating"]
CHUNK = 500  # pairs computed between two reports of progress
BLOCK = 32  # rows whose costs are computed together, few enough for the processor's cache


class Bundle:
    """Signatures side by side, to be compared with one more at a time."""

    def __init__(self, frames: Representations, own: int) -> None:
        """Of frames (m_i, k) of one or more signatures."""
        self.own = own
        self.lengths = np.array([len(values) for values in frames])
        self.known = known_functions(frames)
        # (k, r, longest): a function of all of them is contiguous.
        self._columns = np.zeros((*self.known.T.shape, self.lengths.max()), np.float32)
        for number, values in enumerate(frames):
            self._columns[:, number, : len(values)] = np.nan_to_num(np.transpose(values))

    def distances(self, questioned: NDArray[Any], cost: Cost) -> Float64:
        """The distance (r,) of the frames (n, k) of a signature to each of the r."""
        _, count, longest = self._columns.shape
        weights = self.weights(questioned)
        frames = np.nan_to_num(np.asarray(questioned, np.float32))
        best = np.full((count, longest + 1), np.inf)
        best[:, 0] = 0.0
        along = np.empty((count, longest))
        for start in range(0, len(frames), BLOCK):
            costs = self.costs(frames[start : start + BLOCK], weights, cost)
            # Summed up along a row: a path that stays in the row costs a difference of sums.
            sums = np.cumsum(costs, axis=2, dtype=np.float64)
            for total, before in zip(sums, sums - costs, strict=True):
                np.minimum(best[:, 1:], best[:, :-1], out=along)
                along -= before
                np.minimum.accumulate(along, axis=1, out=along)
                np.add(along, total, out=best[:, 1:])
                best[:, 0] = np.inf
        mean: Float64 = best[np.arange(count), self.lengths] / (len(frames) + self.lengths)
        return mean

    def weights(self, questioned: NDArray[Any]) -> Float32:
        """How much each function (r, k) counts, beside the frames of a signature: 1, or 0 unknown.

        Those of the first `own` that are known count for those that are not, too.
        """
        weights = (self.known & known_functions([questioned])).astype(np.float32)
        weights[:, : self.own] *= self.own / weights[:, : self.own].sum(axis=1, keepdims=True)
        return weights

    def costs(self, frames: Float32, weights: Float32, cost: Cost) -> Float32:
        """The cost of every point (rows, r, longest), of functions that weigh (r, k)."""
        shape = len(frames), *self._columns.shape[1:]
        total, part = np.zeros(shape, np.float32), np.empty(shape, np.float32)
        one = np.float32(1)
        for values, others, weight in zip(frames.T, self._columns, weights.T, strict=True):
            np.subtract.outer(values, others, out=part)
            np.abs(part, out=part)
            if cost == "saturating":
                # d / (1 + d) = 1 - 1 / (1 + d), and the ones are added below.
                np.add(part, one, out=part)
                np.reciprocal(part, out=part)
            if (weight != 1).any():
                part *= weight[:, None]
            if cost == "saturating":
                total -= part
            else:
                total += part
        if cost == "saturating":
            total += weights.sum(axis=1)[:, None]
        return total


def warping_path(one: NDArray[Any], other: NDArray[Any], cost: Cost) -> tuple[Rows, Rows]:
    """The frames of either, (p,) and (p,), that the best path aligns, from first to last.

    Frames (n, k) and (m, k). Of equal paths, the one with the most diagonal steps at its end.
    """
    bundle = Bundle([other], np.shape(other)[1])
    costs = bundle.costs(np.nan_to_num(one), bundle.weights(one), cost)
    best = np.full((len(one) + 1, len(other) + 1), np.inf)
    best[0, 0] = 0.0
    sums = np.cumsum(costs[:, 0], axis=1, dtype=np.float64)
    for row, (total, own) in enumerate(zip(sums, costs[:, 0], strict=True)):
        entered = np.minimum(best[row, 1:], best[row, :-1]) - (total - own)
        best[row + 1, 1:] = np.minimum.accumulate(entered) + total
    steps = [(len(one), len(other))]
    while steps[-1] != (1, 1):
        i, j = steps[-1]
        before = ((i - 1, j - 1), (i - 1, j), (i, j - 1))
        steps.append(min(before, key=best.__getitem__))
    path = np.array(steps[::-1], np.intp) - 1
    return path[:, 0], path[:, 1]


def known_functions(frames: Representations) -> Bool:
    """Which functions (n, k) are known of n signatures with frames (m_i, k)."""
    return np.array([~np.isnan(values[0]) for values in frames])


def distances(one: Representations, other: Representations, cost: Cost, own: int) -> Float64:
    """Distances (n, m) of n signatures' frames to m others', each of shape (frames, k)."""
    bundle = Bundle(other, own)
    rows = [bundle.distances(frames, cost) for frames in one]
    return np.array(rows, np.float64).reshape(len(one), len(other))


def pair_distances(
    frames: Representations,
    pairs: Rows,
    cost: Cost,
    own: int,
    progress: Progress = ignore_progress,
    jobs: int = 1,
) -> Float64:
    """Distances (p,) of pairs (p, 2) of indices into `frames`, each of shape (n_i, k).

    Computed by `jobs` threads. Needs numba; raises MissingExtraError without it.
    """
    lengths = np.array([len(values) for values in frames])
    starts = np.cumsum(lengths) - lengths
    values = np.concatenate([*frames]).astype(np.float32, copy=False)
    known = known_functions(frames)
    found = np.empty(len(pairs))
    loop = _compiled()

    def compute(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        loop(values, known, own, starts, lengths, pairs[chunk], cost == "saturating", found[chunk])
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
    known: Bool,
    own: int,
    starts: Rows,
    lengths: Rows,
    pairs: Rows,
    saturating: bool,
    distances: Float64,
) -> None:
    """Writes the distances (p,) of pairs (p, 2) of stretches of `values` (total, k).

    Of each stretch the functions `known` (stretches, k) count. Written for the compiler, and valid
    Python: a row of path costs is updated in place.
    """
    whole = np.float32(1)
    best = np.empty(lengths.max() + 1)
    costs = np.empty(lengths.max(), np.float32)
    for p in range(len(pairs)):
        one, other = pairs[p]
        n, m = lengths[one], lengths[other]
        used = np.flatnonzero(known[one] & known[other])
        borders = np.array([0, np.searchsorted(used, own), len(used)])
        # A function of the other is contiguous, so that a row of costs is computed at once.
        functions = values[starts[other] : starts[other] + m].T.copy()
        best[: m + 1] = np.inf
        best[0] = 0.0
        for i in range(starts[one], starts[one] + n):
            costs[:m] = 0
            for part in range(2):
                first, last = borders[part], borders[part + 1]
                if saturating:
                    # 1 - 1 / (1 + d), two functions in one division: it takes most of the time.
                    for q in range(first, last - 1, 2):
                        k, k2 = used[q], used[q + 1]
                        for j in range(m):
                            d = whole + abs(values[i, k] - functions[k, j])
                            d2 = whole + abs(values[i, k2] - functions[k2, j])
                            costs[j] -= (d + d2) / (d * d2)
                    if (last - first) % 2:
                        k = used[last - 1]
                        for j in range(m):
                            costs[j] -= whole / (whole + abs(values[i, k] - functions[k, j]))
                    costs[:m] += last - first
                else:
                    for q in range(first, last):
                        k = used[q]
                        for j in range(m):
                            costs[j] += abs(values[i, k] - functions[k, j])
                if part == 0 and last < own:
                    costs[:m] *= np.float32(own / last)
            diagonal = best[0]
            best[0] = np.inf
            left = np.inf
            for j in range(m):
                above = best[j + 1]
                left = costs[j] + min(diagonal, above, left)
                best[j + 1] = left
                diagonal = above
        distances[p] = best[m] / (n + m)

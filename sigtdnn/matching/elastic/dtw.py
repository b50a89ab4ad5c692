"""Dynamic time warping of frames, exact.

The distance of two signatures of n and m frames is the least cost of a path from (1, 1) to
(n, m) in steps (1, 0), (0, 1), (1, 1), divided by n + m. There is no band and no bound. The
cost of a point is the sum, over the functions, of

    absolute      |d|
    saturating    |d| / (1 + |d|), which no outlier can dominate

where d is the difference of the two frames. Of the first `own` functions some may be unknown (NaN)
in a signature. They are left out, and those known in both count for them in proportion.

`distances` needs NumPy only, and answers a single verification: it sweeps the diagonals of all
references at once. `pair_distances` is a loop compiled by numba, of the extra `evaluate`, for many
pairs. They agree but for rounding. No compiled library offers these costs: dtaidistance and aeon
have the squared one, tslearn and librosa take the whole matrix of costs and are slower, dtw-python
is under the GPL.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from sigtdnn import parallel
from sigtdnn.arrays import Bool, Float32, Float64, Rows
from sigtdnn.extras import needs
from sigtdnn.matching.matcher import Representations
from sigtdnn.parallel import Progress, ignore_progress

Cost = Literal["absolute", "saturating"]
Int32 = NDArray[np.int32]
CHUNK = 500  # pairs computed between two reports of progress
NO_PATHS: Int32 = np.empty((0, 0, 2), np.int32)
BLOCK = 256  # rows swept together: a longer table would not stay in the processor's cache


class Bundle:
    """Signatures side by side, to be compared with one more at a time."""

    def __init__(self, frames: Representations, own: int) -> None:
        """Of frames (m_i, k) of one or more signatures."""
        self.own = own
        self.lengths = np.array([len(values) for values in frames])
        self.known = known_functions(frames)
        count, size = self.known.shape
        # (k, longest, r): a function of all of them is contiguous.
        self._columns = np.zeros((size, self.lengths.max(), count), np.float32)
        for number, values in enumerate(frames):
            self._columns[:, : len(values), number] = np.nan_to_num(np.transpose(values))

    def distances(self, questioned: NDArray[Any], cost: Cost) -> Float64:
        """The distance (r,) of the frames (n, k) of a signature to each of the r."""
        _, longest, count = self._columns.shape
        weights = self.weights(questioned)
        frames = np.nan_to_num(np.asarray(questioned, np.float32))
        row = np.full((longest + 1, count), np.inf)
        row[0] = 0.0
        for start in range(0, len(frames), BLOCK):
            row = path_costs(self.costs(frames[start : start + BLOCK], weights, cost), row)[-1]
        mean: Float64 = row[self.lengths, np.arange(count)] / (len(frames) + self.lengths)
        return mean

    def weights(self, questioned: NDArray[Any]) -> Float32:
        """How much each function (r, k) counts, beside the frames of a signature: 1, or 0 unknown.

        Those of the first `own` that are known count for those that are not, too.
        """
        weights = (self.known & known_functions([questioned])).astype(np.float32)
        weights[:, : self.own] *= self.own / weights[:, : self.own].sum(axis=1, keepdims=True)
        return weights

    def costs(self, frames: Float32, weights: Float32, cost: Cost) -> Float32:
        """The cost of every point (n, longest, r), of functions that weigh (r, k)."""
        size, longest, count = self._columns.shape
        total = np.zeros((len(frames), longest * count), np.float32)
        part, one = np.empty_like(total), np.float32(1)
        columns, spread = self._columns.reshape(size, -1), np.tile(weights.T, longest)
        for values, others, weight in zip(frames.T, columns, spread, strict=True):
            if not weight.any():
                continue
            np.subtract.outer(values, others, out=part)
            np.abs(part, out=part)
            if cost == "saturating":
                # d / (1 + d) = 1 - 1 / (1 + d), and the ones are added below.
                np.add(part, one, out=part)
                np.reciprocal(part, out=part)
            if (weight != 1).any():
                part *= weight
            if cost == "saturating":
                total -= part
            else:
                total += part
        if cost == "saturating":
            total += spread.sum(axis=0)
        return total.reshape(len(frames), longest, count)


def path_costs(costs: Float32, row: Float64) -> Float64:
    """The cost (n + 1, m + 1, r) of the best path to each point, of points that cost (n, m, r).

    The first row is `row` (m + 1, r): nought in its first place, infinite elsewhere, where paths
    begin; or the last one of the points before. The first column is infinite but there.
    """
    n, m, count = costs.shape
    # Diagonals, in whose points no path has two: each is computed at once.
    diagonals = np.full((n + m + 1, n + 1, count), np.inf)
    along, down, each = diagonals.strides
    best = as_strided(diagonals, (n + 1, m + 1, count), (along + down, along, each))
    best[0] = row
    best[1:, 1:] = costs
    points, above = diagonals[:, 1:], diagonals[:, :-1]
    least = np.empty((n, count))
    for left, up, before, own in zip(points[1:], above[1:], above, points[2:], strict=False):
        np.minimum(left, up, out=least)
        np.minimum(least, before, out=least)
        np.add(own, least, out=own)
    return best


def warping_path(one: NDArray[Any], other: NDArray[Any], cost: Cost) -> tuple[Rows, Rows]:
    """The frames of either, (p,) and (p,), that the best path aligns, from first to last.

    Frames (n, k) and (m, k). Of equal paths, the one with the most diagonal steps at its end.
    """
    bundle = Bundle([other], np.shape(other)[1])
    costs = bundle.costs(np.nan_to_num(one), bundle.weights(one), cost)
    row = np.full((len(other) + 1, 1), np.inf)
    row[0] = 0.0
    best = path_costs(costs, row)[..., 0]
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
    found = np.empty(len(pairs))
    fill = _filling(frames, cost, own)

    def compute(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        fill(pairs[chunk], found[chunk], NO_PATHS)
        return len(pairs[chunk])

    done = 0
    # The compiled loop releases the interpreter's lock, so that threads run at the same time.
    for count in parallel.map(compute, range(0, len(pairs), CHUNK), jobs, threads=True):
        done += count
        progress(done, len(pairs))
    return found


def pair_paths(
    frames: Representations, pairs: Rows, cost: Cost, own: int, jobs: int = 1
) -> tuple[Float64, Int32]:
    """As `pair_distances`, and the best path (p, s, 2) of each pair, from last frame to first.

    A path names the frames of either that it aligns, and is filled up with -1. Of equal paths, the
    one that `warping_path` gives.
    """
    lengths = np.array([len(values) for values in frames])
    found = np.empty(len(pairs))
    paths = np.full((len(pairs), lengths[pairs].sum(axis=1).max(), 2), -1, np.int32)
    fill = _filling(frames, cost, own)
    bounds = np.linspace(0, len(pairs), jobs + 1).astype(int)

    def compute(part: slice) -> None:
        fill(pairs[part], found[part], paths[part])

    for _ in parallel.map(compute, map(slice, bounds[:-1], bounds[1:]), jobs, threads=True):
        pass
    return found, paths


def _filling(
    frames: Representations, cost: Cost, own: int
) -> Callable[[Rows, Float64, Int32], None]:
    """The compiled `fill`, of these frames."""
    lengths = np.array([len(values) for values in frames])
    starts = np.cumsum(lengths) - lengths
    values = np.concatenate([*frames]).astype(np.float32, copy=False)
    known = known_functions(frames)
    loop = _compiled()
    return lambda pairs, distances, paths: loop(
        values, known, own, starts, lengths, pairs, cost == "saturating", distances, paths
    )


@cache
def _compiled() -> Any:
    with needs("evaluate"):
        import numba

    # Division by zero is not looked for, and the order of the sums is free: so that the costs are
    # computed many at a time.
    compiler = numba.njit(
        nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
    )
    return compiler(fill)


def fill(
    values: Float32,
    known: Bool,
    own: int,
    starts: Rows,
    lengths: Rows,
    pairs: Rows,
    saturating: bool,
    distances: Float64,
    paths: Int32,
) -> None:
    """Writes the distances (p,) of pairs (p, 2) of stretches of `values` (total, k).

    Of each stretch the functions `known` (stretches, k) count. The best paths are written, too,
    unless there are none to fill. Written for the compiler, and valid Python: of the path costs two
    rows are kept, and all of them only for paths.
    """
    whole = np.float32(1)
    rows = lengths.max() + 1 if len(paths) else 2
    best = np.empty((rows, lengths.max() + 1))
    costs = np.empty(lengths.max(), np.float32)
    for p in range(len(pairs)):
        one, other = pairs[p]
        n, m = lengths[one], lengths[other]
        used = np.flatnonzero(known[one] & known[other])
        share = np.float32(own / np.searchsorted(used, own))
        # A function of the other is contiguous, so that a row of costs is computed at once.
        functions = values[starts[other] : starts[other] + m].T.copy()
        best[0, : m + 1] = np.inf
        best[0, 0] = 0.0
        for i in range(n):
            costs[:m] = 0
            for k in used:
                value, column, weight = (
                    values[starts[one] + i, k],
                    functions[k],
                    share if k < own else whole,
                )
                for j in range(m):
                    apart = abs(value - column[j])
                    costs[j] += weight * (apart / (whole + apart) if saturating else apart)
            before, row = best[i % rows], best[(i + 1) % rows]
            left = np.inf
            row[0] = left
            for j in range(m):
                left = costs[j] + min(before[j], before[j + 1], left)
                row[j + 1] = left
        distances[p] = best[n % rows, m] / (n + m)
        if len(paths):
            i, j, step = n, m, 0
            while i > 0:
                paths[p, step, 0], paths[p, step, 1] = i - 1, j - 1
                step += 1
                diagonal, above, left = best[i - 1, j - 1], best[i - 1, j], best[i, j - 1]
                if diagonal <= above and diagonal <= left:
                    i, j = i - 1, j - 1
                elif above <= left:
                    i -= 1
                else:
                    j -= 1

"""The baseline: untrained dynamic time warping of six functions of time.

A signature becomes its first and second differences of x and y, its pressure and the
difference of that, on a grid of 10 ms, each function with mean 0 and deviation 1. Lifts are
restored: between strokes the pen moves in a straight line without pressure. Differences are
central. Without pressure the last two functions are 0 and count nothing.

The distance of two signatures of n and m points is the least cost of a path from (1, 1) to
(n, m) in steps (1, 0), (0, 1), (1, 1), the cost of a point being the sum of the absolute
differences of the functions, divided by n + m. It is exact: no band, no bound. Distances are
normalised by those among the references (`normalised`).

The loop is compiled by numba, imported only when a distance is computed. No compiled library
offers this cost: dtaidistance and aeon have the squared one, tslearn and librosa take the
whole matrix of costs and are 4 to 20 times slower, dtw-python is under the GPL.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.systems import without_odds
from sigtdnn.matching.elastic.normalisation import normalised_distance
from sigtdnn.signature import Signature
from sigtdnn.trials.table import Trials

STEP = 0.01  # seconds
ROUNDING = 1e-6  # seconds; closer than this, a time of the grid is that of a sample
CHUNK = 500  # pairs computed between two reports of progress

Progress = Callable[[int, int], None]  # pairs done, pairs in all


def ignore_progress(done: int, total: int) -> None:
    """Reports nothing."""


class DTW:
    """The baseline as a system; trained on nobody, so it may be tested on everybody."""

    name = "dtw"
    threshold: float | None = None

    def __init__(self, corpus: Corpus, progress: Progress = ignore_progress) -> None:
        """Nothing is computed yet."""
        self.trained_on: frozenset[str] = frozenset()
        self._corpus = corpus
        self._progress = progress
        self._pairs = np.empty(0, np.int64)  # sorted; pair (i, j), i <= j, is i * N + j
        self._distances = np.empty(0)

    def prepare(self, trials: Trials) -> None:
        """Computes every distance of the trials once, for all draws."""
        wanted = [
            self._numbers(np.concatenate([references, questioned.index.to_numpy()]), references)
            for _, _, references, questioned in trials.enrolments()
        ]
        pairs = np.concatenate([numbers.ravel() for numbers in wanted])
        pairs = np.setdiff1d(pairs, self._pairs)
        if not len(pairs):
            return
        ends = np.stack(np.divmod(pairs, len(self._corpus)), axis=1)
        rows, places = np.unique(ends, return_inverse=True)
        functions = [functions_of_time(self._corpus.signature(int(row))) for row in rows]
        distances = pair_distances(functions, places.reshape(ends.shape), self._progress)
        places = np.searchsorted(self._pairs, pairs)
        self._pairs = np.insert(self._pairs, places, pairs)
        self._distances = np.insert(self._distances, places, distances)

    def enroll(self, references: Rows) -> tuple[Rows, Float64]:
        """The references, and the distances (n, n) among them."""
        return references, self._between(references, references)

    def score(self, template: tuple[Rows, Float64], questioned: Rows) -> Float64:
        """Minus the normalised distance."""
        references, among = template
        return -normalised_distance(self._between(questioned, references), among)

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """None."""
        return without_odds(scores)

    def _numbers(self, one: Rows, other: Rows) -> NDArray[np.int64]:
        """The numbers (n, m) of pairs of rows (n,) and (m,)."""
        first, second = np.minimum(one[:, None], other), np.maximum(one[:, None], other)
        return (first * len(self._corpus) + second).astype(np.int64)

    def _between(self, one: Rows, other: Rows) -> Float64:
        return self._distances[np.searchsorted(self._pairs, self._numbers(one, other))]


def functions_of_time(signature: Signature) -> Float64:
    """The six functions on the grid, shape (n, 6); a constant one is 0."""
    grid = np.arange(0.0, signature.duration + STEP / 2, STEP)
    x = np.interp(grid, signature.t, signature.x)
    y = np.interp(grid, signature.t, signature.y)
    pressure = np.zeros(len(grid))
    if signature.pressure is not None:
        pressure = np.interp(grid, signature.t, signature.pressure)
        pressure[lifted(signature, grid)] = 0.0
    dx, dy = np.gradient(x), np.gradient(y)
    values = np.column_stack(
        [dx, dy, np.gradient(dx), np.gradient(dy), pressure, np.gradient(pressure)]
    )
    deviation = values.std(axis=0)
    scaled: Float64 = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return scaled


def lifted(signature: Signature, grid: Float64) -> Bool:
    """Whether the pen is up at the times `grid` (n,), recorded samples not included."""
    before = np.searchsorted(signature.t, grid, side="right") - 1
    before = np.minimum(before, len(signature) - 2)
    since, until = grid - signature.t[before], signature.t[before + 1] - grid
    return ~signature.pen[before] & (np.minimum(since, until) > ROUNDING)


def pair_distances(
    functions: list[Float64], pairs: Rows, progress: Progress = ignore_progress
) -> Float64:
    """Distances (p,) of pairs (p, 2) of indices into `functions`, each of shape (n_i, k)."""
    lengths = np.array([len(values) for values in functions])
    starts = np.cumsum(lengths) - lengths
    values = np.concatenate(functions)
    distances = np.empty(len(pairs))
    loop = _compiled()

    def compute(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        loop(values, starts, lengths, pairs[chunk], distances[chunk])
        return len(pairs[chunk])

    done = 0
    # The compiled loop leaves the interpreter, so that threads run at the same time.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for count in pool.map(compute, range(0, len(pairs), CHUNK)):
            done += count
            progress(done, len(pairs))
    return distances


@cache
def _compiled() -> Any:
    import numba

    return numba.njit(nogil=True)(fill_distances)


def fill_distances(
    values: Float64,
    starts: Rows,
    lengths: Rows,
    pairs: Rows,
    distances: Float64,
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

"""Learning functions of time that are linear in five neighbouring frames (`learnt`).

They are the directions in which aligned frames of a genuine signature and a forgery differ most,
measured by how two genuine ones differ: generalised eigenvectors of the two covariances of
differences along warping paths. (R. A. Fisher, "The use of multiple measurements in taxonomic
problems", 1936, for the criterion.)"""

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.elastic.dtw import warping_path
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import SIZE, in_context
from sigtdnn.matching.matcher import Examples

PAIRS = 12  # of genuines, and of a genuine and a forgery, that are aligned of each signer
RIDGE = 0.05  # of the mean variance, added to that of genuine differences
# A difference of one deviation counts as so much of one in the functions of time.
WEIGHT = 0.1
# Forgeries that last longer than so many times the genuine mean are not learnt from: they teach
# slowness, which says nothing where forgers are fast.
MAX_SLOWNESS = 1.35


def fit_projection(examples: Examples, count: int, seed: int = 0) -> Float32:
    """The projection (50, count) of the functions that tell forgeries best.

    Each signer with two genuine signatures and a forgery that is hardly slower counts the same.
    Raises TooFewExamplesError when there is none.
    """
    rng = np.random.default_rng(seed)
    functions = examples.representations
    genuine, forged = np.zeros((2, SIZE, SIZE))
    signers = 0
    for own, forgeries in examples.by_signer():
        frames = [len(functions[place]) for place in own]
        skilled = [p for p in forgeries if len(functions[p]) <= MAX_SLOWNESS * np.mean(frames)]
        if len(own) > 1 and skilled:
            pairs = [rng.choice(own, 2, replace=False) for _ in range(PAIRS)]
            genuine += _covariance([(functions[a], functions[b]) for a, b in pairs])
            mixed = [(rng.choice(own), rng.choice(skilled)) for _ in range(PAIRS)]
            signers += 1
            forged += _covariance([(functions[a], functions[b]) for a, b in mixed])
    if not signers:
        raise TooFewExamplesError(
            "no training signer has two genuine signatures and a forgery as quick as they are",
            "give signers with forgeries",
        )
    scale = np.trace(genuine) / SIZE
    # After whitening by genuine differences, the greatest directions of the others.
    lower = np.linalg.cholesky(genuine / scale + RIDGE * np.eye(SIZE))
    whitened = np.linalg.solve(lower, np.linalg.solve(lower, forged / scale).T)
    _, vectors = np.linalg.eigh(whitened)
    directions = np.linalg.solve(lower.T, vectors[:, ::-1][:, :count])
    # So that a genuine difference has the deviation `WEIGHT` in each.
    spread = np.sqrt(np.einsum("id,ij,jd->d", directions, genuine / signers, directions))
    projection: Float32 = (WEIGHT * directions / spread).astype(np.float32)
    return projection


def _covariance(pairs: list[tuple[Float32, Float32]]) -> Float64:
    """The mean square (50, 50) of the differences of aligned frames with their neighbours."""
    total, frames = np.zeros((SIZE, SIZE)), 0
    for one, other in pairs:
        i, j = warping_path(one, other, "saturating")
        apart = in_context(one[:, ALWAYS_KNOWN])[i] - in_context(other[:, ALWAYS_KNOWN])[j]
        total += apart.T @ apart
        frames += len(apart)
    return total / frames

"""Functions of time that are learnt: linear in five neighbouring frames of the fourteen.

They are the directions in which aligned frames of a genuine signature and a forgery differ most,
measured by how two genuine ones differ: generalised eigenvectors of the two covariances of differences
along warping paths. (R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936,
for the criterion.) They stand beside the functions they are made of, as more of them.
"""

import numpy as np

from sigtdnn.arrays import Float32

CONTEXT = 2  # frames on either side


def in_context(functions: Float32) -> Float32:
    """Each frame (n, k) with its neighbours, (n, 5 k); beyond the ends the last frame is repeated."""
    padded = np.pad(functions, ((CONTEXT, CONTEXT), (0, 0)), mode="edge")
    count = len(functions)
    return np.hstack([padded[start : start + count] for start in range(2 * CONTEXT + 1)])


def with_learnt(functions: Float32, projection: Float32 | None) -> Float32:
    """The frames (n, k + d) of functions (n, k), by a projection (5 k, d); without one, (n, k)."""
    if projection is None:
        return functions
    return np.hstack([functions, in_context(functions) @ projection])

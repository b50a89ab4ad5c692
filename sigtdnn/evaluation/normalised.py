"""Distances to the references, in units of those among the references.

d_min / sqrt(r_min) + d_mean / sqrt(r_mean), where d are the distances of a questioned
signature to the references, and r_min and r_mean the means, over the references, of the
least and of the mean distance to the other references. A signer who varies is given room.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Identical references would make every distance infinite.
LEAST_SPREAD = 1e-12


def normalised_distance(questioned: Array, among: Array) -> Array:
    """Normalised distance (q,) of distances (q, n) to n references, (n, n) among them.

    A single reference has no spread, and its distances stay as they are, d_min + d_mean.
    """
    count = len(among)
    least: Array = questioned.min(axis=1)
    mean: Array = questioned.mean(axis=1)
    if count < 2:
        return least + mean
    others = among[~np.eye(count, dtype=bool)].reshape(count, count - 1)
    r_min = max(float(others.min(axis=1).mean()), LEAST_SPREAD)
    r_mean = max(float(others.mean()), LEAST_SPREAD)
    distance: Array = least / np.sqrt(r_min) + mean / np.sqrt(r_mean)
    return distance

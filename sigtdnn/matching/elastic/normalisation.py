"""Distances to the references, in units of those among the references.

d_min / sqrt(r_min) + d_mean / sqrt(r_mean), where d are the distances of a questioned
signature to the references, and r_min and r_mean the means, over the references, of the
least and of the mean distance to the other references. A signer who varies is given more room.
"""

import numpy as np

from sigtdnn.arrays import Float64

# Identical references would make every distance infinite.
MIN_SPREAD = 1e-12


def normalised_distance(questioned: Float64, among: Float64) -> Float64:
    """Normalised distance (q,) of distances (q, n) to n references, (n, n) among them.

    A single reference has no spread, and its distances stay as they are, d_min + d_mean.
    """
    count = len(among)
    least: Float64 = questioned.min(axis=1)
    mean: Float64 = questioned.mean(axis=1)
    if count < 2:
        return least + mean
    others = among[~np.eye(count, dtype=bool)].reshape(count, count - 1)
    r_min = max(float(others.min(axis=1).mean()), MIN_SPREAD)
    r_mean = max(float(others.mean()), MIN_SPREAD)
    distance: Float64 = least / np.sqrt(r_min) + mean / np.sqrt(r_mean)
    return distance

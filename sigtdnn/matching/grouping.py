"""Groups that signatures fall into by their distances: single linkage.

Two signatures are of one group when a chain of signatures leads from one to the other, none of its
links longer than a limit. (R. Sibson, "SLINK: an optimally efficient algorithm for the
single-link cluster method", 1973, for the method.)
"""

import numpy as np

from sigtdnn.arrays import Float64, Rows


def widest_gap(distances: Float64) -> float:
    """The longest link that one group of n signatures with distances (n, n) needs; 0 of one.

    It is the longest edge of their minimum spanning tree.
    """
    near, gap = distances[0].copy(), 0.0
    left = np.arange(len(distances)) > 0
    while left.any():
        nearest = np.flatnonzero(left)[near[left].argmin()]
        gap = max(gap, float(near[nearest]))
        left[nearest] = False
        np.minimum(near, distances[nearest], out=near)
    return gap


def groups(distances: Float64, limit: float) -> Rows:
    """The group (n,) of each of n signatures with distances (n, n): the first place in it."""
    found = np.arange(len(distances))
    linked = distances <= limit
    for one, other in np.argwhere(linked).tolist():
        first, last = sorted((found[one], found[other]))
        found[found == last] = first
    return found

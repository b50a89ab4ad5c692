"""In what a signature differs from a reference, and where: the costs along the warping path.

The functions of time are of three groups, and what is compared while either pen is in the air is a
fourth. A cost is that of the saturating kind, the mean over the known functions of a group, from 0
to 1; averaged over the points of the path that a frame has.
"""

import numpy as np

from sigtdnn.arrays import Bool, Float32, Float64, Rows
from sigtdnn.matching.difference import AIR, PRESSURE, RHYTHM, SHAPE

# Places of the functions of time, as `functions` and `textbook` number them. Those of the second
# are the first six of the first.
MEMBERS = {SHAPE: (0, 1, 7, 8, 10, 11), RHYTHM: (2, 3, 6, 9), PRESSURE: (4, 5, 12, 13)}
GROUPS = (*MEMBERS, AIR)
FORCE = 4  # the place of the pressure
# What a frame costs between genuine signatures, the mean of artificial ones, SVC2004 Task 2, SUSIG
# and NFI.
USUAL = (0.13, 0.18, 0.19, 0.03)
# Pressure this close to the least is that of a lift: what rounding leaves.
LEAST = 1 / 16


def group_costs(one: Float32, other: Float32, path: tuple[Rows, Rows]) -> Float64:
    """The costs (n, 4) of each frame of functions (n, k), against others (m, k) along a path.

    Those of another group than the frame's are 0, and so are those of unknown functions.
    """
    i, j = path
    apart = np.abs(one[i].astype(np.float64) - other[j])
    costs = apart / (1 + apart)
    known = ~np.isnan(costs[0])
    up = lifted(one)[i] | lifted(other)[j]
    found = np.zeros((len(i), len(GROUPS)))
    for group, members in enumerate(MEMBERS.values()):
        of = [place for place in members if place < len(known) and known[place]]
        if of:
            found[:, group] = np.where(up, 0, costs[:, of].mean(axis=1))
    found[:, -1] = np.where(up, costs[:, known].mean(axis=1), 0)
    return by_frame(found, i)


def by_frame(values: Float64, frames: Rows) -> Float64:
    """Means (n, c) of values (p, c) at the points of a path, by their frame (p,), ascending."""
    starts = np.flatnonzero(np.diff(frames, prepend=-1))
    sizes = np.diff(np.append(starts, len(frames)))
    means: Float64 = np.add.reduceat(values, starts) / sizes[:, None]
    return means


def lifted(functions: Float32) -> Bool:
    """Whether the pen is in the air in each frame (n,); never where pressure tells nothing."""
    force = functions[:, FORCE]
    if np.isnan(force[0]) or np.ptp(force) == 0:
        return np.zeros(len(force), np.bool_)
    up: Bool = force <= force.min() + LEAST
    return up


def dearest_stretch(costs: Float64) -> tuple[int, int]:
    """The frames, from and up to, of which costs (n,) exceed their mean by most in all.

    The stretch of the greatest sum. (J. Bentley, "Programming pearls: algorithm design
    techniques", 1984, for the method.)
    """
    sums = np.concatenate([[0.0], np.cumsum(costs - costs.mean())])
    gains = sums - np.minimum.accumulate(sums)
    end = max(int(gains.argmax()), 1)
    return int(sums[:end].argmin()), end

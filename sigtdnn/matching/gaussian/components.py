"""Which components of a feature vector a template keeps, and in which ranges (PAPER section 6)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.matching.matcher import Examples

# As a share of the mean squared distance: smaller distances count as equal.
MIN_DISTANCE = 1e-3
# A range reaches beyond the training vectors by this share of their extent on either side, since a
# few training signers do not show everything that others do. Signers of SUSIG and NFI who were not
# trained on stayed within a quarter; 7 bits over the whole range are steps of a 64th of the extent.
MARGIN = 0.5
# An output that never changes needs a range, too.
MIN_EXTENT = 1e-3


def chosen(examples: Examples, components: Sequence[int]) -> Examples:
    """The same examples with some components of their vectors."""
    vectors = np.asarray(examples.representations)[:, list(components)]
    return replace(examples, representations=vectors)


def choose_components(examples: Examples, count: int) -> tuple[int, ...]:
    """The `count` components of vectors (n, d) that best stand for all of them, ascending.

    A density judges a signature by its squared distance from the signer's mean. Components
    are added one by one so that, over the training recordings, the logarithm of that distance
    follows most closely what all components give: a component that adds nothing new, as
    neighbours in time often do not, stays out. The paper calls the half that it drops
    redundant and does not say how it was found. Choosing each component by how well it alone
    separates genuines from forgeries keeps near copies of the best few, and loses far more.
    """
    vectors = np.asarray(examples.representations)
    squares = np.empty_like(vectors, dtype=np.float64)
    for signer in np.unique(examples.signer):
        own = examples.signer == signer
        squares[own] = (vectors[own] - vectors[own & examples.genuine].mean(axis=0)) ** 2
    every = squares.mean(axis=1)
    near = MIN_DISTANCE * every.mean() + np.finfo(np.float64).tiny
    wanted = np.log(every + near)[:, None]
    found: list[int] = []
    total = np.zeros((len(vectors), 1))
    while len(found) < count:
        told = np.log((total + squares) / (len(found) + 1) + near)
        missed = ((told - wanted) ** 2).mean(axis=0)
        missed[found] = np.inf
        found.append(int(np.argmin(missed)))
        total += squares[:, found[-1:]]
    return tuple(sorted(found))


def ranges(vectors: Float32) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Low and high end of each component of vectors (n, d)."""
    least, most = vectors.min(axis=0).astype(np.float64), vectors.max(axis=0).astype(np.float64)
    margin = np.maximum(MARGIN * (most - least), MIN_EXTENT)
    return tuple((least - margin).tolist()), tuple((most + margin).tolist())


def mean_variance(examples: Examples) -> float:
    """Mean over signers of the variance of their genuine vectors (n, d), pooled over features."""
    vectors = np.asarray(examples.representations, np.float64)
    genuines = (vectors[own] for own, _ in examples.by_signer() if len(own) > 1)
    return float(np.mean([own.var(axis=0, ddof=1).mean() for own in genuines]))

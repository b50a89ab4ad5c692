"""Which components of a large feature vector to keep (PAPER section 6)."""

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float32

# Of the mean squared distance: below it, distances need not be told apart.
NEAR = 1e-3


def choose_components(vectors: Float32, recordings: pd.DataFrame, count: int) -> tuple[int, ...]:
    """The `count` components of vectors (n, d) that miss the others least, in ascending order.

    A density judges a signature by its squared distance from the signer's mean. Components
    are added one by one so that, over the training recordings, the logarithm of that distance
    follows most closely what all components give: a component that tells nothing new, as
    its neighbours in time often do not, stays out. The paper calls the half that it drops
    redundant and does not say how it was found. Choosing each by how well it separates
    genuines and forgeries by itself keeps near copies of the best few, and loses far more.
    """
    genuine = (recordings["kind"] == "genuine").to_numpy()
    signers = recordings["signer"].to_numpy()
    squares = np.empty_like(vectors, dtype=np.float64)
    for signer in np.unique(signers):
        own = signers == signer
        squares[own] = (vectors[own] - vectors[own & genuine].mean(axis=0)) ** 2
    every = squares.mean(axis=1)
    near = NEAR * every.mean() + np.finfo(np.float64).tiny
    wanted = np.log(every + near)[:, None]
    chosen: list[int] = []
    total = np.zeros((len(vectors), 1))
    while len(chosen) < count:
        found = np.log((total + squares) / (len(chosen) + 1) + near)
        missed = ((found - wanted) ** 2).mean(axis=0)
        missed[chosen] = np.inf
        chosen.append(int(np.argmin(missed)))
        total += squares[:, chosen[-1:]]
    return tuple(sorted(chosen))

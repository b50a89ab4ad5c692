"""Which components of the feature vector to keep (PAPER section 6: 38 of 76 lose nothing)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float32]


def choose_components(vectors: Array, recordings: pd.DataFrame, count: int) -> tuple[int, ...]:
    """The `count` components of vectors (n, d) that separate best, in ascending order.

    A component is judged on training signers by how far forgeries lie from their signer's
    mean, relative to his genuines: the ratio of the two mean squared distances. The paper
    does not say how its 38 were chosen.
    """
    genuine = (recordings["kind"] == "genuine").to_numpy()
    skilled = (recordings["kind"] == "skilled").to_numpy()
    signers = recordings["signer"].to_numpy()
    squares = np.empty_like(vectors, dtype=np.float64)
    for signer in np.unique(signers):
        own = signers == signer
        squares[own] = (vectors[own] - vectors[own & genuine].mean(axis=0)) ** 2
    ratio = squares[skilled].mean(axis=0) / np.maximum(squares[genuine].mean(axis=0), 1e-12)
    best = np.argsort(-ratio, kind="stable")[:count]
    return tuple(int(component) for component in np.sort(best))

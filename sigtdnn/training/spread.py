"""How much signers vary."""

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float32


def mean_variance(vectors: Float32, recordings: pd.DataFrame) -> float:
    """Mean over signers of the variance of their genuine vectors (n, d), pooled over features."""
    genuine = (recordings["kind"] == "genuine").to_numpy()
    frame = pd.DataFrame(vectors[genuine].astype(np.float64))
    by_signer = frame.groupby(recordings["signer"].to_numpy()[genuine]).var(ddof=1)
    return float(by_signer.mean(axis=1).mean())

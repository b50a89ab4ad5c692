"""The paper's model of a signer: a normal density over feature vectors (PAPER section 5).

Features are independent and share one variance. Everything is in logarithms, since a
density in 304 dimensions leaves the range of floating point.
"""

import math
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.errors import EnrolmentError, TooFewReferencesError

MIN_REFERENCES = 2  # a variance needs two


@dataclass(frozen=True, eq=False)
class Density:
    """A normal density: made by `fit_density`, read by `log_density`."""

    mean: Float64  # (d,)
    variance: float  # one for all features
    count: int  # of signatures behind it


def fit_density(vectors: Float32, floor: float) -> Density:
    """The density of a signer's reference vectors (n, d).

    The variance is unbiased, pooled over the features and at least `floor`.

    Raises TooFewReferencesError for fewer than 2, EnrolmentError for equal ones if the floor is 0.
    """
    count, size = vectors.shape
    if count < MIN_REFERENCES:
        raise TooFewReferencesError(
            f"{count} reference signature(s), a template needs at least {MIN_REFERENCES}",
            "give more",
        )
    exact = vectors.astype(np.float64)
    mean = exact.mean(axis=0)
    variance = max(float(((exact - mean) ** 2).sum() / ((count - 1) * size)), floor)
    if not variance > 0:
        raise EnrolmentError("the reference signatures do not differ", "give different recordings")
    return Density(mean, variance, count)


def single_density(vectors: Float32, floor: float) -> Density:
    """The density of a signer with one reference vector, (1, d).

    One signature does not show how its signer varies. The variance is the least that a template
    may have, `floor`, which comes from the training signers.

    Raises TooFewReferencesError when the floor is 0.
    """
    if not floor > 0:
        raise TooFewReferencesError(
            "the model has no least variance", "give 2 reference signatures or more"
        )
    return Density(vectors[0].astype(np.float64), floor, len(vectors))


def log_density(density: Density, vectors: Float32) -> Float64:
    """log p-yes, shape (...), of vectors (..., d) under a density."""
    apart = vectors - density.mean
    distance: Float64 = (apart * apart).sum(axis=-1)
    volume = density.mean.size * math.log(2 * math.pi * density.variance)
    return distance * (-0.5 / density.variance) - 0.5 * volume


def log_densities(apart: Float64, variances: Float64) -> Float64:
    """log p-yes (m,) under m densities of what lies `apart` (m, d) from their means."""
    distance = np.einsum("md,md->m", apart, apart)
    volume = apart.shape[1] * np.log(2 * np.pi * variances)
    found: Float64 = distance * (-0.5 / variances) - 0.5 * volume
    return found


def reach(variance: float, size: int, log_p: float) -> float:
    """Largest mean squared distance, over `size` features, at which log p-yes is `log_p`.

    Negative when no vector is so likely.
    """
    return -variance * (2 * log_p / size + math.log(2 * math.pi * variance))

"""Other ways to compare feature vectors: tested beside the template of 80 bytes, never stored.

whole       the same density over chosen components in full precision, with a p-no of its own
cosine      mean cosine to the references: what training optimised
normalised  distances to the references, in units of those among the references
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.extras import needs
from sigtdnn.matching.calibration import Calibration
from sigtdnn.matching.elastic.normalisation import Spread, normalised
from sigtdnn.matching.gaussian.components import chosen, mean_variance
from sigtdnn.matching.gaussian.density import Density, fit_density, log_density, single_density
from sigtdnn.matching.matcher import Comparator, Comparisons, Examples, Representations


@dataclass(frozen=True)
class Prior:
    """p-no, the mean of p-yes over the forgeries of validation signers (PAPER section 5)."""

    log_p_no: float
    largest_share: float  # of one forgery in that mean

    def __post_init__(self) -> None:
        if not np.isfinite([self.log_p_no, self.largest_share]).all():
            raise ValueError("a number is not finite")

    @classmethod
    def fit(cls, forged: Float64) -> Self:
        """p-no from log p-yes (m,) of forgeries, m >= 1."""
        with needs("evaluate"):
            from scipy.special import logsumexp

        total = float(logsumexp(forged))
        return cls(float(total - np.log(len(forged))), float(np.exp(forged.max() - total)))


@dataclass(frozen=True)
class WholeVectors(Comparator[Density]):
    """The density over components in full precision; raw is log p-yes - log p-no.

    A single reference shows no variance: the least one is used, with the p-no of six references.
    """

    components: tuple[int, ...]  # of the network's output
    variance_floor: float
    prior: Prior
    calibration: Calibration

    def __post_init__(self) -> None:
        different = set(self.components)
        if not different or len(different) < len(self.components) or min(different) < 0:
            raise ValueError("components must be different outputs of the network")
        if not 0 <= self.variance_floor < float("inf"):
            raise ValueError("the variance floor is below 0 or not finite")

    @classmethod
    def fit(
        cls,
        components: Sequence[int],
        variance_floor: float,
        training: Examples,
        validation: Examples,
    ) -> Self:
        """`variance_floor` is a share of the mean variance of training signers."""
        floor = variance_floor * mean_variance(chosen(training, components))
        densities = chosen(validation, components).comparisons(
            lambda vectors: fit_density(vectors, floor), log_density
        )
        prior = Prior.fit(densities.complete().skilled)
        raw = Comparisons(*(each - prior.log_p_no for each in densities))
        return cls(tuple(components), floor, prior, Calibration.fit(raw))

    def enroll(self, representations: Representations) -> Density:
        """The normal density of the references' vectors."""
        vectors = self._vectors(representations)
        fit = single_density if len(vectors) == 1 else fit_density
        return fit(vectors, self.variance_floor)

    def compare(self, template: Density, representations: Representations) -> Float64:
        """log p-yes - log p-no."""
        return log_density(template, self._vectors(representations)) - self.prior.log_p_no

    def _vectors(self, representations: Representations) -> Float32:
        return np.asarray(representations)[:, list(self.components)]


@dataclass(frozen=True)
class DirectComparison(Comparator[Float64]):
    """Vectors against the references' vectors, without a model of the signer."""

    measure: Callable[[Float64, Float64], Float64]  # questioned (q, d), references (n, d) -> (q,)

    def enroll(self, representations: Representations) -> Float64:
        """The references' vectors (n, d)."""
        return np.asarray(representations, np.float64)

    def compare(self, template: Float64, representations: Representations) -> Float64:
        """What `measure` says of each."""
        return self.measure(np.asarray(representations, np.float64), template)


def mean_cosine(questioned: Float64, references: Float64) -> Float64:
    """Mean cosine (q,) of vectors (q, d) to the references (n, d)."""
    mean: Float64 = (_unit(questioned) @ _unit(references).T).mean(axis=1)
    return mean


def minus_normalised_distance(questioned: Float64, references: Float64) -> Float64:
    """Minus the logarithm (q,) of the Euclidean distance to the references, in units of theirs."""
    spread = Spread.of(_distances(references, references))
    raw: Float64 = -normalised(_distances(questioned, references), spread)
    return raw


def _unit(vectors: Float64) -> Float64:
    scaled: Float64 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def _distances(one: Float64, other: Float64) -> Float64:
    each: Float64 = np.linalg.norm(one[:, None] - other[None], axis=2)
    return each


DIRECT: dict[str, Comparator[Any]] = {
    "cosine": DirectComparison(mean_cosine),
    "normalised": DirectComparison(minus_normalised_distance),
}

"""Systems that compare feature vectors directly, without a density."""

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.evaluation.systems import Encoded, seen_signers, without_odds
from sigtdnn.matching.elastic.normalisation import normalised_distance
from sigtdnn.trials.table import Trials


class Cosine:
    """Mean cosine of the questioned vector and the references: what training optimised."""

    threshold = None

    def __init__(self, name: str, encoded: Encoded) -> None:
        """`encoded` may be shared with other systems of the same model."""
        self.name = name
        self._encoded = encoded
        self.trained_on = seen_signers(encoded.model)

    def prepare(self, trials: Trials) -> None:
        """Encodes every recording of the trials."""
        self._encoded.prepare(np.unique(trials.rows))

    def enroll(self, references: Rows) -> Float64:
        """The references' vectors (n, d), each of length 1."""
        return unit(self._encoded.of(references).astype(np.float64))

    def score(self, template: Float64, questioned: Rows) -> Float64:
        """Mean cosine, -1 to 1."""
        vectors = unit(self._encoded.of(questioned).astype(np.float64))
        mean: Float64 = (vectors @ template.T).mean(axis=1)
        return mean

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """None."""
        return without_odds(scores)


class Normalised:
    """Distances between vectors, in units of those among the references, negated."""

    threshold = None

    def __init__(self, name: str, encoded: Encoded) -> None:
        """`encoded` may be shared with other systems of the same model."""
        self.name = name
        self._encoded = encoded
        self.trained_on = seen_signers(encoded.model)

    def prepare(self, trials: Trials) -> None:
        """Encodes every recording of the trials."""
        self._encoded.prepare(np.unique(trials.rows))

    def enroll(self, references: Rows) -> Float64:
        """The references' vectors (n, d)."""
        return self._encoded.of(references).astype(np.float64)

    def score(self, template: Float64, questioned: Rows) -> Float64:
        """Minus the normalised distance."""
        vectors = self._encoded.of(questioned).astype(np.float64)
        return -normalised_distance(distances(vectors, template), distances(template, template))

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """None."""
        return without_odds(scores)


def unit(vectors: Float64) -> Float64:
    """The vectors (n, d), each divided by its length."""
    scaled: Float64 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def distances(one: Float64, other: Float64) -> Float64:
    """Euclidean distances (n, m) of vectors (n, d) and (m, d)."""
    each: Float64 = np.linalg.norm(one[:, None] - other[None], axis=2)
    return each

"""Update: a template learns from an accepted signature, within bounds.

The paper updates the model with each accepted signature (PAPER section 6). One of them may be a
forger's, and the forger may try again and again. Five bounds hold:

- only a signature accepted far above the usual threshold is learnt from (`Norms.confident`);
- the template of the first enrolment must accept it as clearly, so that nobody approaches step by
  step, each step letting in the next (`Verifier.update`);
- one signature counts one in `MEMORY` + 1, or more while the template is young, so that old
  signatures fade slowly and none dominates;
- the mean stays within a sphere around that of the first enrolment, as wide as honest signers
  drift (`Bounds.drift`); beyond, it is brought back to the surface;
- the variance stays within a factor of that of the first enrolment (`Bounds.widening`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.matching.gaussian.density import Density, fit_density

# The past counts as at most this many signatures: twice the paper's six.
MEMORY = 12
# Share of signers who change more from their early to their late signatures than a template may.
CHANGED = 0.1


@dataclass(frozen=True)
class Bounds:
    """How far honest signers change."""

    drift: float  # squared distance between early and late signatures, in their variance
    widening: float  # ratio of the variances of late and early signatures

    def __post_init__(self) -> None:
        if not (0 < self.drift < float("inf") and 1 <= self.widening < float("inf")):
            raise ValueError("drift is positive, widening 1 or more, both finite")

    @classmethod
    def fit(cls, signers: Iterable[Float32], floor: float) -> Self:
        """The bounds that 9 in 10 signers keep, their vectors (n, d) in order of signing."""
        changes = np.array([_change(vectors, floor) for vectors in signers])
        drift, widening = np.quantile(changes, 1 - CHANGED, axis=0)
        return cls(float(drift), max(float(widening), 1.0))

    def hold(self, density: Density, first: Density, floor: float) -> Density:
        """The nearest density within the bounds around the first one."""
        offset = density.mean - first.mean
        drift = float(np.mean(offset**2)) / first.variance
        mean = density.mean
        if drift > self.drift:
            mean = first.mean + offset * (self.drift / drift) ** 0.5
        least = max(first.variance / self.widening, floor)
        most = max(first.variance * self.widening, least)
        variance = min(max(density.variance, least), most)
        return Density(mean, variance, density.count)


def learn(old: Density, vector: Float32) -> Density:
    """The density of the old signatures, as `MEMORY` at most, and of a new vector (d,)."""
    weight = min(old.count, MEMORY)
    step = vector - old.mean
    mean = old.mean + step / (weight + 1)
    squares = (weight - 1) * old.variance + weight / (weight + 1) * float(np.mean(step**2))
    return Density(mean, squares / weight, old.count + 1)


def _change(vectors: Float32, floor: float) -> tuple[float, float]:
    """Drift and widening from the first half of a signer's signatures to the second."""
    half = len(vectors) // 2
    early, late = fit_density(vectors[:half], floor), fit_density(vectors[half:], floor)
    drift = float(np.mean((late.mean - early.mean) ** 2)) / early.variance
    return drift, late.variance / early.variance

"""Update: a template learns from an accepted signature, within bounds.

The paper updates the model with each accepted signature (PAPER section 6). A signature of a
forger may be among them, and he may come again and again. Five bounds hold him:

- only what is accepted far above the usual threshold is learnt from (`Population.update`);
- the template of the first enrolment must accept it as clearly, so that nobody comes nearer
  step by step, each step letting in the next (`Verifier.update`);
- one signature counts one in `MEMORY` + 1, or more while the template is young, so that old
  signatures fade slowly and none dominates;
- the mean stays within a sphere around that of the first enrolment, as wide as honest
  signers move (`Population.drift`); beyond, it is brought back to its surface;
- the variance stays within a factor of that of the first enrolment (`Population.widening`).
"""

import zlib

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.density import Density
from sigtdnn.matching.gaussian.template import Template
from sigtdnn.models.file import Model

# Signatures that the past counts as, at most: twice the paper's six.
MEMORY = 12


def updated(template: Template, vector: Float32, first: Template, model: Model) -> Template:
    """The template after one more card vector (k,); `first` is that of the first enrolment.

    Raises ModelError when another model made one of the templates.
    """
    if not template.fingerprint == first.fingerprint == model.fingerprint[: len(first.fingerprint)]:
        raise ModelError("templates of another model; name the model they were enrolled with")
    learnt = _bounded(learn(template, vector), first, model)
    # Steps of learning are smaller than half a level, and rounding to the nearest would undo
    # them all. Rounded up as often as they come near the next level, they add up.
    chance = np.random.default_rng(zlib.crc32(template.to_bytes() + vector.tobytes()))
    return Template.rounded(learnt, model, up=chance.random(len(vector)))


def learn(old: Density, vector: Float32) -> Density:
    """The density of the old signatures, as `MEMORY` at most, and of a new vector (k,)."""
    weight = min(old.count, MEMORY)
    step = vector - old.mean
    mean = old.mean + step / (weight + 1)
    squares = (weight - 1) * old.variance + weight / (weight + 1) * float(np.mean(step**2))
    return Density(mean, squares / weight, old.count + 1)


def _bounded(density: Density, first: Density, model: Model) -> Density:
    """The nearest density within the bounds around the first one."""
    population = model.card.population
    offset = density.mean - first.mean
    drift = float(np.mean(offset**2)) / first.variance
    mean = density.mean
    if drift > population.drift:
        mean = first.mean + offset * (population.drift / drift) ** 0.5
    least = max(first.variance / population.widening, model.card.decision.variance_floor)
    most = max(first.variance * population.widening, least)
    variance = min(max(density.variance, least), most)
    return Density(mean, variance, density.count)

"""What templates of 80 bytes lose against whole vectors in full precision.

One network, the same trials, four ways to keep a signer:

full   all components, in floating point
card   our 80 bytes: up to 76 components at 7 bits, which is all of network 5
half   as many bytes, otherwise divided: 38 components at 14 bits
paper  the paper's 80 bytes, a byte a mean and a byte a mean square of the same 38 components

Each has a p-no of its own, measured on the validation signers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from paper_repro.experiments.layouts import narrow_ranges, paper_density
from sigtdnn.arrays import Float32, Float64
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.figures import Estimate, difference, estimates
from sigtdnn.evaluation.systems import ComparatorSystem, RowRepresentations, model_system, run
from sigtdnn.matching.gaussian.components import choose_components, chosen, ranges
from sigtdnn.matching.gaussian.density import Density, fit_density
from sigtdnn.matching.gaussian.vectors import Prior, WholeVectors
from sigtdnn.matching.matcher import Comparator, Representations
from sigtdnn.models.model import Model
from sigtdnn.training.experiment import Experiment
from sigtdnn.training.fit import examples_of
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

FULL = "full"
WAYS = (FULL, "card", "half", "paper")
HALF = 38  # of network 5's components, the paper's choice
HALF_STEPS = 2**14 - 1
FIGURES = ("ga_at_fr80", "eer_global")

# The density that bytes of reference vectors (n, k) hold, its variance at least the given floor.
Bytes = Callable[[Float32, float], Density]


@dataclass(frozen=True)
class InBytes(Comparator[Density]):
    """A density over some components, as bytes hold it."""

    exact: WholeVectors
    layout: Bytes

    def enroll(self, representations: Representations) -> Density:
        """What the bytes of the references say."""
        vectors = np.asarray(representations)[:, list(self.exact.components)]
        return self.layout(vectors, self.exact.variance_floor)

    def compare(self, template: Density, representations: Representations) -> Float64:
        """log p-yes - log p-no."""
        return self.exact.compare(template, representations)


def finely(low: Float64, high: Float64, vectors: Float32, floor: float) -> Density:
    """The density of vectors (n, k) with means at 14 bits in the ranges (k,)."""
    exact = fit_density(vectors, floor)
    share = np.clip((exact.mean - low) / (high - low), 0, 1)
    return replace(exact, mean=low + np.round(share * HALF_STEPS) / HALF_STEPS * (high - low))


def loss_scores(model: Model, experiment: Experiment, tested: Corpus) -> pd.DataFrame:
    """The scores table of all four, named in the column `system`, on one network's signers."""
    represented = RowRepresentations(model.represent, tested)
    systems = [
        model_system(FULL, model, represented, "whole"),
        model_system("card", model, represented),
        *(
            ComparatorSystem(name, represented, comparator)
            for name, comparator in halves(model, experiment).items()
        ),
    ]
    trials = make_trials(tested, PROTOCOLS["paper"])
    return pd.concat([run(system, trials) for system in systems])


def halves(model: Model, experiment: Experiment) -> dict[str, InBytes]:
    """The two ways to keep 38 components, fitted as the model's matcher was."""
    assert model.encoder is not None
    training, validation = (
        examples_of(corpus, model.encoder)
        for corpus in (experiment.training_corpus, experiment.validation_corpus)
    )
    components = choose_components(training, HALF)
    low, high = map(np.array, ranges(np.asarray(chosen(training, components).representations)))
    share = experiment.recipe.matcher.variance_floor
    exact = WholeVectors.fit(components, share, training, validation)
    bare = replace(exact, prior=Prior(log_p_no=0.0, largest_share=1.0))
    paper = InBytes(bare, partial(paper_density, *narrow_ranges(low, high)))
    forged = validation.comparisons(paper.enroll, paper.compare).skilled
    return {
        "half": InBytes(exact, partial(finely, low, high)),
        "paper": replace(paper, exact=replace(exact, prior=Prior.fit(forged))),
    }


def loss_figures(scores: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """GA@FR80 and EER of each way, and of each less `full`, folds pooled and seeds as draws.

    Raw scores are pooled as they are, each against its own network's p-no.
    """
    of = {name: estimates(scores[scores["system"] == name], "skilled") for name in WAYS}
    return {name: {figure: of[name][figure] for figure in FIGURES} for name in WAYS} | {
        f"{name} - {FULL}": {
            figure: difference(of[name][figure], of[FULL][figure]) for figure in FIGURES
        }
        for name in WAYS[1:]
    }

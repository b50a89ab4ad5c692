"""What templates of 80 bytes lose against whole vectors in full precision.

One network, the same trials, four ways to keep a signer:

full   all components, in floating point
card   our 80 bytes: up to 76 components at 7 bits, which is all of network 5
half   as many bytes, otherwise divided: 38 components at 14 bits
paper  the paper's 80 bytes, a byte a mean and a byte a mean square of the same 38 components

Each is judged by a decision of its own, measured on the validation signers.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from sigtdnn.training.card import ranges
from sigtdnn.training.components import choose_components
from sigtdnn.training.decision import UNDECIDED, decision_from, validation_odds

from paper_repro.experiments.layouts import narrow_ranges, paper_density
from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.figures import Estimate, difference, estimates
from sigtdnn.evaluation.systems import Carded, Encoded, Gaussian, System, run
from sigtdnn.models.file import Model
from sigtdnn.training.experiment import Experiment
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Density, fit_density

FULL = "full"
WAYS = (FULL, "card", "half", "paper")
HALF = 38  # of network 5's components, the paper's choice
HALF_STEPS = 2**14 - 1
FIGURES = ("ga_at_fr80", "eer_global")

# The density that bytes of reference vectors (n, k) hold, its variance at least the given floor.
Bytes = Callable[[Float32, float], Density]


class InBytes(Gaussian):
    """The model's density as some bytes hold it."""

    def __init__(self, name: str, encoded: Encoded, layout: Bytes) -> None:
        """`layout` makes the density of reference vectors."""
        super().__init__(name, encoded)
        self._layout = layout

    def enroll(self, references: Rows) -> Density:
        """What the bytes of the references say."""
        return self._layout(self._encoded.of(references), self._decision.variance_floor)


def finely(low: Float64, high: Float64, vectors: Float32, floor: float) -> Density:
    """The density of vectors (n, k) with means at 14 bits in the ranges (k,)."""
    exact = fit_density(vectors, floor)
    share = np.clip((exact.mean - low) / (high - low), 0, 1)
    return replace(exact, mean=low + np.round(share * HALF_STEPS) / HALF_STEPS * (high - low))


def loss_scores(model: Model, experiment: Experiment, tested: Corpus) -> pd.DataFrame:
    """The scores table of all four, named in the column `system`, on one network's signers."""
    training = experiment.training_corpus
    outputs = model.outputs(training.features(model.preprocessing))
    components = choose_components(outputs, training.recordings, HALF)
    low, high = map(np.array, ranges(outputs[:, list(components)]))
    half = experiment.decided(replace(model, components=components))
    in_bytes = partial(paper_density, *narrow_ranges(low, high))
    systems: list[System] = [
        Gaussian(FULL, Encoded(model, tested)),
        Carded("card", Encoded(model, tested)),
        InBytes("half", Encoded(half, tested), partial(finely, low, high)),
        InBytes("paper", Encoded(decided(half, experiment, in_bytes), tested), in_bytes),
    ]
    trials = make_trials(tested, PROTOCOLS["paper"])
    return pd.concat([run(system, trials) for system in systems])


def decided(model: Model, experiment: Experiment, layout: Bytes) -> Model:
    """The model with the decision that templates in such bytes give on the validation signers."""
    validation = experiment.validation_corpus
    undecided = replace(UNDECIDED, variance_floor=model.decision.variance_floor)
    bare = InBytes("bare", Encoded(replace(model, decision=undecided), validation), layout)
    decision = decision_from(*validation_odds(bare, validation), undecided)
    return replace(model, decision=decision)


def loss_figures(scores: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """GA@FR80 and EER of each way, and of each less `full`, folds pooled and seeds as draws.

    Log-odds are pooled as they are, each against its own network's p-no.
    """
    of = {name: estimates(scores[scores["system"] == name], "skilled") for name in WAYS}
    return {name: {figure: of[name][figure] for figure in FIGURES} for name in WAYS} | {
        f"{name} - {FULL}": {
            figure: difference(of[name][figure], of[FULL][figure]) for figure in FIGURES
        }
        for name in WAYS[1:]
    }

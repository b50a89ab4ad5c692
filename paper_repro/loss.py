"""What templates of 80 bytes lose against whole vectors in full precision.

One network, the same trials, five ways to keep a signer:

full        all components, in floating point
components  those of the card, in floating point
card        our 80 bytes: 38 components at 14 bits
paper       the paper's 80 bytes, a byte a mean and a byte a mean square of the same components
coarse      80 bytes that were not chosen: 76 components at 7 bits, network 5's whole vector

Each is judged by a decision of its own, measured on the validation signers.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from paper_repro.layouts import paper_density
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.figures import Estimate, difference, estimates
from sigtdnn.evaluation.protocol import PROTOCOLS, make_trials
from sigtdnn.evaluation.systems import Array, Carded, Encoded, Gaussian, Rows, System, run
from sigtdnn.network.model_file import Model
from sigtdnn.training.card import ranges
from sigtdnn.training.components import choose_components
from sigtdnn.training.decision import UNDECIDED, decision_from
from sigtdnn.training.experiment import Experiment
from sigtdnn.verification import Density

FULL = "full"
KEPT = (FULL, "components", "card", "paper", "coarse")
# The 67 bytes that hold the card's means would hold so many.
COARSE_COMPONENTS, COARSE_STEPS = 76, 2**7 - 1
FIGURES = ("ga_at_fr80", "eer_global")


class PaperCarded(Carded):
    """The model's card, with every template in the paper's bytes."""

    def enroll(self, references: Rows) -> Any:
        """What the paper's bytes of the references say: a density."""
        return paper_density(self._encoded.card(references), self._encoded.model.card)


class CoarselyCarded(Gaussian):
    """The model's density with coarse means, in the ranges (d,) of a card."""

    def __init__(self, name: str, encoded: Encoded, low: Array, high: Array) -> None:
        """The ranges are those of the model's components."""
        super().__init__(name, encoded)
        self._low, self._extent = low, high - low

    def enroll(self, references: Rows) -> Density:
        """The density with means of 7 bits."""
        exact = super().enroll(references)
        share = np.clip((exact.mean - self._low) / self._extent, 0, 1)
        steps = np.round(share * COARSE_STEPS) / COARSE_STEPS
        return replace(exact, mean=self._low + steps * self._extent)


def coarsely_carded(model: Model, experiment: Experiment, tested: Corpus) -> CoarselyCarded:
    """The system `coarse`; components and ranges are chosen as for the card."""
    training = experiment.training_corpus
    outputs = model.outputs(training.features_with(model.preprocessing))
    components = choose_components(outputs, training.recordings, COARSE_COMPONENTS)
    low, high = map(np.array, ranges(outputs[:, list(components)]))
    chosen = experiment.decided(replace(model, components=components))
    return CoarselyCarded("coarse", Encoded(chosen, tested), low, high)


def loss_scores(model: Model, experiment: Experiment, tested: Corpus) -> pd.DataFrame:
    """The scores table of all five, named in the column `system`, on one network's signers."""
    validation = experiment.validation_corpus
    chosen = replace(model, components=model.card.components, decision=model.card.decision)
    systems: list[System] = [
        Gaussian(FULL, Encoded(model, tested)),
        Gaussian("components", Encoded(chosen, tested)),
        Carded("card", Encoded(model, tested)),
        PaperCarded("paper", Encoded(decided_in_paper_bytes(model, validation), tested)),
        coarsely_carded(model, experiment, tested),
    ]
    trials = make_trials(tested, PROTOCOLS["paper"])
    return pd.concat([run(system, trials) for system in systems])


def decided_in_paper_bytes(model: Model, validation: Corpus) -> Model:
    """The model whose card is judged by what templates in the paper's bytes do on validation."""
    undecided = replace(UNDECIDED, variance_floor=model.card.decision.variance_floor)
    bare = replace(model, card=replace(model.card, decision=undecided))
    trials = make_trials(validation, PROTOCOLS["paper"])
    scores = run(PaperCarded("paper", Encoded(bare, validation)), trials)
    log_p_yes = scores["log_odds"].to_numpy(np.float64)
    genuine, forged = (
        log_p_yes[(scores["kind"] == kind).to_numpy()] for kind in ("genuine", "skilled")
    )
    return replace(
        model, card=replace(model.card, decision=decision_from(genuine, forged, undecided))
    )


def loss_figures(scores: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """GA@FR80 and EER of each way, and of each less `full`, folds pooled and seeds as draws.

    Log-odds are pooled as they are, each against its own network's p-no.
    """
    of = {name: estimates(scores[scores["system"] == name], "skilled") for name in KEPT}
    return {name: {figure: of[name][figure] for figure in FIGURES} for name in KEPT} | {
        f"{name} - {FULL}": {
            figure: difference(of[name][figure], of[FULL][figure]) for figure in FIGURES
        }
        for name in KEPT[1:]
    }

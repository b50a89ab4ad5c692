"""What templates of 80 bytes lose against whole vectors in full precision.

One network, the same trials, four ways to keep a signer:

full        all components, in floating point
components  those of the card, in floating point
card        our 80 bytes
paper       the paper's 80 bytes, a byte a mean and a byte a mean square of the same components

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
from sigtdnn.evaluation.systems import Carded, Encoded, Gaussian, Rows, System, run
from sigtdnn.network.model_file import Model
from sigtdnn.training.decision import UNDECIDED, decision_from

FULL = "full"
KEPT = (FULL, "components", "card", "paper")
FIGURES = ("ga_at_fr80", "eer_global")


class PaperCarded(Carded):
    """The model's card, with every template in the paper's bytes."""

    def enroll(self, references: Rows) -> Any:
        """What the paper's bytes of the references say: a density."""
        return paper_density(self._encoded.card(references), self._encoded.model.card)


def loss_scores(model: Model, validation: Corpus, tested: Corpus) -> pd.DataFrame:
    """The scores table of all four, named in the column `system`, on one network's signers."""
    chosen = replace(model, components=model.card.components, decision=model.card.decision)
    systems: list[System] = [
        Gaussian(FULL, Encoded(model, tested)),
        Gaussian("components", Encoded(chosen, tested)),
        Carded("card", Encoded(model, tested)),
        PaperCarded("paper", Encoded(decided_in_paper_bytes(model, validation), tested)),
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

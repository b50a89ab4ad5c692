"""A run folder: one training run, from a corpus to a tested model, and all that explains it.

config.toml          the recipe; `sigtdnn train config.toml` repeats it
history.csv          loss, GA and FR of every pass
training.png         the same as a picture
model.safetensors    the model, of the weights that were kept
metrics.json         its test on signers that training never saw, beside the "untrained" network:
                     the same one with its initial weights; or matcher, with nothing learnt
scores.csv           every score of that test
checkpoint.safetensors   until the run has finished, the state after the last pass

A matcher without a network is fitted at once: no history, no picture, no checkpoint.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Kind
from sigtdnn.corpus.splits import split_signers
from sigtdnn.errors import RunExistsError
from sigtdnn.evaluation.evaluation import Evaluation, evaluate
from sigtdnn.evaluation.report.folder import metrics_table
from sigtdnn.evaluation.systems import RowRepresentations, System, model_system
from sigtdnn.files import replacing
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from sigtdnn.parallel import Progress, ignore_progress, part
from sigtdnn.tables import table_from
from sigtdnn.training.division import divide, learnt_from
from sigtdnn.training.environment import environment
from sigtdnn.training.fit import fit_model
from sigtdnn.training.recipe import Recipe, write_recipe
from sigtdnn.trials.protocols import PROTOCOLS

if TYPE_CHECKING:
    from sigtdnn.training.loop import PassRecord

# Of 145 signers, 43 are tested, as in the paper.
SHARES = {"training": 0.55, "validation": 0.15, "test": 0.30}
UNTRAINED = "untrained"


@dataclass(frozen=True, eq=False)
class Result:
    """What a run yields."""

    model: Model
    history: "Sequence[PassRecord]"  # empty without a network
    evaluation: Evaluation  # systems: the model's name, and that name with '-untrained'


class Run:
    """One run in its folder: what runs with and without a network have in common."""

    def __init__(self, corpus: Corpus, recipe: Recipe, seed: int, folder: Path) -> None:
        """Divides the signers by `seed`; writes nothing.

        Raises SplitError when the corpus has too few signers.
        """
        self._corpus, self._recipe, self._seed, self._folder = corpus, recipe, seed, folder
        parts = split_signers(corpus.recordings, SHARES, seed)
        self.test_signers = parts["test"]
        self._division = divide(corpus.recordings, parts["test"], parts["validation"])

    def start(self) -> None:
        """Makes the folder; raises RunExistsError when there is something in it."""
        self._require_new()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_recipe(self._recipe, self._folder / "config.toml")

    def _require_new(self) -> None:
        if self._folder.exists() and any(self._folder.iterdir()):
            raise RunExistsError(
                f"{self._folder}: is not empty", "name a new folder, or --resume what is in it"
            )

    def _test(self, model: Model, untrained: Model) -> Evaluation:
        """Tests both on the test signers; writes the model and the files of the test."""
        corpus = self._corpus.select(
            self._corpus.recordings["signer"].isin(self.test_signers).to_numpy()
        )
        systems: list[System] = [
            model_system(label, tested, RowRepresentations(tested.represent, corpus))
            for label, tested in ((model.name, model), (f"{model.name}-{UNTRAINED}", untrained))
        ]
        recordings = corpus.recordings
        unknown = recordings["number"].isna() & (recordings["kind"] == Kind.GENUINE)
        # The paper's needs the order of signing.
        protocol = PROTOCOLS["mixed" if unknown.any() else "paper"]
        evaluation = evaluate(corpus, systems, protocol)
        with replacing(self._folder / "scores.csv") as temporary:
            evaluation.scores.to_csv(temporary, index=False)
        with replacing(self._folder / "metrics.json") as temporary:
            metrics = {**metrics_table(evaluation), "environment": self._environment()}
            temporary.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
        save_model(model, self._folder / "model.safetensors")
        return evaluation

    def _environment(self) -> dict[str, Any]:
        """What the last bits of the model depend on."""
        return environment()


class MatcherRun(Run):
    """A run without a network."""

    def fit(self, progress: Progress = ignore_progress) -> Result:
        """Fits the matcher and tests it; `progress` counts distances.

        Raises RunExistsError when there is something in the folder; before anything is written,
        TooFewExamplesError when the signers do not show what the matcher needs.
        """
        self._require_new()
        matcher = self._recipe.matcher
        corpora = learnt_from(self._corpus, self._division, self._recipe, self._seed)
        model, untrained = (
            fit_model(
                self._recipe.name,
                None,
                table_from(settings),
                *corpora,
                seed=self._seed,
                progress=part(progress, half, 2),
            )
            for half, settings in enumerate((matcher, matcher.untrained()))
        )
        self.start()
        return Result(model, [], self._test(model, untrained))

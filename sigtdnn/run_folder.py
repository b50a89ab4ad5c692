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

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.splits import split_signers
from sigtdnn.errors import RunExistsError
from sigtdnn.evaluation.evaluation import Evaluation, evaluate
from sigtdnn.evaluation.report.folder import metrics_table
from sigtdnn.evaluation.systems import RowRepresentations, System, model_system
from sigtdnn.files import replacing
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.tables import table_from
from sigtdnn.training.checkpoint import environment, load_checkpoint, save_checkpoint
from sigtdnn.training.experiment import Experiment, divide, learnt_from
from sigtdnn.training.fit import fit_model
from sigtdnn.training.loop import PassRecord
from sigtdnn.training.picture import training_picture
from sigtdnn.training.recipe import Recipe, write_recipe
from sigtdnn.trials.protocols import PROTOCOLS

# Of 145 signers, 43 are tested, as in the paper.
SHARES = {"training": 0.55, "validation": 0.15, "test": 0.30}
UNTRAINED = "untrained"


@dataclass(frozen=True, eq=False)
class Result:
    """What a run yields."""

    model: Model
    history: list[PassRecord]  # empty without a network
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
        evaluation = evaluate(corpus, systems, PROTOCOLS["paper"])
        with replacing(self._folder / "scores.csv") as temporary:
            evaluation.scores.to_csv(temporary, index=False)
        with replacing(self._folder / "metrics.json") as temporary:
            metrics = {**metrics_table(evaluation), "environment": environment()}
            temporary.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
        save_model(model, self._folder / "model.safetensors")
        return evaluation


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
                progress=_half(progress, half),
            )
            for half, settings in enumerate((matcher, replace(matcher, learnt=0)))
        )
        self.start()
        return Result(model, [], self._test(model, untrained))


class NetworkRun(Run):
    """A run that trains a network, which can be interrupted and resumed."""

    def __init__(
        self, corpus: Corpus, recipe: Recipe, seed: int, folder: Path, device: str = "cpu"
    ) -> None:
        """Divides the signers by `seed` and prepares the experiment; writes nothing.

        Raises CorpusError when the corpus has too few signers or forgeries.
        """
        super().__init__(corpus, recipe, seed, folder)
        self._experiment = Experiment(corpus, self._division, recipe, seed, device)
        self._untrained = self._experiment.model()
        self._checkpoint = folder / "checkpoint.safetensors"

    def start(self) -> None:
        """Makes the folder; raises RunExistsError when there is something in it."""
        super().start()
        # From here on the run can be resumed, even if its first pass is interrupted.
        save_checkpoint(self._experiment.training, self._identity(), self._checkpoint)

    def resume(self) -> dict[str, Any]:
        """Continues after the last completed pass; returns the environment it ran in.

        Raises RunError when the folder holds no interrupted run of this corpus, recipe and
        seed.
        """
        return load_checkpoint(self._experiment.training, self._identity(), self._checkpoint)

    def train(self, after_pass: Callable[[PassRecord], None]) -> None:
        """Runs the remaining passes, saving the state after each."""

        def save(record: PassRecord) -> None:
            save_checkpoint(self._experiment.training, self._identity(), self._checkpoint)
            after_pass(record)

        self._experiment.training.run(save)

    def finish(self) -> Result:
        """Tests the model on the test signers and writes the folder's files."""
        model, history = self._experiment.model(), self._experiment.training.history
        evaluation = self._test(model, self._untrained)
        with replacing(self._folder / "history.csv") as temporary:
            pd.DataFrame([asdict(record) for record in history]).to_csv(temporary, index=False)
        with replacing(self._folder / "training.png") as temporary:
            temporary.write_bytes(training_picture(history, model.provenance.passes, model.name))
        self._checkpoint.unlink(missing_ok=True)
        return Result(model, history, evaluation)

    def _identity(self) -> dict[str, Any]:
        """What an interrupted run and its continuation must have in common."""
        digest = hashlib.sha256(self._corpus.features(self._recipe.preprocessing).tobytes())
        digest.update(self._corpus.recordings.to_csv().encode())
        return {
            "recipe": table_from(self._recipe),
            "seed": self._seed,
            "corpus": digest.hexdigest(),
        }


def _half(progress: Progress, half: int) -> Progress:
    """The first or second half of a progress, as one of its own."""
    return lambda done, total: progress(half * total + done, 2 * total)

"""A run that trains a network, pass by pass; its folder is described in `run_folder`."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.files import replacing
from sigtdnn.run_folder import Result, Run
from sigtdnn.tables import table_from
from sigtdnn.training.checkpoint import load_checkpoint, save_checkpoint
from sigtdnn.training.environment import torch_environment
from sigtdnn.training.experiment import Experiment
from sigtdnn.training.loop import PassRecord
from sigtdnn.training.picture import training_picture
from sigtdnn.training.recipe import Recipe


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

    def _environment(self) -> dict[str, Any]:
        """What the last bits of the weights depend on."""
        return torch_environment()

    def _identity(self) -> dict[str, Any]:
        """What an interrupted run and its continuation must have in common."""
        digest = hashlib.sha256(self._corpus.features(self._recipe.preprocessing).tobytes())
        digest.update(self._corpus.recordings.to_csv().encode())
        return {
            "recipe": table_from(self._recipe),
            "seed": self._seed,
            "corpus": digest.hexdigest(),
        }

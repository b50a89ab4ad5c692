"""The training loop: passes over pairs, the best weights kept.

All chance in pass n comes from a generator seeded with (seed, n), so that a run continued
after pass n - 1 draws what an uninterrupted run would have drawn.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from sigtdnn.arrays import Float32, Rows
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import TooFewPairsError
from sigtdnn.networks.siamese import Siamese
from sigtdnn.networks.tdnn import TDNN
from sigtdnn.training.device import open_device
from sigtdnn.training.optimiser import LevenbergMarquardt, curvature, make_optimiser
from sigtdnn.training.rates import rates
from sigtdnn.training.recipe import Recipe
from sigtdnn.training.sampling.sampler import Pairs, joined

# Streams of chance under one seed; passes count from 1 in a stream of their own.
WEIGHTS, TRAINING_PAIRS, VALIDATION_PAIRS, PASSES = range(4)


@dataclass(frozen=True, eq=False)
class Material:
    """Recordings to learn from: a table with signer and kind, and their unscaled features."""

    recordings: pd.DataFrame
    features: Float32  # (n, 10, frames)
    step: Float32  # (n,), time between two frames


@dataclass(frozen=True)
class PassRecord:
    """One line of the history. GA and FR are those of Table 1 (`rates`), as fractions."""

    number: int
    train_loss: float
    train_ga: float
    train_fr: float
    val_loss: float
    val_ga: float
    val_fr: float
    seconds: float


class Training:
    """One run of training. Its whole state between passes is in its public attributes."""

    def __init__(
        self,
        recipe: Recipe,
        scales: Float32,
        training: Material,
        validation: Material,
        seed: int,
        device: str = "cpu",
    ) -> None:
        """Draws the initial weights and the pairs.

        `scales` (inputs,) divide the features; `device` is one of torch's.

        Raises TooFewPairsError when the recordings do not give the pairs that are wanted, or only
        those to train on, or to validate on, have forgeries.
        """
        forged = [
            (part.recordings["kind"] == Kind.SKILLED).any() for part in (training, validation)
        ]
        if any(forged) and not all(forged):
            raise TooFewPairsError(
                "of the signers to train and to validate on, only some have forgeries",
                "give more signers, with forgeries",
            )
        self.recipe, self.seed = recipe, seed
        self._scales, self._device = scales, open_device(device)
        self._training = training
        self._training_inputs = self._inputs(training.features)
        self._validation_inputs = self._inputs(validation.features)
        sampler = recipe.sampling
        self._training_pairs = sampler.draw_training(training.recordings, self._rng(TRAINING_PAIRS))
        self._validation_pairs = sampler.draw_validation(
            validation.recordings, self._rng(VALIDATION_PAIRS)
        )
        generator = torch.Generator().manual_seed(int(self._rng(WEIGHTS).integers(2**62)))
        self.siamese = Siamese(TDNN(recipe.require_network(), generator)).to(self._device)
        mean = get_ema_multi_avg_fn(recipe.optimiser.averaging)  # type: ignore[no-untyped-call]
        self.average = AveragedModel(self.siamese.branch, multi_avg_fn=mean)
        self.best = self._weights()
        self.optimiser = make_optimiser(recipe.optimiser, self.siamese)
        self.history: list[PassRecord] = []

    @property
    def best_pass(self) -> int:
        """The pass whose weights are kept, 0 before the first."""
        if not self.history:
            return 0
        if self.recipe.optimiser.keep == "last":
            return self.history[-1].number
        return min(self.history, key=lambda record: record.val_loss).number

    def run(self, after_pass: Callable[[PassRecord], None] = lambda record: None) -> None:
        """Trains from the last completed pass to the recipe's last.

        `after_pass` is called with every new line of the history, when the state is complete.
        """
        for number in range(len(self.history) + 1, self.recipe.optimiser.passes + 1):
            began = time.perf_counter()
            self._pass(number)
            train = self._measure(self._training_inputs, self._training_pairs)
            validation = self._measure(self._validation_inputs, self._validation_pairs)
            record = PassRecord(number, *train, *validation, time.perf_counter() - began)
            self.history.append(record)
            if self.best_pass == number:
                self.best = self._weights()
            after_pass(record)

    def _pass(self, number: int) -> None:
        rng, settings = self._rng(PASSES, number), self.recipe.optimiser
        batches = self.recipe.sampling.batches(
            self._training.recordings, self._training_pairs, settings.batch, rng
        )
        pairs = joined(batches)
        if isinstance(self.optimiser, LevenbergMarquardt):
            some = pairs.take(rng.permutation(len(pairs))[: settings.curvature_pairs])
            inputs = self._training_inputs
            self.optimiser.set_curvature(
                curvature(self.siamese, inputs[some.first], inputs[some.second])
            )
        seen = 0
        for batch in batches:
            done = (number - 1 + seen / len(pairs)) / settings.passes
            for group in self.optimiser.param_groups:
                group["lr"] = settings.rate * (1 + math.cos(math.pi * done)) / 2
            rows, places = np.unique(
                np.concatenate([batch.first, batch.second]), return_inverse=True
            )
            first, second = self._tensor(places).chunk(2)
            cosines = self.siamese.among(self._augmented(rows, rng), first, second)
            self.optimiser.zero_grad()
            self.recipe.objective.loss(cosines, batch).backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
            self.average.update_parameters(self.siamese.branch)
            seen += len(batch)

    def _augmented(self, rows: Rows, rng: np.random.Generator) -> Tensor:
        """Scaled inputs of training recordings, varied by chance if the recipe says so."""
        augmentation, originals = self.recipe.augmentation, self._training
        if augmentation.is_identity:
            return self._training_inputs[rows]
        copies = augmentation.apply(originals.features[rows], originals.step[rows], rng)
        return self._inputs(copies)

    def _measure(self, inputs: Tensor, pairs: Pairs) -> tuple[float, float, float]:
        """Loss, GA and FR of the averaged weights."""
        objective = self.recipe.objective
        with torch.no_grad():
            cosines = Siamese(self.average).among(
                inputs, self._tensor(pairs.first), self._tensor(pairs.second)
            )
            loss = float(objective.loss(cosines, pairs))
        return (loss, *rates(cosines, pairs, objective.boundary))

    def _inputs(self, features: Float32) -> Tensor:
        """Scaled inputs (n, inputs, frames) on the device."""
        inputs = features[:, self.recipe.require_network().rows] / self._scales[:, None]
        return torch.from_numpy(np.ascontiguousarray(inputs, dtype=np.float32)).to(self._device)

    def _weights(self) -> dict[str, Float32]:
        """The averaged weights, by the names that the encoder uses."""
        state = self.average.module.state_dict()
        return {name: weight.detach().cpu().numpy().copy() for name, weight in state.items()}

    def _tensor(self, rows: Rows) -> Tensor:
        return torch.from_numpy(rows).to(self._device)

    def _rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream])

"""The training loop: passes over pairs, the best weights kept.

All chance in pass n comes from a generator seeded with (seed, n), so that a run continued
after pass n - 1 draws what an undisturbed run would have drawn.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from sigtdnn.arrays import Float32, Rows
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.siamese import Siamese
from sigtdnn.networks.tdnn import TDNN
from sigtdnn.training.augmentation import vary
from sigtdnn.training.device import open_device
from sigtdnn.training.objective import boundary, loss, rates, targets
from sigtdnn.training.optimiser import LevenbergMarquardt, curvature, make_optimiser
from sigtdnn.training.sampling import Pairs, draw_pairs
from sigtdnn.training.settings import TrainingSettings

# Streams of chance under one seed; passes count from 1 in a stream of their own.
WEIGHTS, TRAINING_PAIRS, VALIDATION_PAIRS, PASSES = range(4)
# Signers whose pairs come together in a pass.
NEIGHBOURS = 8


@dataclass(frozen=True, eq=False)
class Material:
    """Recordings to learn from: a table with signer and kind, and their unscaled features."""

    recordings: pd.DataFrame
    features: Float32  # (n, 10, frames)
    step: Float32  # (n,), time between two frames


@dataclass(frozen=True)
class PassRecord:
    """One line of the history. GA and FR are those of Table 1, as fractions."""

    number: int
    train_loss: float
    train_ga: float
    train_fr: float
    val_loss: float
    val_ga: float
    val_fr: float
    seconds: float


class Training:
    """One run of training. Its state between passes is all in its public attributes."""

    def __init__(
        self,
        network: NetworkConfig,
        scales: Float32,
        training: Material,
        validation: Material,
        settings: TrainingSettings,
        seed: int,
        device: str = "cpu",
    ) -> None:
        """Draws the initial weights and the pairs.

        `scales` (inputs,) divide the features; `device` is one of torch's.

        Raises CorpusError when the material does not give the paper's mix of pairs.
        """
        self.settings, self.seed = settings, seed
        self._network, self._scales, self._device = network, scales, open_device(device)
        self._training, self._validation = training, validation
        self._training_inputs = self._inputs(training.features)
        self._validation_inputs = self._inputs(validation.features)
        self._training_pairs = self._draw(training, settings.pairs, TRAINING_PAIRS)
        self._validation_pairs = self._draw(validation, settings.validation_pairs, VALIDATION_PAIRS)
        generator = torch.Generator().manual_seed(int(self._rng(WEIGHTS).integers(2**62)))
        self.siamese = Siamese(TDNN(network, generator)).to(self._device)
        mean = get_ema_multi_avg_fn(settings.averaging)  # type: ignore[no-untyped-call]
        self.average = AveragedModel(self.siamese.branch, multi_avg_fn=mean)
        self.best = self._weights()
        self.optimiser = make_optimiser(settings, self.siamese)
        self.history: list[PassRecord] = []

    @property
    def best_pass(self) -> int:
        """The pass whose weights are kept, 0 before the first."""
        if not self.history:
            return 0
        if self.settings.keep == "last":
            return self.history[-1].number
        return min(self.history, key=lambda record: record.val_loss).number

    def run(self, after_pass: Callable[[PassRecord], None] = lambda record: None) -> None:
        """Trains from the last pass done to the last of the settings.

        `after_pass` is called with every new line of the history, the state being whole.
        """
        for number in range(len(self.history) + 1, self.settings.passes + 1):
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
        rng = self._rng(PASSES, number)
        pairs = self._training_pairs
        if self.settings.fresh_pairs:
            pairs = draw_pairs(self._training.recordings, self.settings.pairs, rng)
        pairs = pairs.take(self._order(pairs, rng))
        if isinstance(self.optimiser, LevenbergMarquardt):
            some = pairs.take(rng.permutation(len(pairs))[: self.settings.curvature_pairs])
            inputs = self._training_inputs
            self.optimiser.set_curvature(
                curvature(self.siamese, inputs[some.first], inputs[some.second])
            )
        wanted = targets(self.settings).to(self._device)[torch.as_tensor(pairs.kind)]
        starts = range(0, len(pairs), self.settings.batch)
        for start in starts:
            done = (number - 1 + start / len(pairs)) / self.settings.passes
            for group in self.optimiser.param_groups:
                group["lr"] = self.settings.rate * (1 + math.cos(math.pi * done)) / 2
            batch = slice(start, start + self.settings.batch)
            both = np.concatenate([pairs.first[batch], pairs.second[batch]])
            rows, places = np.unique(both, return_inverse=True)
            first, second = torch.from_numpy(places).to(self._device).chunk(2)
            cosines = self.siamese.among(self._varied(rows, rng), first, second)
            self.optimiser.zero_grad()
            loss(cosines, wanted[batch]).backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
            self.average.update_parameters(self.siamese.branch)

    def _order(self, pairs: Pairs, rng: np.random.Generator) -> Rows:
        """A random order in which pairs of the same few signers are neighbours.

        A large batch then holds many pairs of few recordings, and each is encoded once.
        """
        signers, signer = np.unique(self._training.recordings["signer"], return_inverse=True)
        group = rng.permutation(len(signers)) // NEIGHBOURS
        return np.lexsort([rng.random(len(pairs)), group[signer[pairs.first]]])

    def _varied(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Tensor:
        """Scaled inputs of training recordings, bent by chance if the settings say so."""
        settings, originals = self.settings, self._training
        bends = settings.warp, settings.shear, settings.drift
        if not any(bends):
            return self._training_inputs[rows]
        return self._inputs(vary(originals.features[rows], originals.step[rows], *bends, rng))

    def _measure(self, inputs: Tensor, pairs: Pairs) -> tuple[float, float, float]:
        """Loss, GA and FR of the averaged weights."""
        with torch.no_grad():
            cosines = Siamese(self.average).among(
                inputs, torch.from_numpy(pairs.first), torch.from_numpy(pairs.second)
            )
        kind = torch.as_tensor(pairs.kind).to(self._device)
        wanted = targets(self.settings).to(self._device)[kind]
        return (float(loss(cosines, wanted)), *rates(cosines, kind, boundary(self.settings)))

    def _inputs(self, features: Float32) -> Tensor:
        """Scaled inputs (n, inputs, frames) on the device."""
        inputs = features[:, self._network.rows] / self._scales[:, None]
        return torch.from_numpy(np.ascontiguousarray(inputs, dtype=np.float32)).to(self._device)

    def _weights(self) -> dict[str, Float32]:
        """The averaged weights, by the names that the encoder uses."""
        state = self.average.module.state_dict()
        return {name: weight.detach().cpu().numpy().copy() for name, weight in state.items()}

    def _draw(self, material: Material, most: int, stream: int) -> Pairs:
        return draw_pairs(material.recordings, most, self._rng(stream))

    def _rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream])

"""A small network to train, and the material for it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.loop import Material, Training
from sigtdnn.training.recipe import Recipe
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import OptimiserSettings
from tests.artificial import SMALL_NETWORK


@pytest.fixture(scope="session")
def network() -> NetworkConfig:
    return SMALL_NETWORK


@pytest.fixture(scope="session")
def recipe(network: NetworkConfig) -> Recipe:
    """The small network, with three short passes."""
    return Recipe(
        network,
        sampling=PairSampler(pairs=60, validation_pairs=20),
        optimiser=OptimiserSettings(passes=3, batch=16, curvature_pairs=8, averaging=0.5),
    )


@pytest.fixture(scope="session")
def changed(recipe: Recipe) -> Callable[..., Recipe]:
    """changed(optimiser={"rate": 0.1}): that recipe with other values in some tables."""

    def changed(**tables: dict[str, object]) -> Recipe:
        return replace(recipe, **{n: replace(getattr(recipe, n), **t) for n, t in tables.items()})

    return changed


@pytest.fixture(scope="session")
def materials(make_corpus: Callable[..., Corpus]) -> tuple[Material, Material]:
    """Recordings to train and to validate on."""
    first, second = (
        Material(
            corpus.recordings,
            corpus.features(PreprocessingSettings()),
            np.ones(len(corpus), np.float32),
        )
        for corpus in (make_corpus(signers=5, seed=0), make_corpus(signers=3, seed=1))
    )
    return first, second


@pytest.fixture
def worsen() -> Callable[[Training], None]:
    """worsen(training): makes its third pass the best, whatever is learnt."""

    def worsen(training: Training) -> None:
        training._measure = lambda *_: (float(abs(2 - len(training.history))), 0.5, 0.5)

    return worsen


@pytest.fixture(scope="session")
def start(materials: tuple[Material, Material]) -> Callable[..., Training]:
    """start(recipe, seed=0): a training run of the small network before its first pass."""

    def begin(recipe: Recipe, seed: int = 0) -> Training:
        scales = np.array([2.0, 2.0, 1.0, 0.5], np.float32)
        return Training(recipe, scales, *materials, seed)

    return begin

"""Artificial signers: sums of waves, the same every time but for a little noise."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.signature import Signature
from sigtdnn.training.loop import Material, Training
from sigtdnn.training.recipe import Recipe
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import OptimiserSettings

GENUINE_NOISE, FORGERY_NOISE = 0.05, 0.8


def write(shape: np.ndarray, noise: float, rng: np.random.Generator) -> Signature:
    """Waves of the amplitudes `shape` (2, waves, 2), in two strokes."""
    t = np.linspace(0, 2, 120)
    phase = 2 * np.pi * np.outer(np.arange(1, shape.shape[1] + 1), t)
    bent = shape + noise * rng.normal(size=shape.shape)
    x, y = bent[..., 0] @ np.sin(phase) + bent[..., 1] @ np.cos(phase)
    return Signature.from_samples(t, x + 2 * t, y, ((t < 0.9) | (t > 1.1)) & (t < 1.9))


@pytest.fixture(scope="session")
def make_corpus() -> Callable[..., Corpus]:
    """A corpus of `signers`, each with a forger of their own; equal for equal arguments."""

    def make(signers: int = 8, genuine: int = 8, skilled: int = 5, seed: int = 0) -> Corpus:
        rows, signatures = [], []
        for signer in range(signers):
            rng = np.random.default_rng([seed, signer])
            shape = rng.normal(size=(2, 5, 2))
            for number in range(genuine + skilled):
                forged = number >= genuine
                signatures.append(write(shape, FORGERY_NOISE if forged else GENUINE_NOISE, rng))
                rows.append(
                    {
                        "file": f"{signer}-{number}",
                        "collection": "made",
                        "signer": f"made/{signer}",
                        "writer": f"made/f{signer}" if forged else f"made/{signer}",
                        "kind": "skilled" if forged else "genuine",
                        "session": pd.NA,
                        "number": number - genuine if forged else number,
                    }
                )
        recordings = pd.DataFrame(rows).astype({"session": "Int64", "number": "Int64"})
        return Corpus.from_signatures(
            recordings, signatures, {"made": Collection("made", False, True)}
        )

    return make


@pytest.fixture(scope="session")
def network() -> NetworkConfig:
    """A small network, quick to train, with both kinds of layer."""
    return NetworkConfig(
        "small",
        ("x", "y", "pud", "spd"),
        (
            Convolution(4, 39, 10, 5),
            Averaging(4, 13, 3, 3),
            Convolution(4, 5, 5, 2),
        ),
    )


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


@pytest.fixture
def start(materials: tuple[Material, Material]) -> Callable[..., Training]:
    """start(recipe, seed=0): a training run of the small network before its first pass."""

    def begin(recipe: Recipe, seed: int = 0) -> Training:
        scales = np.array([2.0, 2.0, 1.0, 0.5], np.float32)
        return Training(recipe, scales, *materials, seed)

    return begin

"""Fixtures for all tests."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from sigtdnn.models.card import MAX_COMPONENTS, Card, Population
from sigtdnn.models.decision import Curve, Decision
from sigtdnn.models.file import Model, Provenance, save_model
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.verification.traits import STATISTICS

# A slow machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of the real sets, told by SIGTDNN_DATASETS; without it the test is skipped."""
    folder = os.environ.get("SIGTDNN_DATASETS")
    if not folder:
        pytest.skip("real data: set SIGTDNN_DATASETS to the folder that holds the sets")
    return Path(folder)


@pytest.fixture(scope="session")
def make_card() -> Callable[..., Card]:
    """The first components of so many outputs, in the range of the network, with a decision."""

    def make(outputs: int, decision: Decision) -> Card:
        components = tuple(range(min(outputs, MAX_COMPONENTS)))
        return Card(
            components=components,
            low=(-1.7159,) * len(components),
            high=(1.7159,) * len(components),
            decision=decision,
            curve=Curve(
                log_odds=(-40.0, -10.0, 0.0, 30.0),
                far=(1.0, 0.5, 0.2, 0.05),
                frr=(0.0, 0.0, 0.1, 0.4),
                forgeries=20,
                genuines=10,
            ),
            population=Population(
                odd=4.0,
                widest=0.5,
                forged=(0.0, 0.1, 0.2, 0.4, 0.8),
                update=10.0,
                drift=2.0,
                widening=1.5,
                habits=(0.1,) * len(STATISTICS),
            ),
        )

    return make


@pytest.fixture(scope="session")
def make_model(make_card: Callable[..., Card]) -> Callable[..., Model]:
    """A small network with weights by seed, trained on nobody unless told."""

    def make(name: str = "small", trained: Sequence[str] = (), seed: int = 0) -> Model:
        layer = Convolution(channels=3, frames=10, field=20, step=20)
        network = NetworkConfig(name, ("x", "y"), (layer,))
        rng = np.random.default_rng(seed)
        decision = Decision(6, 1e-6, 20.0, 0.5, 0.1, 0.0, 30.0, 0.0)
        return Model(
            network=network,
            preprocessing=PreprocessingSettings(),
            weights={
                key: rng.normal(scale=0.2, size=shape).astype(np.float32)
                for key, shape in network.weight_shapes.items()
            },
            scales=np.ones(2, np.float32),
            components=tuple(range(network.feature_vector)),
            decision=decision,
            card=make_card(network.feature_vector, decision),
            provenance=Provenance("set", tuple(trained[:1]), tuple(trained[1:]), (), 0, 1, "test"),
        )

    return make


@pytest.fixture
def model_file(make_model: Callable[..., Model], tmp_path: Path) -> Callable[..., Path]:
    """The same, saved in a run folder of the given name."""

    def save(folder: str, **settings: object) -> Path:
        save_model(make_model(**settings), tmp_path / folder / "model.safetensors")
        return tmp_path / folder

    return save

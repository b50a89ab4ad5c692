"""Fixtures for all tests."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from sigtdnn.network.config import LayerConfig, NetworkConfig
from sigtdnn.network.model_file import Decision, Model, Provenance, save_model, weight_shapes
from sigtdnn.preprocessing import PreprocessingSettings

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
def make_model() -> Callable[..., Model]:
    """A small network with weights by seed, trained on nobody unless told."""

    def make(name: str = "small", trained: Sequence[str] = (), seed: int = 0) -> Model:
        layer = LayerConfig("convolution", channels=3, frames=10, field=20, step=20)
        network = NetworkConfig(name, ("x", "y"), (layer,))
        rng = np.random.default_rng(seed)
        return Model(
            network=network,
            preprocessing=PreprocessingSettings(),
            weights={
                key: rng.normal(scale=0.2, size=shape).astype(np.float32)
                for key, shape in weight_shapes(network).items()
            },
            scales=np.ones(2, np.float32),
            components=tuple(range(network.feature_vector)),
            decision=Decision(6, 1e-6, 20.0, 0.5, 0.1, 0.0, 30.0, 0.0),
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

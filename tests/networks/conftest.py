from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.vectors import Prior, WholeVectors
from sigtdnn.models.encoder import Encoder
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model, Provenance
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.recipe import read_recipe
from tests.conftest import CALIBRATION, NORMS


@pytest.fixture
def network() -> Callable[[str], NetworkConfig]:
    """One of the paper's networks by name."""

    def read(name: str) -> NetworkConfig:
        return read_recipe(name).network

    return read


@pytest.fixture
def model(network: Callable[[str], NetworkConfig], make_matcher: Callable[..., Gaussian]) -> Model:
    """A model of network 5 with random weights, every other number its own."""
    config = replace(network("network-5"), unit_vectors=False)
    rng = np.random.default_rng(5)
    weights = {
        name: rng.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in config.weight_shapes.items()
    }
    scales = rng.uniform(0.5, 2, len(config.inputs)).astype(np.float32)
    whole = WholeVectors(
        tuple(range(0, 76, 2)), 0.02, Prior(-7.5, 0.3), replace(CALIBRATION, offset=1.25)
    )
    return Model(
        "made",
        Encoder(config, PreprocessingSettings(air="removed"), weights, scales),
        make_matcher(76, variance_floor=0.01, prior=Prior(-12.5, 0.4), whole=whole),
        replace(CALIBRATION, slope=0.25, offset=-0.75),
        NORMS,
        Provenance(
            corpus="made up",
            training_signers=("a/1", "a/2"),
            validation_signers=("a/3",),
            forgers=("a/9",),
            seed=7,
            passes=3,
            sigtdnn="0.0",
        ),
    )


@pytest.fixture
def path(tmp_path: Path, model: Model) -> Path:
    """That model, saved."""
    save_model(model, tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"

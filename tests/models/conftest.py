from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.vectors import Prior, WholeVectors
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model, Provenance
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.recipe import read_recipe
from tests.artificial import CALIBRATION, NORMS, random_encoder


@pytest.fixture
def model(make_matcher: Callable[..., Gaussian]) -> Model:
    """A model of network 5 with random weights, every other number its own."""
    config = replace(read_recipe("network-5").network, unit_vectors=False)
    encoder = random_encoder(
        config,
        seed=5,
        spread=0.1,
        preprocessing=PreprocessingSettings(air="removed"),
        scales=np.linspace(0.5, 2, len(config.inputs), dtype=np.float32),
    )
    whole = WholeVectors(
        tuple(range(0, 76, 2)), 0.02, Prior(-7.5, 0.3), replace(CALIBRATION, offset=1.25)
    )
    return Model(
        "made",
        encoder,
        make_matcher(76, variance_floor=0.01, prior=Prior(-12.5, 0.4), whole=whole),
        Calibrations((replace(CALIBRATION, slope=0.25, offset=-0.75),)),
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

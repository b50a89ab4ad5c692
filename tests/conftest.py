"""Fixtures for all tests."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from sigtdnn.matching.calibration import Calibration, OperatingCurve
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.codec import MAX_COMPONENTS
from sigtdnn.matching.gaussian.update import Bounds
from sigtdnn.matching.gaussian.vectors import Prior, WholeVectors
from sigtdnn.models.encoder import Encoder
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model, Provenance
from sigtdnn.models.norms import Norms
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.verification.traits import TRAITS

# The default threshold, that accepts at most a fifth of the forgeries, is a raw number of 0.
CALIBRATION = Calibration(
    slope=0.1,
    offset=0.0,
    curve=OperatingCurve(
        raw=(-40.0, -10.0, 0.0, 30.0),
        far=(1.0, 0.5, 0.2, 0.05),
        frr=(0.0, 0.0, 0.1, 0.4),
        forgeries=20,
        genuines=10,
    ),
)
# Of whole vectors, in all different, so that neither passes for the other.
WHOLE_PRIOR = Prior(log_p_no=-50.0, largest_share=0.25)
WHOLE = Calibration(
    slope=0.3,
    offset=1.0,
    curve=replace(CALIBRATION.curve, raw=(-30.0, -5.0, 7.0, 50.0)),
)
NORMS = Norms(odd=-4.0, widest=0.5, confident=10.0, habits=(0.1,) * len(TRAITS))

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
def make_matcher() -> Callable[..., Gaussian]:
    """The first components of so many outputs, in the range of the network; see the numbers."""

    def make(outputs: int, **changes: object) -> Gaussian:
        components = tuple(range(min(outputs, MAX_COMPONENTS)))
        prior = Prior(log_p_no=20.0, largest_share=0.5)
        settings: dict[str, Any] = {
            "components": components,
            "low": (-1.7159,) * len(components),
            "high": (1.7159,) * len(components),
            "variance_floor": 1e-6,
            "prior": prior,
            "forged": (0.0, 0.1, 0.2, 0.4, 0.8),
            "bounds": Bounds(drift=2.0, widening=1.5),
            "whole": WholeVectors(tuple(range(outputs))[::-1], 1e-3, WHOLE_PRIOR, WHOLE),
        }
        return Gaussian(**{**settings, **changes})

    return make


@pytest.fixture(scope="session")
def make_model(make_matcher: Callable[..., Gaussian]) -> Callable[..., Model]:
    """A small network with weights by seed, trained on nobody unless told."""

    def make(name: str = "small", trained: Sequence[str] = (), seed: int = 0) -> Model:
        layer = Convolution(channels=3, frames=10, field=20, step=20)
        network = NetworkConfig(name, ("x", "y"), (layer,))
        rng = np.random.default_rng(seed)
        weights = {
            key: rng.normal(scale=0.2, size=shape).astype(np.float32)
            for key, shape in network.weight_shapes.items()
        }
        return Model(
            name,
            Encoder(network, PreprocessingSettings(), weights, np.ones(2, np.float32)),
            make_matcher(network.feature_vector),
            CALIBRATION,
            NORMS,
            Provenance("set", tuple(trained[:1]), tuple(trained[1:]), (), 0, 1, "test"),
        )

    return make


@pytest.fixture
def model_file(make_model: Callable[..., Model], tmp_path: Path) -> Callable[..., Path]:
    """The same, saved in a run folder of the given name."""

    def save(folder: str, **settings: object) -> Path:
        save_model(make_model(**settings), tmp_path / folder / "model.safetensors")
        return tmp_path / folder

    return save

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.vectors import Prior
from sigtdnn.models.model import Model, Provenance
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from tests.artificial import CALIBRATION, NORMS, elastic_model, random_encoder


@pytest.fixture
def model(make_matcher: Callable[..., Gaussian]) -> Model:
    """A small model with random weights."""
    network = NetworkConfig(
        "small",
        ("x", "y", "spd"),
        (
            Convolution(4, 20, 10, 10),
            Averaging(4, 5, 4, 4),
        ),
    )
    scales = np.array([2.0, 1.5, 0.5], np.float32)
    return Model(
        "small",
        random_encoder(network, seed=5, spread=0.3, scales=scales),
        make_matcher(20, variance_floor=0.001, prior=Prior(log_p_no=3.5, largest_share=0.4)),
        Calibrations((replace(CALIBRATION, slope=0.25, offset=-0.75),)),
        NORMS,
        Provenance("made up", (), (), (), 0, 1, "0.0"),
    )


@pytest.fixture
def elastic() -> Model:
    return elastic_model()

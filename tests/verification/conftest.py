from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.vectors import Prior
from sigtdnn.models.encoder import Encoder
from sigtdnn.models.model import Model, Provenance
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from tests.conftest import CALIBRATION, NORMS


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
    rng = np.random.default_rng(5)
    weights = {
        name: rng.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in network.weight_shapes.items()
    }
    scales = np.array([2.0, 1.5, 0.5], np.float32)
    return Model(
        "small",
        Encoder(network, PreprocessingSettings(), weights, scales),
        make_matcher(20, variance_floor=0.001, prior=Prior(log_p_no=3.5, largest_share=0.4)),
        replace(CALIBRATION, slope=0.25, offset=-0.75),
        NORMS,
        Provenance("made up", (), (), (), 0, 1, "0.0"),
    )


def make_elastic() -> Model:
    """A model without a network, whose default threshold is a raw number of -2.5."""
    return Model(
        "elastic",
        None,
        Elastic(),
        replace(CALIBRATION, curve=replace(CALIBRATION.curve, raw=(-40.0, -10.0, -2.5, -2.0))),
        replace(NORMS, odd=-2.5, widest=3.0, confident=-2.5),
        Provenance("made up", (), (), (), 0, 0, "0.0"),
    )


@pytest.fixture
def elastic() -> Model:
    return make_elastic()

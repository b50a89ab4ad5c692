from collections.abc import Callable

import numpy as np
import pytest

from sigtdnn.models.card import Card
from sigtdnn.models.decision import Decision
from sigtdnn.models.file import Model, Provenance
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings


@pytest.fixture
def model(make_card: Callable[..., Card]) -> Model:
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
    decision = Decision(
        references=6,
        variance_floor=0.001,
        log_p_no=3.5,
        p_no_largest_share=0.4,
        slope=0.25,
        offset=-0.75,
        threshold_fr80=1.5,
        threshold_eer=-2.5,
    )
    return Model(
        network=network,
        preprocessing=PreprocessingSettings(),
        weights={
            name: rng.normal(0, 0.3, shape).astype(np.float32)
            for name, shape in network.weight_shapes.items()
        },
        scales=np.array([2.0, 1.5, 0.5], np.float32),
        components=tuple(range(20)),
        decision=decision,
        card=make_card(20, decision),
        provenance=Provenance("made up", (), (), (), 0, 1, "0.0"),
    )

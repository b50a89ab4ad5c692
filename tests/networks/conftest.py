from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.models.card import Card
from sigtdnn.models.decision import Decision
from sigtdnn.models.file import Model, Provenance, save_model
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.recipe import read_recipe


@pytest.fixture
def network() -> Callable[[str], NetworkConfig]:
    """One of the paper's networks by name."""

    def read(name: str) -> NetworkConfig:
        return read_recipe(name).network

    return read


@pytest.fixture
def model(network: Callable[[str], NetworkConfig], make_card: Callable[..., Card]) -> Model:
    """A model of network 5 with random weights, every other number its own."""
    config = replace(network("network-5"), unit_vectors=False)
    rng = np.random.default_rng(5)
    weights = {
        name: rng.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in config.weight_shapes.items()
    }
    decision = Decision(
        references=6,
        variance_floor=0.01,
        log_p_no=-12.5,
        p_no_largest_share=0.4,
        slope=0.25,
        offset=-0.75,
        threshold_fr80=1.5,
        threshold_eer=-2.5,
    )
    return Model(
        network=config,
        preprocessing=PreprocessingSettings(air="removed"),
        weights=weights,
        scales=rng.uniform(0.5, 2, len(config.inputs)).astype(np.float32),
        components=tuple(range(0, 76, 2)),
        decision=decision,
        card=make_card(76, decision),
        provenance=Provenance(
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

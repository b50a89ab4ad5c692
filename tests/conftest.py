"""Fixtures for all tests."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.codec import MAX_COMPONENTS
from sigtdnn.matching.gaussian.update import Bounds
from sigtdnn.matching.gaussian.vectors import Prior, WholeVectors
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model, Provenance
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.synthesis import study
from sigtdnn.training.fit import fit_model
from tests.artificial import (
    CALIBRATION,
    NORMS,
    WHOLE,
    WHOLE_PRIOR,
    random_encoder,
    wave_corpus,
)
from tests.tools import REPORTED

# A slow machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests report."""
    for line in REPORTED:
        terminalreporter.write_line(line)


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
        return Model(
            name,
            random_encoder(network, seed),
            make_matcher(network.feature_vector),
            Calibrations((CALIBRATION,)),
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


@pytest.fixture(scope="session")
def make_corpus() -> Callable[..., Corpus]:
    """A corpus of signers of waves."""
    return wave_corpus


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model, and what it was fitted on."""

    model: Model
    training: Corpus
    validation: Corpus


@pytest.fixture(scope="session")
def fitted(make_model: Callable[..., Model], make_corpus: Callable[..., Corpus]) -> Fitted:
    """A Gaussian model around an encoder with random weights, on features of its own."""
    training = make_corpus(signers=5, genuine=8, seed=0)
    validation = make_corpus(signers=3, genuine=13, seed=1)
    table = {"kind": "gaussian", "variance_floor": 0.2}
    encoder = replace(make_model().encoder, preprocessing=PreprocessingSettings(air="removed"))
    model = fit_model("small", encoder, table, training, validation, seed=0)
    return Fitted(model, training, validation)


@pytest.fixture
def small_study(monkeypatch):
    """Makes studies of few people."""
    monkeypatch.setattr(study, "SIGNERS", 8)
    monkeypatch.setattr(study, "FORGERS", 4)
    monkeypatch.setattr(study, "TWICE_FORGED", 1)
    monkeypatch.setattr(study, "NO_ATTEMPT", 1)

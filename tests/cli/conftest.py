"""A model, a store and made-up signatures in files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from sigtdnn.matching.gaussian.update import Bounds
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from tests.artificial import elastic_model, write_signature

Run = Callable[..., Result]


@pytest.fixture
def model(make_model: Callable[..., Model], tmp_path: Path) -> Path:
    """A model whose default threshold lies between our genuines and forgeries."""
    made = make_model()
    # Forgiving: log p-yes of the genuines here is about 30, of the forgeries far below 0.
    matcher = replace(
        made.matcher,
        prior=replace(made.matcher.prior, log_p_no=0.0),
        variance_floor=0.01,
        bounds=Bounds(drift=50.0, widening=50.0),
    )
    norms = replace(made.norms, confident=0.0)
    save_model(replace(made, matcher=matcher, norms=norms), tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


@pytest.fixture
def elastic(tmp_path: Path) -> Path:
    """Untrained DTW as a model; its default threshold lies there, too."""
    save_model(elastic_model(), tmp_path / "elastic.safetensors")
    return tmp_path / "elastic.safetensors"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "signers.db"


@pytest.fixture
def genuine(tmp_path: Path) -> list[Path]:
    """Ten signatures of one hand."""
    return [write_signature(tmp_path / f"g{n}.csv", n) for n in range(10)]


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """Another movement altogether, and slow."""
    return write_signature(tmp_path / "forged.csv", 99, noise=3.0, pace=4.0)


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """A line without height, whose features are not defined."""
    rows = (f"{n},{n},0,1" for n in range(9))
    (tmp_path / "flat.csv").write_text("\n".join(["t,x,y,pen", *rows]))
    return tmp_path / "flat.csv"


@pytest.fixture
def run() -> Run:
    def run(*arguments: object, **settings: object) -> Result:
        return CliRunner().invoke(cli, list(map(str, arguments)), **settings)

    return run


@pytest.fixture
def enrolled(run: Run, model: Path, store: Path, genuine: list[Path]) -> Path:
    """The store, with anna enrolled by six signatures."""
    result = run("enroll", "anna", *genuine[:6], "--model", model, "--store", store)
    assert result.exit_code == 0, result.output
    return store

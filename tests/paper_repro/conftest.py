"""Artificial signers where real ones would be, and experiments with one pass a network."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from paper_repro.__main__ import cli
from sigtdnn.corpus.cleaning import clean
from sigtdnn.synthesis.folder import RECORDINGS, write_study
from sigtdnn.synthesis.study import Study, generate_study
from sigtdnn.training.recipe import Recipe, read_recipe

PLAN = """
seeds = [0]

[datasets.artificial]
networks = []
overlapping = []
"""


def one_pass(network: str) -> Recipe:
    """The recipe of a network, but for one pass."""
    recipe = read_recipe(network)
    return replace(recipe, optimiser=replace(recipe.optimiser, passes=1))


@pytest.fixture(scope="session")
def study() -> Study:
    return generate_study()


@pytest.fixture(scope="session")
def forged_signers(study: Study) -> list[str]:
    """Signers of the study who were forged and whom the cleaning rules leave, by name.

    Where there are few, none must be lost.
    """
    columns = ["signer", "kind", "session", "number"]
    recordings = pd.DataFrame(
        [[getattr(r, column) for column in columns] for r in study.recordings], columns=columns
    ).assign(strokes=[r.signature.strokes for r in study.recordings])
    left = recordings[clean(recordings).kept]
    return sorted(left["signer"][left["kind"] == "skilled"].unique())


@pytest.fixture(scope="session")
def write_set(study: Study, forged_signers: list[str]) -> Callable[..., None]:
    """Writes signers who were forged, from a place among them on, as a set of that name."""

    def write(path: Path, signers: int, start: int = 0) -> None:
        chosen = forged_signers[start : start + signers]
        write_study(
            replace(study, recordings=tuple(r for r in study.recordings if r.signer in chosen)),
            path,
        )
        table = path / RECORDINGS
        renamed = table.read_text(encoding="utf-8").replace(study.collection, path.name)
        table.write_text(renamed, encoding="utf-8")

    return write


@pytest.fixture(scope="session")
def run_experiment() -> Callable[..., None]:
    """Runs an experiment, by name, in two processes and with one pass a network.

    Jobs carry their recipes: what is changed here reaches processes that start afresh.
    """

    def run(name: str, *arguments: object) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for module in ("jobs", "experiments.reproduction", "experiments.transfer"):
                patch.setattr(f"paper_repro.{module}.read_recipe", one_pass)
            CliRunner().invoke(
                cli, [name, *map(str, arguments), "--jobs", "2"], catch_exceptions=False
            )

    return run


@pytest.fixture(scope="session")
def measure_set(
    write_set: Callable[..., None], run_experiment: Callable[..., None]
) -> Callable[..., None]:
    """Runs an experiment into a folder, on so many signers of a set `artificial`."""

    def measure(experiment: str, folder: Path, signers: int, *arguments: object) -> None:
        write_set(folder / "artificial", signers)
        (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
        run_experiment(
            experiment, "--datasets", folder, "--plan", folder / "plan.toml",
            "--kept", folder / "kept", "-o", folder, *arguments,
        )  # fmt: skip

    return measure

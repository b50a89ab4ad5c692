"""Artificial signers where real ones would be, and scripts in a process of their own."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sigtdnn.synthesis.folder import RECORDINGS, write_study
from sigtdnn.synthesis.study import Study, generate_study

CHECKOUT = Path(__file__).parents[2]
PLAN = """
seeds = [0]

[datasets.artificial]
networks = []
overlapping = []
"""
# One pass a network; the first argument names the experiment.
ONE_PASS = """
import importlib, sys
from dataclasses import replace
from paper_repro import run

whole = run.read_recipe

def one_pass(network):
    recipe = whole(network)
    return replace(recipe, optimiser=replace(recipe.optimiser, passes=1))

run.read_recipe = one_pass
importlib.import_module("paper_repro." + sys.argv.pop(1)).main()
"""


@pytest.fixture(scope="session")
def study() -> Study:
    return generate_study()


@pytest.fixture(scope="session")
def write_set(study: Study) -> Callable[..., None]:
    """Writes signers who were forged, from a place in the study on, as a set of that name."""
    forged = sorted({r.signer for r in study.recordings if r.kind == "skilled"})

    def write(path: Path, signers: int, start: int = 0) -> None:
        chosen = forged[start : start + signers]
        write_study(
            replace(study, recordings=tuple(r for r in study.recordings if r.signer in chosen)),
            path,
        )
        table = path / RECORDINGS
        renamed = table.read_text(encoding="utf-8").replace(study.collection, path.name)
        table.write_text(renamed, encoding="utf-8")

    return write


@pytest.fixture(scope="session")
def run_script() -> Callable[..., None]:
    """Runs Python code with arguments: it forks, which a process with threads must not."""

    def run(code: str, *arguments: object) -> None:
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=CHECKOUT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture(scope="session")
def run_experiment(run_script: Callable[..., None]) -> Callable[..., None]:
    """Runs an experiment, by name, with one pass a network."""
    return partial(run_script, ONE_PASS)


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
            "--kept", folder / "kept", "-o", folder, "--jobs", 2, *arguments,
        )  # fmt: skip

    return measure

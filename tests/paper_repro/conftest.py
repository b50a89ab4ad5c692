"""Artificial signers where real ones would be, and scripts in a process of their own."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sigtdnn.synthesis.folder import RECORDINGS, write_study
from sigtdnn.synthesis.study import Study, generate_study

CHECKOUT = Path(__file__).parents[2]


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

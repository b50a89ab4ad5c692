import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from paper_repro.__main__ import KEPT, cli

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "numpy", "pandas", "scipy", "matplotlib", "joblib")
NAMES = (
    "identification",
    "reproduction",
    "template",
    "comparison",
    "transfer",
    "realism",
    "pretrained",
    "cards",
    "elastic",
    "pages",
)


def test_help_names_every_experiment_with_a_line() -> None:
    lines = CliRunner().invoke(cli, ["--help"]).output.splitlines()
    for name in NAMES:
        (line,) = (line for line in lines if line.split()[:1] == [name])
        assert len(line.split()) > 2
        assert not line.endswith("...")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from paper_repro.__main__ import cli; cli(['-h'], standalone_mode=False); "
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "path",
    [
        KEPT.relative_to(ROOT) / "network.safetensors",
        Path("models/network.safetensors"),
        Path("paper_repro/kept/network.safetensors"),
        Path("reports/scores.csv"),
        Path("runs/network-4-1/model.safetensors"),
    ],
    ids=str,
)
def test_git_ignores_what_is_made_of_real_people(path: Path) -> None:
    asked = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=ROOT)
    if asked.returncode == 128:
        pytest.skip("no git checkout")
    assert asked.returncode == 0


@pytest.mark.parametrize(
    "path",
    ["sigtdnn/models/file.py", "sigtdnn/models/pretrained/network.safetensors",
     "paper_repro/results/summary.json", "sigtdnn/evaluation/report/page.py"],
)  # fmt: skip
def test_git_sees_what_belongs_to_the_project(path: str) -> None:
    asked = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=ROOT)
    if asked.returncode == 128:
        pytest.skip("no git checkout")
    assert asked.returncode == 1

"""A plain installation, without any extra: what it does, and one line for what it lacks."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sigtdnn.corpus.folder import write_corpus
from sigtdnn.corpus.study import population_corpus
from sigtdnn.extras import PACKAGES
from sigtdnn.models.pretrained import NAMES

Plain = Callable[..., "subprocess.CompletedProcess[str]"]
# What is None among the modules cannot be imported: ModuleNotFoundError.
HIDDEN = f"import sys; sys.modules.update(dict.fromkeys({PACKAGES}))\n"
COMMAND = f"{HIDDEN}from cli.main import cli; cli()"


@pytest.fixture
def plain(tmp_path: Path) -> Plain:
    """Runs a command in a process to which the packages of all extras are hidden."""

    def plain(*words: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", COMMAND, *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True)

    return plain


@pytest.mark.parametrize("name", ["MODEL", *NAMES])
def test_plain_installation_enrols_verifies_identifies_and_scores(
    plain: Plain, name: str, model: Path, store: Path, genuine: list[Path], forged: Path
) -> None:
    used = model if name == "MODEL" else name
    kept = ("--model", used, "--store", store)
    references = [word for file in genuine[:6] for word in ("-r", file)]
    for status, words in (
        (0, ("enroll", "anna", *genuine[:6], *kept)),
        (0, ("verify", "anna", genuine[7], *kept, "--update")),
        (1, ("verify", "anna", forged, *kept)),
        (0, ("identify", genuine[7], *kept)),
        (0, ("score", *references, genuine[7], "--model", used)),
        (0, ("signers", "list", "--store", store)),
        (0, ("info", "network-4")),
        (0, ("info", used)),
        (0, ("evaluate", "-h")),
    ):
        done = plain(*words)
        assert done.returncode == status, done.stderr
        assert done.stdout


def test_linear_functions_are_learnt_without_torch(tmp_path: Path) -> None:
    write_corpus(population_corpus(14), tmp_path / "corpus")
    recipe = tmp_path / "linear.toml"
    recipe.write_text('[data]\ncleaned = false\n[matcher]\nkind = "elastic"\nlearnt = 16\n')
    code = (
        "import sys; sys.modules['torch'] = None\nfrom cli.main import cli\n"
        f"cli(['train', {str(recipe)!r}, '--corpus', {str(tmp_path / 'corpus')!r}, "
        f"'-o', {str(tmp_path / 'run')!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "elastic: trained on" in done.stdout


@pytest.mark.parametrize(
    ("words", "package", "extra"),
    [
        (["train"], "pandas", "train"),
        (["train", "elastic"], "pandas", "train"),
        (["preprocess", "STROKES", "-o", "FOLDER"], "pandas", "evaluate"),
        (["evaluate", "MODEL", "--corpus", "FOLDER"], "pandas", "evaluate"),
        (["synthesize", "FOLDER"], "pandas", "evaluate"),
        (["show", "STROKES", "-o", "FOLDER.png"], "matplotlib", "plot"),
        (["export", "MODEL", "FOLDER.onnx"], "onnx", "onnx"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_what_is_missing_is_one_line_that_names_package_and_extra(
    plain: Plain,
    words: list[str],
    package: str,
    extra: str,
    model: Path,
    genuine: list[Path],
    tmp_path: Path,
) -> None:
    places = {
        "STROKES": str(genuine[0]),
        "MODEL": str(model),
        "FOLDER": str(tmp_path / "new"),
    }
    for name, place in places.items():
        words = [word.replace(name, place) for word in words]
    done = plain(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"Error: the package {package} is not installed; in the checkout: pip install "
        f"'.[{extra}]'\n"
    )

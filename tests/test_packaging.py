import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path for folder in ("sigtdnn", "cli", "paper_repro") for path in (ROOT / folder).rglob("*.py")
)
MODULES = [path for path in SOURCES if path.read_text(encoding="utf-8").strip()]
# What a shell script that scores must not wait for.
HEAVY = ("torch", "pandas", "scipy", "matplotlib")
LIGHT = (
    "sigtdnn",
    "sigtdnn.formats",
    "sigtdnn.preprocessing",
    "sigtdnn.networks.encoder",
    "sigtdnn.models.file",
    "sigtdnn.verification",
    "sigtdnn.training.recipe",
)


def relative(path):
    return path.relative_to(ROOT).as_posix()


def test_every_folder_with_python_files_is_packaged():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["setuptools"]["packages"]
    folders = {p.parent for p in SOURCES if not p.is_relative_to(ROOT / "paper_repro")}
    names = {".".join(f.relative_to(ROOT).parts).replace("cli", "sigtdnn_cli") for f in folders}
    assert sorted(packages) == sorted(names)


def test_every_folder_with_python_files_is_a_package():
    folders = {p.parent for p in SOURCES}
    assert [relative(f) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", LIGHT)
def test_scoring_loads_nothing_heavy(module):
    code = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_the_installed_version_is_that_of_the_project():
    import importlib.metadata

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert importlib.metadata.version("sigtdnn") == project["version"]


def test_public_names_exist():
    import sigtdnn

    assert all(hasattr(sigtdnn, name) for name in sigtdnn.__all__)

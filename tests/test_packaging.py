import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch

import pytest

import sigtdnn
from sigtdnn.errors import InstallationError
from sigtdnn.extras import PACKAGES, needs
from sigtdnn.models.pretrained import NAMES
from tests.tools import HEAVY, ROOT

SOURCES = sorted(
    path for folder in ("sigtdnn", "cli", "paper_repro") for path in (ROOT / folder).rglob("*.py")
)
MODULES = [path for path in SOURCES if path.read_text(encoding="utf-8").strip()]
STATEMENTS = (ast.Import, ast.ImportFrom)
LIGHT = (
    "sigtdnn",
    "sigtdnn.extras",
    "sigtdnn.formats",
    "sigtdnn.matching.registry",
    "sigtdnn.models.file",
    "sigtdnn.networks.encoder",
    "sigtdnn.preprocessing",
    "sigtdnn.store.sqlite",
    "sigtdnn.verification",
    "sigtdnn.training.recipe",
    "sigtdnn.verification.scorer",
)

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, SETUPTOOLS = PYPROJECT["project"], PYPROJECT["tool"]["setuptools"]


def installed_by(extra):
    """The packages of an extra and of those it names, as they are imported."""
    found = set()
    for requirement in PROJECT["optional-dependencies"][extra]:
        name, below = re.match(r"([\w-]+)(?:\[([\w,]+)\])?", requirement).groups()
        if name == "sigtdnn":
            found.update(*map(installed_by, below.split(",")))
        else:
            found.add(name.replace("-", "_"))
    return found


def relative(path):
    return path.relative_to(ROOT).as_posix()


def test_every_folder_with_python_files_is_packaged():
    folders = {p.parent for p in SOURCES if not p.is_relative_to(ROOT / "paper_repro")}
    names = {".".join(f.relative_to(ROOT).parts).replace("cli", "sigtdnn_cli") for f in folders}
    assert sorted(SETUPTOOLS["packages"]) == sorted(names)


def test_every_folder_with_python_files_is_a_package():
    folders = {p.parent for p in SOURCES}
    assert [relative(f) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


def test_all_that_is_no_python_is_packaged():
    patterns = SETUPTOOLS["package-data"]["sigtdnn"]
    data = [
        relative(path).removeprefix("sigtdnn/")
        for path in (ROOT / "sigtdnn").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != "README.md"
    ]
    assert [file for file in data if not any(fnmatch(file, one) for one in patterns)] == []
    assert {
        f"models/pretrained/{name}.{end}" for name in NAMES for end in ("md", "safetensors")
    } <= set(data)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", LIGHT)
def test_importing_what_scores_loads_nothing_heavy(module):
    code = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_packages_of_the_extras_are_known_where_one_is_missing():
    assert installed_by("all") == set(PACKAGES)
    assert installed_by("test") > set(PACKAGES)


def test_what_an_extra_is_said_to_install_it_installs():
    found = []
    for path in MODULES:
        for block in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(block, ast.With) or not isinstance(block.body[0], STATEMENTS):
                continue
            extra = ast.literal_eval(block.items[0].context_expr.args[0])
            for line in (one for one in block.body if isinstance(one, STATEMENTS)):
                name = line.module if isinstance(line, ast.ImportFrom) else line.names[0].name
                package = name.split(".")[0]
                if package != "sigtdnn" and not getattr(line, "level", 0):
                    assert package in installed_by(extra), relative(path)
                    found.append(package)
    assert {"joblib", "matplotlib", "numba", "onnx", "scipy", "tomli_w"} <= set(found)


def test_missing_package_of_no_extra_is_no_question_of_installing():
    with (
        pytest.raises(InstallationError, match=r"pandas is not .*'\.\[evaluate\]'"),
        needs("evaluate"),
    ):
        raise ModuleNotFoundError(name="pandas.core")
    with pytest.raises(ModuleNotFoundError), needs("evaluate"):
        raise ModuleNotFoundError(name="sigtdnn.mistyped")


def test_the_installed_version_is_that_of_the_project():
    assert importlib.metadata.version("sigtdnn") == PROJECT["version"] == sigtdnn.__version__


def test_public_names_are_what_their_own_modules_define():
    for name in sigtdnn.__all__:
        public = getattr(sigtdnn, name)
        assert getattr(importlib.import_module(public.__module__), name) is public
        assert public.__module__.startswith("sigtdnn.")
    assert dir(sigtdnn) == sorted([*sigtdnn.__all__, "__version__"])


def test_type_checkers_see_the_public_names():
    tree = ast.parse((ROOT / "sigtdnn/__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(seen) == sorted(sigtdnn.__all__)
    for name, module in seen.items():
        assert getattr(importlib.import_module(module), name) is getattr(sigtdnn, name)


def test_a_name_that_is_not_public_is_refused():
    with pytest.raises(AttributeError, match="module 'sigtdnn' has no attribute 'verify'"):
        sigtdnn.verify  # noqa: B018

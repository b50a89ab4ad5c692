"""What the documents show is run, and what they say of figures is held against the results."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import RowRepresentations, model_system
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.protocols import PROTOCOLS
from tests.tools import ROOT

DOCUMENTS = [
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part == "build" for part in path.relative_to(ROOT).parts)
    # What pages are made of: their links are seen from where the page stands.
    and "words" not in path.parts
]


def blocks(document: str, language: str) -> list[str]:
    """The code in a document that is fenced as of this language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def beside_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the data of the checkout."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def test_the_examples_of_the_api_run(beside_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    examples = blocks("sigtdnn/README.md", "python")
    assert len(examples) == 10
    for example in examples:
        exec(compile(example, "sigtdnn/README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "not-strokes | " in printed
    assert "5 signatures, 5 were wanted: complete" in printed
    assert "\n['anna']\n" in printed
    assert "(10, 200)\n" in printed
    assert "(76,)\n" in printed
    assert "3 signers; 3 genuine, 6 skilled" in printed


def test_the_matcher_of_the_guide_serves(
    make_corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, Any] = {}
    (example,) = blocks("CONTRIBUTING.md", "python")
    exec(compile(example, "CONTRIBUTING.md", "exec"), names)
    matcher = names["Nearest"]
    monkeypatch.setitem(MATCHERS, matcher.kind, matcher)
    monkeypatch.setattr(matcher, "represent", classmethod(represent))
    corpus = make_corpus(signers=12)
    training, validation, tested = (
        corpus.select(corpus.recordings["signer"].isin([f"made/{n}" for n in part]).to_numpy())
        for part in (range(4), range(4, 8), range(8, 12))
    )
    model = fit_model("guide", None, {"kind": "nearest"}, training, validation, seed=0)
    system = model_system("guide", model, RowRepresentations(model.represent, tested))
    found = evaluate(tested, [system], PROTOCOLS["paper"])
    assert found.figures["guide"]["skilled"]["eer_global"].mean < 0.3


def represent(cls: type, signatures: Any) -> Any:
    """Where the pen is at 20 times, stretched to one height."""
    rows = []
    for one in signatures:
        at = np.linspace(0, one.duration, 20)
        path = np.concatenate([np.interp(at, one.t, one.x), np.interp(at, one.t, one.y)])
        rows.append((path - path.mean()) / np.ptp(one.y))
    return np.array(rows)


def under(heading: str, language: str) -> str:
    """The first code of this language below a heading of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(rf"^## {heading}$", text, flags=re.MULTILINE)[1]
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return next(code for own, code in fenced if own == language)


@pytest.mark.parametrize("heading", ["Quick start", "Enrol and verify"])
def test_commands_of_the_readme_print_what_it_shows(beside_data: Path, heading: str) -> None:
    installing = ("test -d", ". .venv", "pip ")
    lines = under(heading, "bash").splitlines()
    commands = [
        'sigtdnn() { "$PYTHON" -m sigtdnn "$@"; }',
        *(line for line in lines if not line.startswith(installing)),
    ]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert short(done.stdout) == short(under(heading, ""))


def short(text: str) -> str:
    """The text with what machines agree on of its numbers."""
    return re.sub(r"-?\d+\.\d{5,}(e-\d+)?", lambda found: f"{float(found[0]):.4g}", text)


def test_the_python_of_the_readme_runs(
    beside_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(under("Enrol and verify", "python"), "README.md", "exec"), {})
    assert re.fullmatch(r"True 0\.\d+\n", capsys.readouterr().out)


def test_figures_in_the_readme_are_those_of_the_results() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    cards, compared = (
        json.loads((ROOT / f"paper_repro/results/{name}.json").read_text(encoding="utf-8"))
        for name in ("cards", "protocols")
    )
    sets = {
        "svc2004/Task2": "svc2004", "susig/VisualSubCorpus": "svc2004", "sigcomp2009-nfi": "first5"
    }  # fmt: skip
    labels = {
        "`default`": "default",
        "untrained DTW": "dtw",
        "`network-5`, the paper's": "network-5",
    }
    for label, system in labels.items():
        cells = [rates(cards["sets"][name][of]["systems"][system]) for name, of in sets.items()]
        assert f"| {label} | {' | '.join(cells)} |" in text
    nfi = compared["sigcomp2009-nfi"]["paper"]["systems"]["network-4"]["ga_at_fr80"]
    assert f"accepts {percent(nfi)} {interval(nfi)} % of the genuine ones" in text


def rates(figures: dict[str, Any]) -> str:
    return " / ".join(
        percent(figures[key]) for key in ("eer_skilled", "eer_skilled_per_signer", "eer_random")
    )


def percent(estimate: dict[str, Any]) -> str:
    return f"{100 * estimate['mean']:.1f}"


def interval(estimate: dict[str, Any]) -> str:
    return "[{:.1f}, {:.1f}]".format(*(100 * end for end in estimate["ci95"]))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        assert "://" in target or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_is_he(path: Path) -> None:
    assert not re.search(r"\b(he|his|him|himself)\b", path.read_text(encoding="utf-8"), re.I)

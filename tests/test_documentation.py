"""What the documents show is run, and what they say of figures is held against the results."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import RowRepresentations, model_system
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.protocols import PROTOCOLS
from tests.artificial import write_signature
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
def files(
    make_model: Callable[..., Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with what the examples use, the current one."""
    monkeypatch.chdir(tmp_path)
    save_model(make_model(), tmp_path / "model.safetensors")
    for number in range(1, 8):
        write_signature(tmp_path / f"anna-{number}.csv", number)
    write_signature(tmp_path / "other.csv", 99, noise=3.0, pace=4.0)
    (tmp_path / "notes.txt").write_text("Anna signs on Monday.\n", encoding="utf-8")
    rows = ["file,signer,kind,number"]
    (tmp_path / "signatures").mkdir()
    for number in range(24):
        kind = "genuine" if number % 8 else "skilled"
        write_signature(tmp_path / "signatures" / f"{number}.csv", number)
        rows.append(f"{number}.csv,{number // 8},{kind},{number}")
    (tmp_path / "signatures" / "recordings.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_examples_of_the_api_run(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    examples = blocks("sigtdnn/README.md", "python")
    assert len(examples) == 10
    for example in examples:
        exec(compile(example, "sigtdnn/README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "not-strokes | " in printed
    assert "6 signatures, 6 were wanted" in printed
    assert "\n['anna']\n" in printed
    assert "(10, 200)" in printed
    assert "3 signers; 3 genuine, 3 skilled" in printed


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


def test_figures_in_the_readme_are_those_of_the_results() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    results = json.loads((ROOT / "paper_repro/results/protocols.json").read_text(encoding="utf-8"))
    columns = ("ga_at_fr80", "eer_skilled", "eer_random")
    nfi = results["sigcomp2009-nfi"]["paper"]["systems"]
    for label, system in (("network 4", "network-4"), ("untrained DTW", "dtw")):
        cells = [f"{percent(nfi[system][key])} {interval(nfi[system][key])}" for key in columns]
        assert f"| {label} | {' | '.join(cells)} |" in text
    task_2, susig = (
        {name: percent(of["eer_skilled"]) for name, of in results[key]["paper"]["systems"].items()}
        for key in ("svc2004/Task2", "susig/VisualSubCorpus")
    )
    assert (
        f"an equal error rate of {task_2['network-4']} % against {task_2['dtw']} % for DTW" in text
    )
    assert f"on SUSIG they are {susig['network-4']} % and {susig['dtw']} %" in text


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

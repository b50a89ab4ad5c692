"""Elastic matching step by step, on a few artificial signers in the place of real ones."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from paper_repro.__main__ import RESULTS, cli
from paper_repro.experiments import elastic
from paper_repro.experiments.cards import file_of
from paper_repro.pages.elastic import TABLES
from sigtdnn.corpus.build import build_corpus
from sigtdnn.models.pretrained import DEFAULT

SIGNERS = 4
PLAN = 'final = ["last"]\n[datasets.first]\n'
STEPS = ["dtw", "14 functions", "saturating cost", "duration", "default"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, write_set: Callable[..., None]) -> Path:
    """Results of a final run, then of one on the first set only."""
    folder = tmp_path_factory.mktemp("elastic")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    for start, name in enumerate(("first", "last")):
        write_set(folder / name, SIGNERS, start * SIGNERS)
    words = [
        "elastic", "--datasets", str(folder), "--plan", str(folder / "plan.toml"),
        "-o", str(folder), "--jobs", "1",
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elastic, "TESTED", (("first5", "mixed"),))
        for more in (["--final"], []):
            CliRunner().invoke(cli, [*words, *more], catch_exceptions=False)
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return json.loads((folder / "elastic.json").read_text(encoding="utf-8"))


def test_final_sets_are_tested_when_asked_for_and_kept(results: Any) -> None:
    assert results["model"] == file_of(DEFAULT)
    assert {name: list(of) for name, of in results["sets"].items()} == {
        "first": ["first5"],
        "last": ["first5"],
    }


def test_results_of_another_model_are_not_kept(
    folder: Path, tmp_path: Path, results: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {**results, "model": {"sha256": "0", "bytes": 1}}
    (tmp_path / "elastic.json").write_text(json.dumps(older), encoding="utf-8")
    monkeypatch.setattr(elastic, "TESTED", (("first5",),))
    elastic.main(folder, folder / "plan.toml", tmp_path, 1, final=False)
    kept = json.loads((tmp_path / "elastic.json").read_text(encoding="utf-8"))
    assert list(kept["sets"]) == ["first"]


def test_differences_are_to_dtw_and_to_the_step_before(results: Any) -> None:
    found = results["sets"]["first"]["first5"]
    means = {name: own["eer_skilled"]["mean"] for name, own in found["systems"].items()}
    assert list(means) == STEPS[::-1]
    for place, name in enumerate(STEPS[1:]):
        for key, before in (("less dtw", "dtw"), ("less the step before", STEPS[place])):
            apart = found[key][name]["eer_skilled"]
            assert apart["mean"] == pytest.approx(means[name] - means[before])
            assert apart["ci95"][0] <= apart["mean"] <= apart["ci95"][1]


def test_only_the_model_that_ships_promises(results: Any) -> None:
    found = results["sets"]["first"]["first5"]
    assert list(found["promises"]) == list(found["costs"]) == ["default"]
    assert {0.01, 0.05, 0.2} <= {one["asked"] for one in found["promises"]["default"]}
    for kind in ("skilled", "random"):
        cost = found["costs"]["default"][kind]
        assert cost["min_cllr"]["mean"] <= cost["cllr"]["mean"]


def test_the_first_protocol_that_serves_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = build_corpus([folder / "first"]).corpus
    early = corpus.select((corpus.recordings["session"] == 1).to_numpy())
    monkeypatch.setattr(elastic, "corpus_in", lambda path: early)
    task = elastic.Task("first", folder, ("svc2004", "first5"))
    assert list(elastic.work(task)) == ["first5"]
    assert elastic.work(elastic.Task("first", folder, ("svc2004",))) == {}


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_the_page_have_every_set(table: str, results: Any) -> None:
    text = "\n".join(TABLES[table]({"elastic": results}))
    assert "first" in text
    assert "last" in text


def test_the_committed_figures_are_those_of_the_model_that_ships() -> None:
    committed = json.loads((RESULTS / "elastic.json").read_text(encoding="utf-8"))
    assert committed["model"] == file_of(DEFAULT)

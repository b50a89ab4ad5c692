"""The models that ship, tested on a few artificial signers in the place of real ones."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paper_repro.experiments import cards
from sigtdnn.corpus.build import build_corpus
from sigtdnn.models.pretrained import DEFAULT, NAMES, pretrained_file

# Fewer and without draws.
TESTED = {"first5": NAMES, "paper": (DEFAULT,)}
SIGNERS = 4


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    write_set: Callable[..., None],
) -> Path:
    folder = tmp_path_factory.mktemp("cards")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cards, "TESTED", TESTED)
        for start, name in enumerate(("first", "second")):
            write_set(folder / name, SIGNERS, start * SIGNERS)
            cards.main(folder, folder, folder, 1, [name])
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return json.loads((folder / "cards.json").read_text(encoding="utf-8"))


def test_sets_tested_one_after_another_stand_together(results: Any) -> None:
    assert list(results["sets"]) == ["first", "second"]
    for by_protocol in results["sets"].values():
        assert list(by_protocol) == list(TESTED)
        assert all(found["signers"] == SIGNERS for found in by_protocol.values())


def test_every_model_stands_beside_dtw(results: Any) -> None:
    found = results["sets"]["first"]["first5"]
    assert list(found["systems"]) == [*NAMES, "dtw"]
    for name in NAMES:
        apart = found["less dtw"][name]["eer_skilled"]["mean"]
        own, other = (found["systems"][one]["eer_skilled"]["mean"] for one in (name, "dtw"))
        assert apart == pytest.approx(own - other)
        assert {0.01, 0.05, 0.2} <= {one["asked"] for one in found["promises"][name]}
    assert list(results["sets"]["first"]["paper"]["systems"]) == ["default", "dtw"]


def test_results_of_other_models_are_not_kept(
    folder: Path, tmp_path: Path, results: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = {name: one["sha256"] for name, one in results["files"].items()}
    assert digests == {
        name: hashlib.sha256(pretrained_file(name).read_bytes()).hexdigest() for name in NAMES
    }
    older = {**results, "files": {name: {"sha256": "0", "bytes": 1} for name in NAMES}}
    (tmp_path / "cards.json").write_text(json.dumps(older), encoding="utf-8")
    monkeypatch.setattr(cards, "TESTED", {"first5": NAMES})
    cards.main(folder, folder, tmp_path, 1, ["second"])
    kept = json.loads((tmp_path / "cards.json").read_text(encoding="utf-8"))
    assert list(kept["sets"]) == ["second"]


def test_a_protocol_that_does_not_serve_a_set_is_left_out(folder: Path) -> None:
    corpus = build_corpus([folder / "first"]).corpus
    early = corpus.select((corpus.recordings["session"] == 1).to_numpy())
    assert cards.figures_on(early, "svc2004") is None

"""The comparison under every protocol, on a few artificial signers with one pass a network."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paper_repro.experiments import comparison
from paper_repro.figures import FIGURES
from paper_repro.jobs import Dataset, Job
from sigtdnn.corpus.build import build_corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.training.recipe import read_recipe
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

SIGNERS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, measure_set: Callable[..., None]) -> Path:
    folder = tmp_path_factory.mktemp("comparison")
    measure_set("comparison", folder, SIGNERS, "--seeds", 1)
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return json.loads((folder / "protocols.json").read_text(encoding="utf-8"))["artificial"]


def test_every_protocol_that_serves_has_every_system(results: Any) -> None:
    assert list(results) == ["paper", "svc2004", "mixed", "first5", "one"]
    for figures in results.values():
        assert list(figures["systems"]) == ["dtw", "network-4", "network-5"]
        assert list(figures["less dtw"]) == ["network-4", "network-5"]
        for own in figures["systems"].values():
            assert all(own[key]["mean"] is not None for key in FIGURES)


def test_differences_are_those_of_the_figures(results: Any) -> None:
    systems = results["mixed"]["systems"]
    own, baseline = (systems[name]["eer_skilled"]["mean"] for name in ("network-5", "dtw"))
    found = results["mixed"]["less dtw"]["network-5"]["eer_skilled"]
    assert found["mean"] == pytest.approx(own - baseline)
    assert found["ci95"][0] <= found["mean"] <= found["ci95"][1]


def test_random_forgers_are_of_the_fold(results: Any) -> None:
    # Six folds of two: everybody has one other.
    assert results["first5"]["trials"]["random"] == results["first5"]["signers"] == SIGNERS
    assert results["svc2004"]["trials"]["random"] == 10 * SIGNERS


def test_networks_are_kept(folder: Path) -> None:
    names = {path.stem.rpartition("-")[0] for path in (folder / "kept" / "artificial").iterdir()}
    assert len(names) == 2 * 6
    assert "network-4-0-0" in names


def test_protocol_that_does_not_serve_gives_nothing(folder: Path) -> None:
    corpus = build_corpus([folder / "artificial"]).corpus
    own = replace(corpus.collections["artificial"], sessions=False)
    corpus = replace(corpus, collections={"artificial": own})
    assert comparison.compare(corpus, PROTOCOLS["svc2004"], {}) is None


def test_trials_of_a_fold_claim_and_question_its_signers_only(folder: Path) -> None:
    corpus = build_corpus([folder / "artificial"]).corpus
    signers = sorted(set(corpus.recordings["signer"]))
    trials = comparison.within(
        make_trials(corpus, PROTOCOLS["first5"]), corpus, frozenset(signers[:3])
    )
    assert trials.signers == signers[:3]
    assert set(corpus.recordings["signer"][trials.rows]) == set(signers[:3])


def test_network_that_has_seen_a_tested_signer_is_refused(
    folder: Path, make_model: Callable[..., Any]
) -> None:
    corpus = build_corpus([folder / "artificial"]).corpus
    signer = str(corpus.recordings["signer"][0])
    job = Job(Dataset("artificial", folder), "network-4", read_recipe("network-4"), 0, 0)
    with pytest.raises(ProtocolError, match=f"has seen {signer}"):
        comparison.fold_of(job, make_model(trained=(signer,)), None, corpus)
    _, fold = comparison.fold_of(job, make_model(trained=("else/1",)), None, corpus)
    assert signer in fold.signers

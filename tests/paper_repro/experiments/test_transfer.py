"""Transfer to real sets, on a few artificial signers in their place, with one pass a network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paper_repro.experiments import transfer
from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.training.recipe import read_recipe

SETS = ("first", "second", "third")
SIGNERS = 5
PLAN = "".join(f"[datasets.{name}]\nnetworks = []\noverlapping = []\n" for name in SETS)


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    write_set: Callable[..., None],
    run_experiment: Callable[..., None],
) -> Path:
    folder = tmp_path_factory.mktemp("transfer")
    write_set(folder / "study", 2 * SIGNERS)
    for place, name in enumerate(SETS, 2):
        write_set(folder / name, SIGNERS, place * SIGNERS)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        small = build_corpus([folder / "study"]).corpus
        patch.setattr(transfer, "study_corpus", lambda: small)
        run_experiment(
            "transfer", "--datasets", folder, "--plan", folder / "plan.toml",
            "--kept", folder / "kept", "-o", folder, "--seeds", 1,
        )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return json.loads((folder / "transfer.json").read_text(encoding="utf-8"))


def test_every_set_has_every_system(results: Any) -> None:
    assert list(results) == list(SETS)
    for figures in results.values():
        assert figures["protocol"] == "svc2004"
        assert figures["signers"] == SIGNERS
        assert figures["dtw"]["eer_skilled"]["mean"] is not None
        for network in ("network-4", "network-5"):
            assert list(figures[network]) == [
                "artificial", "untrained", "other real sets", "artificial less untrained",
                "artificial less other real sets", "artificial less dtw",
            ]  # fmt: skip


def test_differences_are_those_of_the_figures(results: Any) -> None:
    own = results["second"]["network-4"]
    for name, other in [*own.items(), ("dtw", results["second"]["dtw"])]:
        if "less" not in name and name != "artificial":
            found = own[f"artificial less {name}"]["ga_at_fr80"]["mean"]
            expected = own["artificial"]["ga_at_fr80"]["mean"] - other["ga_at_fr80"]["mean"]
            assert found == pytest.approx(expected)


def test_each_source_is_trained_on_once(folder: Path) -> None:
    # The study and three pairs of sets, two networks each, a recipe each.
    assert len(list((folder / "kept").glob("*/*.safetensors"))) == 4 * 2


@pytest.fixture
def corpora(folder: Path) -> dict[str, Corpus]:
    return {name: build_corpus([folder / name]).corpus for name in SETS[:2]}


def test_joined_corpora_keep_what_each_recording_is(corpora: dict[str, Corpus]) -> None:
    both = transfer.joined(corpora)
    first, second = corpora.values()
    assert len(both) == len(first) + len(second)
    assert both.recordings["signer"].tolist() == [
        *first.recordings["signer"],
        *second.recordings["signer"],
    ]
    assert set(both.collections) == set(SETS[:2])
    last = len(first)
    settings = read_recipe("network-4").preprocessing
    found, expected = both.features(settings), second.features(settings)
    np.testing.assert_array_equal(found[last], expected[0])
    np.testing.assert_array_equal(both.signature(last).x, second.signature(0).x)


PLACES = {name: Path(name) for name in SETS}


def test_a_set_is_not_among_the_others() -> None:
    for one in transfer.trainings(Path("study"), PLACES, seeds=1):
        assert one.target not in one.corpora
        if one.source == transfer.OTHERS:
            assert {one.target, *one.corpora} == set(SETS)


def test_only_networks_that_have_not_seen_a_set_are_tested_on_it(make_model: Any) -> None:
    every = [
        transfer.Outcome(one, make_model(), make_model())
        for one in transfer.trainings(Path("study"), PLACES, seeds=1)
    ]
    tested = [one.training for one in every if transfer.unseen("first", one)]
    assert len(tested) == 2 * 2  # the study and the two others, two networks each
    assert all("first" not in training.corpora for training in tested)


def test_trainings_name_every_source_network_and_seed() -> None:
    every = list(transfer.trainings(Path("study"), PLACES, seeds=2))
    named = {(one.source, one.target, one.network, one.seed) for one in every}
    assert len(every) == len(named) == 4 * 2 * 2

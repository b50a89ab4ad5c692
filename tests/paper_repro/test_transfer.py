"""Transfer to real sets, on a few artificial signers in their place, with one pass a network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paper_repro import transfer
from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.training.recipe import read_recipe

SETS = ("first", "second", "third")
SIGNERS = 5
PLAN = "".join(f"[datasets.{name}]\nnetworks = []\noverlapping = []\n" for name in SETS)
SCRIPT = """
from dataclasses import replace
from pathlib import Path
import sys
from paper_repro import transfer

whole = transfer.read_recipe
study = Path(sys.argv.pop(1))

def one_pass(network):
    recipe = whole(network)
    return replace(recipe, optimiser=replace(recipe.optimiser, passes=1))

transfer.read_recipe = one_pass
transfer.study_corpus = lambda: transfer.build_corpus([study]).corpus
transfer.main()
"""


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    write_set: Callable[..., None],
    run_script: Callable[..., None],
) -> Path:
    folder = tmp_path_factory.mktemp("transfer")
    write_set(folder / "study", 2 * SIGNERS)
    for place, name in enumerate(SETS, 2):
        write_set(folder / name, SIGNERS, place * SIGNERS)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    run_script(
        SCRIPT, folder / "study", "--datasets", folder, "--plan", folder / "plan.toml",
        "--kept", folder / "kept", "-o", folder, "--seeds", 1, "--jobs", 2,
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
    found, expected = both.features_with(settings), second.features_with(settings)
    np.testing.assert_array_equal(found[last], expected[0])
    np.testing.assert_array_equal(both.signature(last).x, second.signature(0).x)


def test_a_set_is_not_among_the_others(
    corpora: dict[str, Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "SETS", {transfer.ARTIFICIAL: None, **corpora})
    lesson = transfer.Lesson(transfer.OTHERS, "first", "network-4", 0)
    assert set(transfer.source_of(lesson).recordings["collection"]) == {"second"}


def test_lessons_name_every_source_network_and_seed() -> None:
    every = list(transfer.lessons(SETS, seeds=2))
    assert len(every) == len(set(every)) == 4 * 2 * 2

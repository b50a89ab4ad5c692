"""The measurements of templates, on a few artificial signers with one pass a network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paper_repro.experiments.loss import WAYS
from paper_repro.pages import results as pages

SIGNERS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, measure_set: Callable[..., None]) -> Path:
    folder = tmp_path_factory.mktemp("template")
    measure_set("template", folder, SIGNERS)
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return json.loads((folder / "template.json").read_text(encoding="utf-8"))


def test_both_networks_are_measured_and_kept(folder: Path, results: Any) -> None:
    assert list(results) == ["artificial hands", "artificial"]
    assert list(results["artificial"]) == ["network-5", "network-4"]
    assert len(list((folder / "kept" / "artificial").iterdir())) == 12


def test_losses_are_differences_to_whole_vectors(results: Any) -> None:
    for figures in results["artificial"].values():
        loss = figures["loss"]
        assert list(loss) == [*WAYS, *(f"{name} - full" for name in WAYS[1:])]
        for name in WAYS[1:]:
            for figure in ("ga_at_fr80", "eer_global"):
                apart = loss[name][figure]["mean"] - loss["full"][figure]["mean"]
                assert loss[f"{name} - full"][figure]["mean"] == pytest.approx(apart)


def test_rounding_costs_next_to_nothing(results: Any) -> None:
    # The card leaves nothing of network 5 out, and the paper's bytes hold the same half.
    for network, one, other in (
        ("network-5", "full", "card"),
        ("network-5", "half", "paper"),
        ("network-4", "half", "paper"),
    ):
        loss = results["artificial"][network]["loss"]
        apart = loss[one]["eer_global"]["mean"] - loss[other]["eer_global"]["mean"]
        assert abs(apart) < 0.02


def test_our_bytes_keep_the_variance_and_the_papers_lose_some(results: Any) -> None:
    for figures in results["artificial"].values():
        variance = figures["variance"]
        assert variance["ours"]["updated"] == pytest.approx([1, 1, 1], abs=0.01)
        low, _, high = variance["paper"]["updated"]
        assert high - low > 0.01


def test_every_forged_signer_is_attacked(results: Any) -> None:
    for figures in results["artificial"].values():
        updates = figures["updates"]
        assert updates["attack"]["templates"] == SIGNERS
        assert updates["attack"]["taken_over"] <= updates["attack"]["let_in"] <= SIGNERS
        assert 0 < updates["learnt"] <= updates["arrived"]
        assert set(updates["figures"]["learning - still"]) == {"ga_at_fr80", "eer", "frr", "far"}


def test_the_results_have_rows_of_the_page(results: Any) -> None:
    for title in ("loss", "variance", "updates", "attack"):
        rows = pages.TABLES[title]({"template": results})
        assert len([row for row in rows if row.startswith("| artificial | network-5 |")]) == 1

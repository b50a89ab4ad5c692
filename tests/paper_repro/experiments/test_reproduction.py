"""A smoke run of the reproduction on a few artificial signers, and its tables."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paper_repro import jobs
from paper_repro.experiments import reproduction
from paper_repro.pages import results as pages
from paper_repro.pages.facts import PAPER
from sigtdnn.synthesis.folder import write_study
from sigtdnn.synthesis.study import Study
from sigtdnn.tables import read_toml

REPRODUCTION = Path(__file__).parents[3] / "paper_repro"
FORGED, UNFORGED = 12, 6
PLAN = """
seeds = [0, 1]

[datasets.sigcomp2009-nfi]
networks = ["network-4", "network-5"]
overlapping = ["network-5"]
seeds = [0]

[datasets.sigcomp2009-nfi.variants."network-4, as printed"]
network = "network-4"
as_printed = true
changes.optimiser = { passes = 1 }

[datasets.sigcomp2009-nfi.variants."network-4, 100 dots per inch"]
network = "network-4"
dots_per_inch = 100
"""


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory,
    study: Study,
    forged_signers: list[str],
    run_experiment: Callable[..., None],
) -> Path:
    """The results folder of a run on 18 artificial signers, where NFI's recordings would be."""
    folder = tmp_path_factory.mktemp("reproduction")
    forged = {r.signer for r in study.recordings if r.kind == "skilled"}
    unforged = sorted({r.signer for r in study.recordings} - forged)
    signers = forged_signers[:FORGED] + unforged[:UNFORGED]
    some = tuple(r for r in study.recordings if r.signer in signers)
    write_study(replace(study, recordings=some), folder / "sigcomp2009-nfi")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    run_experiment(
        "reproduction", "--datasets", folder, "--plan", folder / "plan.toml",
        "-o", folder / "results",
    )  # fmt: skip
    return folder / "results"


@pytest.fixture(scope="module")
def summary(results: Path) -> Any:
    return json.loads((results / "summary.json").read_text(encoding="utf-8"))["sigcomp2009-nfi"]


def test_only_networks_stand_under_a_split(summary: Any) -> None:
    assert list(summary["signer-disjoint"]) == ["network-4", "network-5"]
    assert list(summary["overlapping"]) == ["network-5"]


def test_figures_of_a_network_are_complete(summary: Any) -> None:
    figures = summary["signer-disjoint"]["network-4"]
    assert {
        "ga_at_fr80",
        "ga_train",
        "fr_train",
        "ga_val",
        "fr_val",
        "eer_skilled",
        "eer_random",
    } <= set(figures)
    assert 0 < figures["ga_at_fr80"]["mean"] <= 1
    assert figures["ga_at_fr80"]["std"] is None  # one seed has no spread
    assert figures["signers"] == FORGED + UNFORGED
    assert figures["cost"]["trainings"] == jobs.FOLDS


def test_other_tests_stand_among_the_variants(summary: Any) -> None:
    assert set(summary["variants"]) == {
        "network-4, first two left out", "network-4, cleaned", "network-4, untrained",
        "network-4, forged signers only", "network-5, first two left out", "network-5, cleaned",
        "network-5, untrained", "network-5, forged signers only", "network-4, as printed",
        "network-4, 100 dots per inch",
    }  # fmt: skip


def test_every_genuine_and_forgery_is_questioned_once(summary: Any) -> None:
    counts = {
        name: figures["trials"]["skilled"] for name, figures in summary["signer-disjoint"].items()
    }
    assert counts["network-4"] == counts["network-5"] > 0


def test_second_run_replaces_only_what_it_ran(results: Path) -> None:
    old = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    new = {"sigcomp2009-nfi": {"variants": {"network-4, as printed": {"changed": True}}}}
    both = reproduction.merged(old, new)["sigcomp2009-nfi"]
    assert both["variants"]["network-4, as printed"] == {"changed": True}
    assert both["signer-disjoint"] == old["sigcomp2009-nfi"]["signer-disjoint"]


def test_the_results_have_rows_of_the_page(summary: Any) -> None:
    facts = {"summary": {"sigcomp2009-nfi": summary}, "paper": PAPER}
    section_6, table_1 = ("\n".join(pages.TABLES[t](facts)) for t in ("section 6", "table 1"))
    assert "| network-4 | 95.5 |" in section_6
    assert "| network-4, as printed | - |" in section_6
    assert "98.2 / 81.7 @42" in table_1
    assert "\n| network-5 | " in "\n".join(pages.TABLES["overlapping"](facts))


def test_a_coarser_tablet_has_coarser_strokes(
    tmp_path: Path, write_set: Callable[..., None]
) -> None:
    write_set(tmp_path / "some", 2)
    fine = jobs.write_dataset(tmp_path, "some", tmp_path / "scratch")
    coarse = reproduction.coarser(fine, 100)
    assert reproduction.coarser(fine, 100) == coarse
    before, after = (jobs.corpus_in(dataset.folder) for dataset in (fine, coarse))
    assert after.recordings["file"].tolist() == before.recordings["file"].tolist()
    np.testing.assert_array_equal(after.signature(0).x, np.round(before.signature(0).x / 25.4))


def test_as_printed_a_network_has_the_papers_targets_and_its_own_layers() -> None:
    printed = reproduction.changed_recipe(
        reproduction.Variant("network-4", {"optimiser": {"passes": 3}}, as_printed=True)
    )
    ours = reproduction.read_recipe("network-4")
    assert printed.network.layers == ours.network.layers
    assert (printed.objective.skilled, printed.optimiser.passes) == (-1.0, 3)
    assert ours.objective.skilled != -1.0


def test_folds_of_the_plan_keep_forgers_apart() -> None:
    groups = read_toml(REPRODUCTION / "plan.toml")["datasets"]["sigcomp2009-nfi"]["groups"]
    signers = [signer for group in groups for signer in group]
    assert len(groups) == jobs.FOLDS
    assert len(signers) == len(set(signers)) == 19

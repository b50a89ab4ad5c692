import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.evaluation import Evaluation, evaluate
from sigtdnn.evaluation.figures import FIGURES
from sigtdnn.evaluation.report.folder import write_report
from sigtdnn.evaluation.report.page import RELIABILITY
from sigtdnn.evaluation.report.pictures import (
    det_picture,
    figure_2_picture,
    histogram_picture,
    reliability_picture,
)
from sigtdnn.evaluation.report.text import HEADINGS, terminal_table
from sigtdnn.evaluation.systems import RowRepresentations, System, dtw_system, model_system
from sigtdnn.models.model import Model
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import read_trials

MakeModel = Callable[..., Model]
PNG = b"\x89PNG\r\n"


def system(name: str, model: Model, corpus: Corpus, variant: str = "") -> System:
    return model_system(name, model, RowRepresentations(model.represent, corpus), variant)


@pytest.fixture(scope="module")
def evaluation(signed_corpus: Corpus, make_model: MakeModel) -> Evaluation:
    model = make_model(trained=("set/3",))
    systems = [system("<g>", model, signed_corpus), dtw_system(signed_corpus)]
    return evaluate(signed_corpus, systems, PROTOCOLS["mixed"])


@pytest.fixture(scope="module")
def overlapping(signed_corpus: Corpus, make_model: MakeModel) -> Evaluation:
    model = make_model(trained=("set/3",))
    systems = [system("g", model, signed_corpus)]
    return evaluate(signed_corpus, systems, PROTOCOLS["paper"], allow_overlap=True)


def read(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(path.read_text())
    return table


def test_report_says_what_a_single_reference_lacks(
    signed_corpus: Corpus, make_model: MakeModel, evaluation: Evaluation, tmp_path: Path
) -> None:
    systems = [system("g", make_model(), signed_corpus, "whole")]
    single = evaluate(signed_corpus, systems, PROTOCOLS["one"])
    write_report(single, tmp_path / "one")
    said = "takes the least variance of its templates"
    assert said in terminal_table(single)
    assert said in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    assert said not in terminal_table(evaluation)


def test_metrics_have_the_agreed_shape(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(evaluation, tmp_path / "out")
    table = read(tmp_path / "out" / "metrics.json")
    assert table["protocol"] == "mixed"
    assert list(table["systems"]) == ["<g>", "dtw"]
    for kinds in table["systems"].values():
        assert list(kinds) == ["skilled", "random"]
        for figures in kinds.values():
            assert list(figures) == list(FIGURES)
            for figure in figures.values():
                assert list(figure) == ["mean", "std", "ci95"]
    figure = table["systems"]["dtw"]["random"]["eer_global"]
    estimate = evaluation.figures["dtw"]["random"]["eer_global"]
    assert figure == {
        "mean": estimate.mean, "std": estimate.std, "ci95": list(estimate.ci95 or ())
    }  # fmt: skip
    assert table["systems"]["dtw"]["random"]["cllr"] == {"mean": None, "std": None, "ci95": None}
    (difference,) = table["differences"]
    assert difference["systems"] == ["<g>", "dtw"]
    assert set(difference) == {"systems", "skilled", "random"}
    one, other = (table["systems"][name]["random"]["eer_global"]["mean"] for name in ("<g>", "dtw"))
    assert difference["random"]["eer_global"]["mean"] == pytest.approx(one - other)
    assert table["left_out"] == {"trained or validated on": ["set/3"]}
    assert table["overlap"] == []
    assert table["trials"]["genuine"] == 3 * 4 * 10


def test_promises_are_reported(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(evaluation, tmp_path / "out")
    promises = read(tmp_path / "out" / "metrics.json")["promises"]
    assert list(promises) == ["<g>"]
    kept = evaluation.promises["<g>"]
    assert kept
    for table, promise in zip(promises["<g>"], kept, strict=True):
        assert (table["forgeries"], table["asked"]) == (promise.kind, promise.asked)
        assert (table["far"]["mean"], table["ga"]["mean"]) == (promise.far.mean, promise.ga.mean)
        assert list(table["far"]) == ["mean", "std", "ci95"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<td>&lt;g&gt;</td>") == 2 + len(kept)
    uncalibrated = replace(evaluation, promises={})
    write_report(uncalibrated, tmp_path / "none")
    assert "FAR asked" in page
    assert "FAR asked" not in (tmp_path / "none" / "report.html").read_text(encoding="utf-8")


def test_overlap_marks_every_figure_everywhere(overlapping: Evaluation, tmp_path: Path) -> None:
    write_report(overlapping, tmp_path / "out")
    table = read(tmp_path / "out" / "metrics.json")
    assert table["overlap"] == ["set/3"]
    for figures in table["systems"]["g"].values():
        assert all(figure["overlap"] is True for figure in figures.values())
    lines = [line for line in terminal_table(overlapping).splitlines() if line.startswith("g ")]
    assert len(lines) == 2
    assert all(line.count("overlap") == line.count("[") == 5 for line in lines)
    page = (tmp_path / "out" / "report.html").read_text()
    cells = re.findall(r"<td>([^<]*\[[^<]*)</td>", page)
    assert cells
    assert all(cell.endswith("overlap") for cell in cells)
    unmarked = replace(overlapping, guard=replace(overlapping.guard, overlapping=()))
    for picture in (det_picture, figure_2_picture, reliability_picture):
        assert picture(overlapping) != picture(unmarked)
    assert histogram_picture(overlapping, "g") != histogram_picture(unmarked, "g")


def test_scores_and_trials_are_written_whole(
    evaluation: Evaluation, signed_corpus: Corpus, tmp_path: Path
) -> None:
    write_report(evaluation, tmp_path / "out")
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert scores.columns.tolist() == [
        "system", "draw", "signer", "questioned", "kind", "raw", "log_odds", "score",
        "references", "threshold",
    ]  # fmt: skip
    for column in ("raw", "log_odds", "score"):
        np.testing.assert_array_equal(scores[column], evaluation.scores[column])
    again = read_trials(signed_corpus, tmp_path / "out" / "trials.csv")
    assert again.rows.tolist() == evaluation.trials.rows.tolist()


def test_figure_2_has_a_point_for_every_distinct_score(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    write_report(evaluation, tmp_path / "out")
    curve = pd.read_csv(tmp_path / "out" / "figure-2.csv")
    own = curve[curve["system"] == "dtw"]
    scores = evaluation.scores[
        (evaluation.scores["system"] == "dtw") & (evaluation.scores["kind"] != "random")
    ]
    assert own["threshold"].tolist()[:-1] == sorted(scores["raw"].unique())
    point = own.iloc[len(own) // 2]
    accepted = scores[scores["raw"] >= point["threshold"]]
    genuine = (scores["kind"] == "genuine").sum()
    assert point["genuines_accepted"] == (accepted["kind"] == "genuine").sum() / genuine
    skilled = (scores["kind"] == "skilled").sum()
    assert point["forgeries_detected"] == 1 - (accepted["kind"] == "skilled").sum() / skilled


def test_pictures_are_png(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(evaluation, tmp_path / "out")
    for name in ("det.png", "figure-2.png", "reliability.png"):
        assert (tmp_path / "out" / name).read_bytes().startswith(PNG)
    assert RELIABILITY in (tmp_path / "out" / "report.html").read_text()


def test_random_forgeries_and_uncalibrated_scores_do_not_move_the_reliability_curve(
    evaluation: Evaluation,
) -> None:
    scores = evaluation.scores
    random = scores["kind"] == "random"
    picture = reliability_picture(evaluation)
    assert picture is not None
    for other in (scores[~random], scores.assign(score=scores["score"].where(~random))):
        assert reliability_picture(replace(evaluation, scores=other)) == picture
    changed = scores.assign(score=scores["score"].where(scores["kind"] != "skilled", 0.5))
    assert reliability_picture(replace(evaluation, scores=changed)) != picture


def test_systems_without_probabilities_have_no_reliability_curve(
    signed_corpus: Corpus, tmp_path: Path
) -> None:
    write_report(
        evaluate(signed_corpus, [dtw_system(signed_corpus)], PROTOCOLS["paper"]), tmp_path / "out"
    )
    assert not (tmp_path / "out" / "reliability.png").exists()
    assert RELIABILITY not in (tmp_path / "out" / "report.html").read_text()


def test_without_skilled_forgeries_the_report_is_made_all_the_same(
    signed_corpus: Corpus, tmp_path: Path
) -> None:
    some = signed_corpus.select((signed_corpus.recordings["kind"] == "genuine").to_numpy())
    evaluation = evaluate(some, [dtw_system(some)], PROTOCOLS["paper"])
    write_report(evaluation, tmp_path / "out")
    table = read(tmp_path / "out" / "metrics.json")
    assert table["systems"]["dtw"]["skilled"]["eer_global"]["mean"] is None
    assert table["systems"]["dtw"]["random"]["eer_global"]["mean"] is not None
    assert (tmp_path / "out" / "figure-2.csv").read_text().startswith("system,threshold,")
    assert len(pd.read_csv(tmp_path / "out" / "figure-2.csv")) == 0


def test_page_is_self_contained_and_escapes_names(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(evaluation, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    sources: list[str] = []
    tags: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            sources.extend(value or "" for key, value in attrs if key in ("src", "href"))

    Reader().feed(page)
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not tags & {"script", "link", "iframe", "g"}
    assert "&lt;g&gt;" in page
    assert evaluation.trials.words in page
    assert page.index(evaluation.trials.words) < page.index("<table")
    assert all(f"<td>set/{n}</td>" in page for n in range(3))


def test_a_taken_folder_is_not_touched(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OSError, match="not empty"):
        write_report(evaluation, tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_terminal_table_states_protocol_signers_and_figures(evaluation: Evaluation) -> None:
    text = terminal_table(evaluation)
    assert text.startswith("Protocol mixed. References: 5 genuine signatures")
    assert "3 signers; 120 genuine, 40 skilled and 60 random trials." in text
    assert "Left out: 1 signer; a system was trained or validated on them." in text
    (line,) = [line for line in text.splitlines() if line.startswith("dtw") and "random" in line]
    estimate = evaluation.figures["dtw"]["random"]["eer_global"]
    assert estimate.mean is not None
    assert f" {100 * estimate.mean:.2f} ±" in line
    assert line.endswith("-")
    assert "overlap" not in text


def test_every_figure_has_a_heading() -> None:
    assert list(HEADINGS) == list(FIGURES)

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from paper_repro.__main__ import RESULTS, cli
from paper_repro.experiments import realism
from paper_repro.experiments.realism import STATISTICS, SUMMARIES, judged, measured
from paper_repro.pages.realism import side_by_side
from sigtdnn.corpus.build import build_corpus
from sigtdnn.signature import Signature


@pytest.fixture
def there_and_back():
    """A second right and a second left, each with one maximum of speed, then a lift."""
    t = np.arange(0, 2.5, 0.005)
    x = np.where(t <= 2, 50 * (1 - np.cos(np.pi * t)), 0)
    return Signature.from_samples(t, x, np.zeros_like(t), t < 2, np.where(t < 2, 0.5, 0))


def test_a_signature_is_measured(there_and_back):
    found = measured(there_and_back)
    assert found["duration"] == pytest.approx(2.495)
    assert (found["strokes"], found["speed peaks"]) == (1, 2)
    assert found["peaks a second"] == pytest.approx(2 / 2.495)
    assert found["air share"] == pytest.approx(0.2, abs=0.01)
    assert found["pressure"] == pytest.approx(0.5)
    assert 0.2 < found["slow share"] < 0.3


@pytest.fixture
def table():
    """Signer a: sessions of mean 2 and 4; b, who is not forged: one session of mean 3."""
    rows = [("a", "genuine", 1, v) for v in (1, 2, 3)] + [("a", "genuine", 2, v) for v in (3, 4, 5)]
    rows += [("a", "skilled", 1, 9.0)] + [("b", "genuine", 1, v) for v in (3, 3, 3)]
    frame = pd.DataFrame(rows, columns=["signer", "kind", "session", "duration"])
    frame["session"] = frame["session"].astype("Int64")
    return frame.assign(**dict.fromkeys(STATISTICS, frame["duration"]))


def test_summaries_are_those_computed_by_hand(table):
    values = {title: summary(table)["duration"] for title, summary in SUMMARIES.items()}
    assert values["genuine, mean (sd)"] == "3.00 (1.12)"
    assert values["forged/genuine"] == "3.00"
    # a: deviation 1 within, over 3; b: 0.
    assert values["within a session"] == "0.167"
    assert values["between sessions"] == "0.667"


def test_without_sessions_there_is_no_between(table):
    table["session"] = pd.array([None] * len(table), dtype="Int64")
    assert SUMMARIES["between sessions"](table)["duration"] == ""
    assert SUMMARIES["within a session"](table)["duration"] != ""


def test_a_table_is_markdown():
    assert side_by_side("what", {"a": {"one": "1"}, "b": {"one": "2"}}) == [
        "| what | a | b |", "| --- | --- | --- |", "| one | 1 | 2 |",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("artificial", "passes"),
    [([0.5, 0.8], True), ([0.46, 0.87], True), ([0.5, 0.9], False), ([0.4, 0.7], False)],
)
def test_a_row_passes_where_every_seed_lies_in_the_range_of_the_real_sets(artificial, passes):
    row = judged({"one": 0.5, "other": 0.8}, artificial)
    assert (row["low"], row["high"]) == pytest.approx((0.45, 0.88))
    assert row["passes"] is passes


def test_a_range_below_0_is_made_wider_too():
    row = judged({"one": -0.5, "other": 0.0}, [-0.54])
    assert (row["low"], row["high"], row["passes"]) == (pytest.approx(-0.55), 0.0, True)


SETS = ("svc2004/Task2", "sigcomp2009-nfi")


@pytest.fixture(scope="module")
def content(tmp_path_factory, write_set):
    """The results of a run on artificial sets of 5 signers and populations of 4."""
    folder = tmp_path_factory.mktemp("realism")
    write_set(folder / "study", 5)
    for place, name in enumerate(SETS, 1):
        write_set(folder / name, 5, 5 * place)
    plan = "\n".join(f'[datasets."{name}"]' for name in SETS)
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    small = build_corpus([folder / "study"]).corpus
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(realism, "study_corpus", lambda: small)
        patch.setattr(realism, "SIGNERS", 4)
        result = CliRunner().invoke(
            cli,
            ["realism", "--datasets", str(folder), "--plan", str(folder / "plan.toml"),
             "-o", str(folder), "--jobs", "1", "--seeds", "2"],
            catch_exceptions=False,
        )  # fmt: skip
    content = json.loads((folder / "realism.json").read_text(encoding="utf-8"))
    return content, result.output


def test_every_set_and_seed_is_measured(content):
    results, output = content
    assert len(results["distances"]) == 11
    for row in results["distances"].values():
        assert list(row["real"]) == list(SETS)
        assert len(row["artificial"]) == 2
        assert np.isfinite([*row["real"].values(), *row["artificial"]]).all()
    for table in results["statistics"].values():
        assert list(table) == ["synthetic-study", *SETS]
    assert "| distances | svc2004/Task2 | sigcomp2009-nfi | allowed | seed 0 | seed 1 |" in output
    assert "| difficulty | synthetic-study |" in output


def test_the_committed_rows_all_pass():
    committed = json.loads((RESULTS / "realism.json").read_text(encoding="utf-8"))["distances"]
    for name, row in committed.items():
        assert row == judged(row["real"], row["artificial"])
        assert row["passes"], name

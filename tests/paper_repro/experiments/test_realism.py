import numpy as np
import pandas as pd
import pytest

from paper_repro.experiments.realism import STATISTICS, SUMMARIES, measured, side_by_side
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
    assert side_by_side("what", ("one",), {"a": {"one": "1"}, "b": {"one": "2"}}) == (
        "| what | a | b |\n| --- | --- | --- |\n| one | 1 | 2 |\n"
    )

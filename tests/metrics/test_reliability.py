import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from sigtdnn.metrics.reliability import reliability


def table(genuine, forged):
    kinds = ["genuine"] * len(genuine) + ["skilled"] * len(forged)
    return pd.DataFrame({"kind": kinds, "score": [*genuine, *forged]})


def test_shares_of_equally_many_trials_are_plain_counts():
    bins = reliability(table([0.72, 0.78, 0.75, 0.1], [0.71, 0.12, 0.13, 0.14]))
    assert bins["bin"].tolist() == [1, 7]
    assert bins["share"].tolist() == pytest.approx([1 / 4, 3 / 4])
    assert bins["score"].tolist() == pytest.approx([0.1225, 0.74])
    assert bins["trials"].tolist() == [4, 4]


def test_more_forgeries_than_genuines_change_no_share():
    genuine, forged = [0.3, 0.35, 0.9], [0.32, 0.1, 0.2]
    one, many = (reliability(table(genuine, forged * times)) for times in (1, 7))
    assert many["share"].tolist() == pytest.approx(one["share"].tolist())
    assert many["score"].tolist() == pytest.approx(one["score"].tolist())


def test_the_interval_is_wilsons():
    bins = reliability(table([0.55] * 30 + [0.05] * 10, [0.55] * 10 + [0.05] * 30))
    wanted = binomtest(30, 40).proportion_ci(method="wilson")
    middle = bins.iloc[1]
    assert (middle["low"], middle["high"]) == pytest.approx((wanted.low, wanted.high), abs=1e-4)


def test_scores_of_0_and_1_have_a_bin():
    bins = reliability(table([1.0, 1.0], [0.0]))
    assert bins["bin"].tolist() == [0, 9]
    assert bins["share"].tolist() == [0, 1]
    assert ((bins["low"] <= bins["share"]) & (bins["share"] <= bins["high"])).all()


def test_a_calibrated_score_lies_on_the_diagonal():
    rng = np.random.default_rng(0)
    score = rng.uniform(size=20_000)
    genuine = rng.uniform(size=score.size) < score
    bins = reliability(table(score[genuine], score[~genuine]))
    assert bins["share"].to_numpy() == pytest.approx(bins["score"].to_numpy(), abs=0.03)


def test_random_forgeries_do_not_count():
    scores = table([0.6], [0.2])
    more = pd.concat([scores, pd.DataFrame({"kind": ["random"] * 5, "score": [0.6] * 5})])
    pd.testing.assert_frame_equal(reliability(more), reliability(scores))


@pytest.mark.parametrize(
    "scores",
    [table([np.nan, np.nan], [np.nan]), table([0.5], []), table([], [0.5])],
    ids=["without probabilities", "without forgeries", "without genuines"],
)
def test_what_cannot_be_shown_is_none(scores):
    assert reliability(scores) is None

import numpy as np
import pytest
from scipy.stats import binomtest

from sigtdnn.metrics import reliability


def test_shares_of_equally_many_trials_are_plain_counts():
    bins = reliability([0.72, 0.78, 0.75, 0.1], [0.71, 0.12, 0.13, 0.14])
    assert bins.bin.tolist() == [1, 7]
    assert bins.share.tolist() == pytest.approx([1 / 4, 3 / 4])
    assert bins.score.tolist() == pytest.approx([0.1225, 0.74])
    assert bins.trials.tolist() == [4, 4]


def test_more_impostors_than_genuines_change_no_share():
    genuine, impostor = [0.3, 0.35, 0.9], [0.32, 0.1, 0.2]
    one, many = (reliability(genuine, impostor * times) for times in (1, 7))
    assert many.share.tolist() == pytest.approx(one.share.tolist())
    assert many.score.tolist() == pytest.approx(one.score.tolist())


def test_the_interval_is_wilsons():
    bins = reliability([0.55] * 30 + [0.05] * 10, [0.55] * 10 + [0.05] * 30)
    wanted = binomtest(30, 40).proportion_ci(method="wilson")
    assert (bins.low[1], bins.high[1]) == pytest.approx((wanted.low, wanted.high), abs=1e-4)


def test_scores_of_0_and_1_have_a_bin():
    bins = reliability([1.0, 1.0], [0.0])
    assert bins.bin.tolist() == [0, 9]
    assert bins.share.tolist() == [0, 1]
    assert ((bins.low <= bins.share) & (bins.share <= bins.high)).all()


def test_a_calibrated_score_lies_on_the_diagonal():
    rng = np.random.default_rng(0)
    score = rng.uniform(size=20_000)
    genuine = rng.uniform(size=score.size) < score
    bins = reliability(score[genuine], score[~genuine])
    assert bins.share == pytest.approx(bins.score, abs=0.03)


@pytest.mark.parametrize(
    ("genuine", "impostor"), [([0.5], []), ([], [0.5])], ids=["no impostors", "no genuines"]
)
def test_what_cannot_be_shown_is_none(genuine, impostor):
    assert reliability(genuine, impostor) is None


@pytest.mark.parametrize("score", [np.nan, -0.1, 1.1, 7.0])
def test_what_is_no_probability_is_refused(score):
    with pytest.raises(ValueError, match="is not a probability"):
        reliability([0.5], [0.2, score])

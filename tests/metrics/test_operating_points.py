import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import det_curve

from sigtdnn.metrics.operating_points import (
    OperatingPoints,
    operating_points,
    operating_points_by_signer,
)

# Few values, so that ties within and between the kinds are the rule.
scores = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 7.5]), min_size=1, max_size=12)


def test_hand_made_case_counts_a_score_on_the_threshold_as_accepted() -> None:
    points = operating_points([1.0, 2.0, 3.0], [0.0, 2.0])
    assert points.thresholds.tolist() == [0.0, 1.0, 2.0, 3.0, np.inf]
    assert points.frr.tolist() == [0, 0, 1 / 3, 2 / 3, 1]
    assert points.far.tolist() == [1, 1 / 2, 1 / 2, 0, 0]
    assert points.ga.tolist() == [1, 1, 2 / 3, 1 / 3, 0]
    assert points.fr.tolist() == [0, 1 / 2, 1 / 2, 1, 1]


@given(scores, scores)
def test_every_point_agrees_with_counting_one_by_one(
    genuine: list[float], impostor: list[float]
) -> None:
    points = operating_points(genuine, impostor)
    for column, threshold in enumerate(points.thresholds):
        accepted_genuine = sum(score >= threshold for score in genuine)
        accepted_impostors = sum(score >= threshold for score in impostor)
        assert points.ga[column] == accepted_genuine / len(genuine)
        assert points.far[column] == accepted_impostors / len(impostor)


@given(scores, scores)
def test_points_agree_with_scikit_learn(genuine: list[float], impostor: list[float]) -> None:
    labels = [1] * len(genuine) + [0] * len(impostor)
    far, frr, thresholds = det_curve(labels, genuine + impostor)
    points = operating_points(genuine, impostor)
    # scikit-learn drops points that only repeat a rate of 0 or 1 at either end.
    column = np.searchsorted(points.thresholds, thresholds)
    np.testing.assert_allclose(points.far[column], far)
    np.testing.assert_allclose(points.frr[column], frr)


@given(scores, scores, st.sampled_from([-9.0, -0.5, 0.1, 1.0, 9.0]))
def test_rates_at_any_threshold_agree_with_counting(
    genuine: list[float], impostor: list[float], threshold: float
) -> None:
    points = operating_points(genuine, impostor)
    place = points.at(threshold)
    assert points.ga[place] == sum(s >= threshold for s in genuine) / len(genuine)
    assert points.fr[place] == sum(s < threshold for s in impostor) / len(impostor)


def test_all_scores_tied_leave_accept_all_and_reject_all() -> None:
    points = operating_points([1.0, 1.0], [1.0])
    assert points.far.tolist() == [1, 0]
    assert points.frr.tolist() == [0, 1]


def test_rates_of_no_trials_are_nan() -> None:
    points = operating_points([1.0], [])
    assert np.isnan(points.far).all()
    assert points.frr.tolist() == [0, 1]


def test_infinite_scores_keep_their_place() -> None:
    points = operating_points([np.inf], [-np.inf])
    assert points.thresholds.tolist() == [-np.inf, np.inf, np.inf]
    assert points.far.tolist() == [1, 0, 0]
    assert points.frr.tolist() == [0, 0, 1]


def test_nan_score_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        operating_points([1.0, np.nan], [0.0])


def _two_signers() -> OperatingPoints:
    return operating_points_by_signer(
        np.array([1.0, 4.0, 3.0]), np.array([0, 0, 1]), np.array([2.0, 0.0]), np.array([1, 1]), 2
    )


def test_signers_share_the_thresholds_of_all() -> None:
    points = _two_signers()
    assert points.thresholds.tolist() == [0, 1, 2, 3, 4, np.inf]
    assert points.genuine_below.tolist() == [[0, 0, 1, 1, 1, 2], [0, 0, 0, 0, 1, 1]]
    assert points.impostor_below.tolist() == [[0, 0, 0, 0, 0, 0], [0, 1, 1, 2, 2, 2]]


def test_weights_count_a_signer_as_often_as_drawn() -> None:
    resampled = _two_signers().weighted(np.array([[1.0, 1.0], [0.0, 2.0]]))
    everybody = operating_points([1.0, 4.0, 3.0], [2.0, 0.0])
    twice = operating_points([3.0, 3.0], [2.0, 0.0, 2.0, 0.0])
    np.testing.assert_array_equal(resampled.far[0], everybody.far)
    np.testing.assert_array_equal(resampled.frr[0], everybody.frr)
    column = np.searchsorted(resampled.thresholds, twice.thresholds)
    np.testing.assert_array_equal(resampled.far[1][column], twice.far)
    np.testing.assert_array_equal(resampled.frr[1][column], twice.frr)

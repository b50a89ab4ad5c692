import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from sigtdnn.metrics import cllr, min_cllr
from sigtdnn.metrics.likelihood import min_cllr_of_points
from sigtdnn.metrics.operating_points import operating_points_by_signer

scores = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 7.5]), min_size=1, max_size=12)


def test_even_odds_for_everything_cost_one_bit() -> None:
    assert cllr(np.zeros(3), np.zeros(5)) == 1


def test_cllr_of_a_hand_made_case() -> None:
    # Odds of 3 for a genuine cost log2(4/3), for an impostor log2(4).
    odds = np.log([3.0])
    assert cllr(odds, odds) == pytest.approx((np.log2(4 / 3) + 2) / 2)


def test_huge_odds_do_not_overflow() -> None:
    assert cllr(np.array([5e4]), np.array([-5e4])) == 0
    assert cllr(np.array([-5e4]), np.array([-5e4])) == pytest.approx(5e4 / np.log(2) / 2)


def test_cllr_needs_both_kinds() -> None:
    assert np.isnan(cllr(np.array([1.0]), np.array([])))
    assert np.isnan(min_cllr([], [1.0]))
    assert np.isnan(min_cllr([], []))


def test_min_cllr_of_separated_and_worthless_scores() -> None:
    assert min_cllr([2.0, 3.0], [0.0, 1.0]) == 0
    assert min_cllr([1.0], [1.0, 1.0]) == pytest.approx(1)
    assert min_cllr([0.0], [1.0]) == pytest.approx(1)


@given(scores, scores)
def test_min_cllr_is_the_cllr_of_isotonic_odds(genuine: list[float], impostor: list[float]) -> None:
    labels = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    weight = np.r_[
        np.full(len(genuine), 1 / len(genuine)), np.full(len(impostor), 1 / len(impostor))
    ]
    fitted = (
        IsotonicRegression().fit(genuine + impostor, labels, weight).predict(genuine + impostor)
    )
    fitted = np.clip(fitted, 1e-12, 1 - 1e-12)
    llr = np.log(fitted / (1 - fitted))
    expected = cllr(llr[labels == 1], llr[labels == 0])
    assert min_cllr(genuine, impostor) == pytest.approx(expected, abs=1e-9)


@given(scores, scores)
def test_no_score_costs_less_than_its_best_recalibration(
    genuine: list[float], impostor: list[float]
) -> None:
    best = min_cllr(genuine, impostor)
    assert best <= cllr(genuine, impostor) + 1e-9


def test_min_cllr_of_each_signer_and_of_weighted_signers() -> None:
    genuine, impostor = np.array([1.0, 2.0, 2.0]), np.array([0.0, 2.0, 1.0])
    signer = np.array([0, 0, 1])
    points = operating_points_by_signer(genuine, signer, impostor, signer, 2)
    first = min_cllr(genuine[:2], impostor[:2])
    assert min_cllr_of_points(points) == pytest.approx([first, 0])
    weights = np.array([[3.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
    assert min_cllr_of_points(points.weighted(weights)) == pytest.approx([first, 0, first])

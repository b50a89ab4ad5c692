import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from sklearn.metrics import det_curve

from sigtdnn.metrics import rates as metrics
from sigtdnn.metrics.operating_points import operating_points, operating_points_by_signer

# Few values, so that ties within and between the kinds are the rule.
scores = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 7.5]), min_size=1, max_size=12)
weights = st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(any)


def eer(genuine: list[float], forged: list[float]) -> float:
    return float(metrics.eer(operating_points(genuine, forged)))


def ga_at_fr(genuine: list[float], forged: list[float], fr: float = 0.8) -> float:
    return float(metrics.ga_at_fr(operating_points(genuine, forged), fr))


# EER


def test_eer_between_two_points_is_interpolated() -> None:
    # Thresholds 1, 2, 3, 4: FRR 0, 0, 1/3, 2/3; FAR 1, 1/2, 1/2, 0. The curves meet
    # between FRR 1/3, FAR 1/2 and FRR 2/3, FAR 0: a fifth of the way, at 2/5.
    assert eer([2.0, 3.0, 4.0], [1.0, 3.0]) == pytest.approx(2 / 5)


def test_eer_on_a_point_is_that_point() -> None:
    assert eer([1.0, 3.0, 4.0, 5.0], [0.0, 1.0, 2.0, 4.0]) == 1 / 4


@pytest.mark.parametrize(
    ("genuine", "forged", "expected"),
    [([2.0, 3.0], [0.0, 1.0], 0.0), ([0.0, 1.0], [2.0, 3.0], 1.0), ([1.0, 1.0], [1.0], 0.5)],
    ids=["separated", "reversed", "all tied"],
)
def test_eer_of_extreme_cases(genuine: list[float], forged: list[float], expected: float) -> None:
    assert eer(genuine, forged) == expected


def test_eer_without_forgeries_is_nan() -> None:
    assert np.isnan(eer([1.0], []))
    assert np.isnan(eer([], []))


@given(scores, scores)
def test_eer_agrees_with_a_loop_over_thresholds(genuine: list[float], forged: list[float]) -> None:
    previous = None
    for threshold in [*sorted({*genuine, *forged}), float("inf")]:
        far = sum(s >= threshold for s in forged) / len(forged)
        frr = sum(s < threshold for s in genuine) / len(genuine)
        if far <= frr:
            break
        previous = far, frr
    assert previous is not None
    # Two straight lines over the same step, solved as a 2 x 2 system for (step, rate).
    matrix = [[far - previous[0], -1.0], [frr - previous[1], -1.0]]
    _, rate = np.linalg.solve(matrix, [-previous[0], -previous[1]])
    assert eer(genuine, forged) == pytest.approx(rate)


@given(
    st.lists(st.floats(-1, 3), min_size=3, max_size=30),
    st.lists(st.floats(-3, 1), min_size=3, max_size=30),
)
def test_eer_agrees_with_scikit_learns_points(genuine: list[float], forged: list[float]) -> None:
    labels = [1] * len(genuine) + [0] * len(forged)
    far, frr, _ = det_curve(labels, genuine + forged)
    # The curve joins its points by straight lines; scikit-learn leaves out reject-all.
    far, frr = np.append(far, 0.0), np.append(frr, 1.0)
    position = np.arange(len(far))
    crossing = brentq(
        lambda p: np.interp(p, position, far) - np.interp(p, position, frr), 0, position[-1]
    )
    expected = np.interp(crossing, position, far)
    assert eer(genuine, forged) == pytest.approx(expected, abs=1e-9)


# GA at a share of forgeries detected


def test_ga_at_fr80_of_a_hand_made_case() -> None:
    # Four of five forgeries lie below 4, not below 3.5; two of four genuines are >= 4.
    assert ga_at_fr([3.5, 3.5, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0]) == 1.0
    assert ga_at_fr([2.5, 3.0, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0]) == 0.5


def test_ga_at_fr80_moves_tied_scores_together() -> None:
    # At 3 only three of five forgeries are below; the next observed score is 4.
    assert ga_at_fr([3.0, 3.0, 4.0], [0.0, 1.0, 2.0, 3.0, 3.0]) == pytest.approx(1 / 3)


def test_exactly_four_fifths_detected_are_enough() -> None:
    for forgeries in range(5, 200, 5):
        forged = [0.0] * (forgeries * 4 // 5) + [1.0] * (forgeries // 5)
        assert ga_at_fr([1.0, 0.0], forged) == 0.5


def test_ga_is_not_computable_when_no_observed_score_detects_enough() -> None:
    assert np.isnan(ga_at_fr([0.0, 1.0], [0.0, 1.0, 1.0]))
    assert np.isnan(ga_at_fr([0.0, 1.0], []))
    assert ga_at_fr([0.0, 2.0], [0.0, 1.0, 1.0]) == 0.5


@given(scores, scores, st.sampled_from([0.5, 0.8, 0.95]))
def test_ga_agrees_with_its_definition(
    genuine: list[float], forged: list[float], fr: float
) -> None:
    able = [t for t in {*genuine, *forged} if sum(s < t for s in forged) / len(forged) >= fr]
    if able:
        expected = sum(s >= min(able) for s in genuine) / len(genuine)
        assert ga_at_fr(genuine, forged, fr) == expected
    else:
        assert np.isnan(ga_at_fr(genuine, forged, fr))


# A threshold from elsewhere


@given(scores, scores, st.sampled_from([-9.0, -0.5, 0.1, 1.0, 9.0]))
def test_rates_at_a_threshold_agree_with_counting(
    genuine: list[float], forged: list[float], threshold: float
) -> None:
    points = operating_points(genuine, forged)
    ga = sum(s >= threshold for s in genuine) / len(genuine)
    fr = sum(s < threshold for s in forged) / len(forged)
    assert metrics.ga_at_threshold(points, threshold) == ga
    assert metrics.fr_at_threshold(points, threshold) == fr


# Detection cost


def test_min_dcf_of_a_hand_made_case() -> None:
    # At threshold 2 nothing genuine and half of the forgeries go wrong; at 4, the other way.
    points = operating_points([2.0, 4.0, 5.0, 6.0], [1.0, 3.0])
    assert metrics.min_dcf(points) == pytest.approx(1 / 4)
    assert metrics.min_dcf(points, prior=0.9) == pytest.approx(0.1 * 0.5 / 0.1)


def test_min_dcf_of_a_worthless_score_is_one() -> None:
    assert metrics.min_dcf(operating_points([1.0], [1.0]), prior=0.01) == pytest.approx(1)
    assert metrics.min_dcf(operating_points([1.0], [2.0])) == 1


# What must not matter


@given(scores, scores)
def test_strictly_increasing_transforms_change_nothing(
    genuine: list[float], forged: list[float]
) -> None:
    points = operating_points(genuine, forged)
    other = operating_points(np.exp(genuine), np.exp(forged))
    np.testing.assert_array_equal(metrics.eer(points), metrics.eer(other))
    np.testing.assert_array_equal(metrics.ga_at_fr(points, 0.8), metrics.ga_at_fr(other, 0.8))
    np.testing.assert_array_equal(metrics.min_dcf(points), metrics.min_dcf(other))


@given(scores, scores)
def test_swapping_the_kinds_and_the_sign_keeps_the_eer(
    genuine: list[float], forged: list[float]
) -> None:
    # Mirrored, a tie falls to the other side, but ties move as one step either way.
    mirrored = eer([-s for s in forged], [-s for s in genuine])
    assert eer(genuine, forged) == pytest.approx(mirrored)


# Signers


def test_figures_of_several_signers_at_once_equal_those_of_each() -> None:
    rng = np.random.default_rng(1)
    signer = np.repeat(np.arange(3), 8)
    genuine, forged = rng.integers(0, 9, (2, 24)) + np.array([[2.0], [0.0]])
    points = operating_points_by_signer(genuine, signer, forged, signer, 3)
    for number in range(3):
        own = signer == number
        alone = operating_points(genuine[own], forged[own])
        assert metrics.eer(points)[number] == pytest.approx(float(metrics.eer(alone)))
        assert metrics.ga_at_fr(points, 0.8)[number] == metrics.ga_at_fr(alone, 0.8)
        assert metrics.ga_at_threshold(points, 4.5)[number] == metrics.ga_at_threshold(alone, 4.5)
        assert metrics.min_dcf(points)[number] == metrics.min_dcf(alone)


@given(weights, st.integers(0, 1000))
def test_weighted_figures_equal_those_of_repeated_trials(drawn: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    signer = np.repeat(np.arange(3), 6)
    genuine, forged = rng.integers(0, 7, (2, 18)) + np.array([[1.0], [0.0]])
    points = operating_points_by_signer(genuine, signer, forged, signer, 3)
    weighted = points.weighted(np.array([drawn], dtype=float))
    often = np.array(drawn)[signer]
    repeated = operating_points(np.repeat(genuine, often), np.repeat(forged, often))
    for figure in (metrics.eer, metrics.min_dcf, lambda p: metrics.ga_at_fr(p, 0.8)):
        np.testing.assert_allclose(figure(weighted)[0], figure(repeated))


def test_mean_of_signers_leaves_out_those_without_a_figure() -> None:
    values = np.array([0.1, np.nan, 0.3])
    weights = np.array([[1.0, 1.0, 1.0], [3.0, 5.0, 1.0], [0.0, 3.0, 0.0]])
    means = metrics.mean_of_signers(values, weights)
    assert means[:2] == pytest.approx([0.2, 0.15])
    assert np.isnan(means[2])

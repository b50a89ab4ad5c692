import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from sklearn.metrics import det_curve

from sigtdnn.metrics import eer, ga_at_fr, min_cllr, min_dcf, operating_points
from sigtdnn.metrics.operating_points import operating_points_by_signer
from sigtdnn.metrics.rates import eer_of_points, ga_at_fr_of_points, min_dcf_of_points

# Few values, so that ties within and between the kinds are the rule.
scores = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 7.5]), min_size=1, max_size=12)
weights = st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(any)


# EER


def test_eer_between_two_points_is_interpolated() -> None:
    # Thresholds 1, 2, 3, 4: FRR 0, 0, 1/3, 2/3; FAR 1, 1/2, 1/2, 0. The curves meet
    # between FRR 1/3, FAR 1/2 and FRR 2/3, FAR 0: a fifth of the way, at 2/5.
    assert eer([2.0, 3.0, 4.0], [1.0, 3.0]) == pytest.approx(2 / 5)


def test_eer_on_a_point_is_that_point() -> None:
    assert eer([1.0, 3.0, 4.0, 5.0], [0.0, 1.0, 2.0, 4.0]) == 1 / 4


@pytest.mark.parametrize(
    ("genuine", "impostor", "expected"),
    [([2.0, 3.0], [0.0, 1.0], 0.0), ([0.0, 1.0], [2.0, 3.0], 1.0), ([1.0, 1.0], [1.0], 0.5)],
    ids=["separated", "reversed", "all tied"],
)
def test_eer_of_extreme_cases(genuine: list[float], impostor: list[float], expected: float) -> None:
    assert eer(genuine, impostor) == expected


def test_eer_without_both_kinds_is_nan() -> None:
    assert np.isnan(eer([1.0], []))
    assert np.isnan(eer([], [1.0]))
    assert np.isnan(eer([], []))


@given(scores, scores)
def test_eer_agrees_with_a_loop_over_thresholds(
    genuine: list[float], impostor: list[float]
) -> None:
    previous = None
    for threshold in [*sorted({*genuine, *impostor}), float("inf")]:
        far = sum(s >= threshold for s in impostor) / len(impostor)
        frr = sum(s < threshold for s in genuine) / len(genuine)
        if far <= frr:
            break
        previous = far, frr
    assert previous is not None
    # Two straight lines over the same step, solved as a 2 x 2 system for (step, rate).
    matrix = [[far - previous[0], -1.0], [frr - previous[1], -1.0]]
    _, rate = np.linalg.solve(matrix, [-previous[0], -previous[1]])
    assert eer(genuine, impostor) == pytest.approx(rate)


@given(
    st.lists(st.floats(-1, 3), min_size=3, max_size=30),
    st.lists(st.floats(-3, 1), min_size=3, max_size=30),
)
def test_eer_agrees_with_scikit_learns_points(genuine: list[float], impostor: list[float]) -> None:
    labels = [1] * len(genuine) + [0] * len(impostor)
    far, frr, _ = det_curve(labels, genuine + impostor)
    # The curve joins its points by straight lines; scikit-learn leaves out reject-all.
    far, frr = np.append(far, 0.0), np.append(frr, 1.0)
    position = np.arange(len(far))
    crossing = brentq(
        lambda p: np.interp(p, position, far) - np.interp(p, position, frr), 0, position[-1]
    )
    expected = np.interp(crossing, position, far)
    assert eer(genuine, impostor) == pytest.approx(expected, abs=1e-9)


# GA at a share of impostors detected


def test_ga_at_fr80_of_a_hand_made_case() -> None:
    # Four of five impostors lie below 4, not below 3.5; two of four genuines are >= 4.
    assert ga_at_fr([3.5, 3.5, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0]) == 1.0
    assert ga_at_fr([2.5, 3.0, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0]) == 0.5


def test_ga_at_fr80_moves_tied_scores_together() -> None:
    # At 3 only three of five impostors are below; the next observed score is 4.
    assert ga_at_fr([3.0, 3.0, 4.0], [0.0, 1.0, 2.0, 3.0, 3.0]) == pytest.approx(1 / 3)


def test_exactly_four_fifths_detected_are_enough() -> None:
    for number in range(5, 200, 5):
        impostor = [0.0] * (number * 4 // 5) + [1.0] * (number // 5)
        assert ga_at_fr([1.0, 0.0], impostor) == 0.5


def test_ga_is_not_computable_when_no_observed_score_detects_enough() -> None:
    assert np.isnan(ga_at_fr([0.0, 1.0], [0.0, 1.0, 1.0]))
    assert np.isnan(ga_at_fr([0.0, 1.0], []))
    assert ga_at_fr([0.0, 2.0], [0.0, 1.0, 1.0]) == 0.5


@given(scores, scores, st.sampled_from([0.5, 0.8, 0.95]))
def test_ga_agrees_with_its_definition(
    genuine: list[float], impostor: list[float], fr: float
) -> None:
    able = [t for t in {*genuine, *impostor} if sum(s < t for s in impostor) / len(impostor) >= fr]
    if able:
        expected = sum(s >= min(able) for s in genuine) / len(genuine)
        assert ga_at_fr(genuine, impostor, fr) == expected
    else:
        assert np.isnan(ga_at_fr(genuine, impostor, fr))


# Detection cost


def test_min_dcf_of_a_hand_made_case() -> None:
    # At threshold 2 nothing genuine and half of the impostors go wrong; at 4, the other way.
    trials = [2.0, 4.0, 5.0, 6.0], [1.0, 3.0]
    assert min_dcf(*trials) == pytest.approx(1 / 4)
    assert min_dcf(*trials, prior=0.9) == pytest.approx(0.1 * 0.5 / 0.1)


def test_min_dcf_of_a_worthless_score_is_one() -> None:
    assert min_dcf([1.0], [1.0], prior=0.01) == pytest.approx(1)
    assert min_dcf([1.0], [2.0]) == 1


# What must not matter


@given(scores, scores)
def test_strictly_increasing_transforms_change_nothing(
    genuine: list[float], impostor: list[float]
) -> None:
    for figure in (eer, ga_at_fr, min_dcf, min_cllr):
        changed = figure(np.exp(genuine), np.exp(impostor))
        np.testing.assert_array_equal(figure(genuine, impostor), changed)


@given(scores, scores)
def test_swapping_the_kinds_and_the_sign_keeps_the_eer(
    genuine: list[float], impostor: list[float]
) -> None:
    # Mirrored, a tie falls to the other side, but ties move as one step either way.
    mirrored = eer([-s for s in impostor], [-s for s in genuine])
    assert eer(genuine, impostor) == pytest.approx(mirrored)


# Signers


def test_figures_of_several_signers_at_once_equal_those_of_each() -> None:
    rng = np.random.default_rng(1)
    signer = np.repeat(np.arange(3), 8)
    genuine, impostor = rng.integers(0, 9, (2, 24)) + np.array([[2.0], [0.0]])
    points = operating_points_by_signer(genuine, signer, impostor, signer, 3)
    for number in range(3):
        own = signer == number
        alone = genuine[own], impostor[own]
        assert eer_of_points(points)[number] == pytest.approx(eer(*alone))
        assert ga_at_fr_of_points(points, 0.8)[number] == ga_at_fr(*alone)
        assert points.ga[number, points.at(4.5)] == (alone[0] >= 4.5).mean()
        assert min_dcf_of_points(points)[number] == min_dcf(*alone)


@given(weights, st.integers(0, 1000))
def test_weighted_figures_equal_those_of_repeated_trials(drawn: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    signer = np.repeat(np.arange(3), 6)
    genuine, impostor = rng.integers(0, 7, (2, 18)) + np.array([[1.0], [0.0]])
    points = operating_points_by_signer(genuine, signer, impostor, signer, 3)
    weighted = points.weighted(np.array([drawn], dtype=float))
    often = np.array(drawn)[signer]
    repeated = operating_points(np.repeat(genuine, often), np.repeat(impostor, often))
    for figure in (eer_of_points, min_dcf_of_points, lambda p: ga_at_fr_of_points(p, 0.8)):
        np.testing.assert_allclose(figure(weighted)[0], figure(repeated))

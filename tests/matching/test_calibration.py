import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from sigtdnn.errors import ThresholdError
from sigtdnn.matching.calibration import (
    Calibration,
    Calibrations,
    FalseAcceptance,
    least_threshold,
    logistic,
    logistic_line,
)
from sigtdnn.matching.matcher import Comparisons
from tests.artificial import CALIBRATION

NAN, INF = float("nan"), float("inf")
LINE = FalseAcceptance(usual=1.0, spread=2.0, forgeries=1000)


def fitted(genuine, forged, strangers=(-1.0,)):
    return Calibration.fit(
        Comparisons(*(np.array(raw, float) for raw in (genuine, forged, strangers)))
    )


# Log-odds and scores


@given(st.floats(-700, 700))
def test_logistic_is_its_formula(value):
    assert logistic(np.array([value]))[0] == pytest.approx(1 / (1 + math.exp(-value)), rel=1e-12)


def test_logistic_stays_finite_at_both_ends():
    found = logistic(np.array([-np.inf, -1e300, 0.0, 1e300, np.inf]))
    assert found.tolist() == [0, 0, 0.5, 1, 1]


def test_log_odds_and_score_by_hand():
    # Even odds at 3.
    calibration = replace(CALIBRATION, slope=0.25, offset=-0.75)
    raw = np.array([3.0, 7.0])
    assert calibration.log_odds(raw).tolist() == [0, 1]
    np.testing.assert_allclose(calibration.score(raw), [0.5, 1 / (1 + math.exp(-1))])


@given(st.lists(st.floats(-100, 100).map(lambda v: round(v, 6)), min_size=2, unique=True))
def test_scores_are_strictly_increasing(raw):
    scores = replace(CALIBRATION, slope=0.25, offset=-0.75).score(np.sort(raw))
    assert (np.diff(scores) > 0).all()


@pytest.mark.parametrize(
    "change",
    [
        {"slope": 0.0},
        {"slope": -1.0},
        {"slope": NAN},
        {"slope": INF},
        {"offset": NAN},
        {"offset": -INF},
    ],
    ids=str,
)
def test_a_calibration_that_keeps_no_order_is_refused(change):
    with pytest.raises(ValueError, match="slope"):
        replace(CALIBRATION, **change)


# Fitting log-odds


def reference(genuine, forged):
    """Slope and offset by scikit-learn: Platt's targets as weights of two labels a score."""
    n, m = len(genuine), len(forged)
    high, low = 1 - 1 / (n + 2), 1 / (m + 2)
    scores = np.concatenate([genuine, genuine, forged, forged])[:, None]
    labels = np.repeat([1, 0, 1, 0], [n, n, m, m])
    weights = np.repeat([high / n, (1 - high) / n, low / m, (1 - low) / m], [n, n, m, m])
    fit = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000)
    fit.fit(scores, labels, sample_weight=1000 * weights)
    return fit.coef_[0, 0], fit.intercept_[0]


@pytest.mark.parametrize(("n", "m"), [(50, 50), (200, 30), (12, 300)])
def test_the_line_agrees_with_logistic_regression(n, m):
    rng = np.random.default_rng(n)
    genuine, forged = rng.normal(1, 1.5, n), rng.normal(-1, 2, m)
    assert logistic_line(genuine, forged) == pytest.approx(reference(genuine, forged), rel=1e-2)


def test_the_line_is_the_best_on_a_grid():
    rng = np.random.default_rng(0)
    genuine, forged = rng.normal(1, 1, 20), rng.normal(-1, 1, 40)

    def cost(slope, offset):
        def entropy(scores, wanted):
            p = 1 / (1 + np.exp(-(slope * scores + offset)))
            return -(wanted * np.log(p) + (1 - wanted) * np.log(1 - p)).mean()

        return entropy(genuine, 1 - 1 / 22) + entropy(forged, 1 / 42)

    best = cost(*logistic_line(genuine, forged))
    grid = [cost(a, b) for a in np.linspace(0.2, 4, 39) for b in np.linspace(-2, 2, 41)]
    assert best <= min(grid) + 1e-6
    assert best == pytest.approx(min(grid), abs=1e-3)


def test_the_line_does_not_lean_towards_the_kind_with_more_trials():
    rng = np.random.default_rng(3)
    genuine, forged = rng.normal(2, 1, 4000), rng.normal(-2, 1, 400)
    slope, offset = logistic_line(genuine, forged)
    assert offset / slope == pytest.approx(0, abs=0.15)
    assert slope == pytest.approx(4, rel=0.15)


def test_kinds_that_do_not_overlap_keep_a_finite_slope():
    slope, offset = logistic_line(np.array([900.0, 1000.0]), np.array([-1000.0, -900.0]))
    assert 0 < slope < 1
    assert abs(offset) < 1


def test_the_slope_stays_above_nothing_where_forgeries_look_more_genuine():
    slope, offset = logistic_line(np.array([-2.0, -1.0]), np.array([1.0, 2.0]))
    assert 0 < slope < 1e-3
    assert offset == pytest.approx(0, abs=0.01)


def test_raw_numbers_that_are_all_equal_say_even_odds():
    slope, offset = logistic_line(np.full(5, 3.0), np.full(5, 3.0))
    assert slope > 0
    assert slope * 3 + offset == pytest.approx(0, abs=1e-4)


def test_the_line_moves_and_stretches_with_the_raw_numbers():
    near = logistic_line(np.array([2.5, 4, 5, 6]), np.array([0.0, 1, 2, 3]))
    far = logistic_line(np.array([702.5, 704, 705, 706]), np.array([700.0, 701, 702, 703]))
    wide = logistic_line(np.array([25.0, 40, 50, 60]), np.array([0.0, 10, 20, 30]))
    assert (far[0], far[1] + 700 * far[0]) == pytest.approx(near, rel=1e-4)
    assert (10 * wide[0], wide[1]) == pytest.approx(near, rel=1e-4)


finite = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)


@given(finite, finite)
def test_any_raw_numbers_give_a_calibration_that_can_be_stored(genuine, forged):
    # `Calibration` and `FalseAcceptance` refuse numbers that cannot decide.
    calibration = fitted(genuine, forged, strangers=forged)
    assert calibration.slope > 0
    assert min(genuine + forged) <= calibration.threshold() <= max(genuine + forged)
    thresholds = [
        calibration.skilled.threshold(far)
        for far in (0.9999, 0.5, 0.2, 0.1)
        if far * len(forged) >= 1
    ]
    assert thresholds == sorted(thresholds)


# False acceptance


def test_the_line_is_straight_in_normal_deviates():
    for far in (0.9, 0.5, 0.05, 0.001):
        wanted = 1 + 2 * (norm.isf(far) - norm.isf(0.2))
        assert LINE.threshold(far) == pytest.approx(wanted)
    assert LINE.threshold(0.2) == LINE.threshold(1 - 0.8) == 1


@pytest.mark.parametrize("far", [0.2, 0.1, 0.05, 0.01, 0.001])
def test_of_normal_forgeries_every_share_is_met(far):
    rng = np.random.default_rng(0)
    line = FalseAcceptance.fit(rng.normal(4, 1, 10), rng.normal(-2, 3, 100_000))
    assert norm.sf(line.threshold(far), -2, 3) == pytest.approx(far, rel=0.1)


def test_small_shares_are_met_better_than_by_counting():
    def errors(threshold):
        return [
            np.log(norm.sf(threshold(np.random.default_rng(seed).normal(size=400))) / 0.0025)
            for seed in range(100)
        ]

    by_line = errors(lambda forged: FalseAcceptance.fit(forged[:1], forged).threshold(0.0025))
    counted = errors(lambda forged: np.quantile(forged, 0.9975))
    assert np.std(by_line) < 0.8 * np.std(counted)
    assert np.mean(by_line) == pytest.approx(0, abs=0.2)


def test_forgeries_less_scattered_above_than_below_pass_less_often_than_asked():
    rng = np.random.default_rng(0)
    forged = -(rng.normal(size=20_000) ** 2)
    line = FalseAcceptance.fit(np.array([1.0]), forged)
    for far in (0.6, 0.5, 0.01, 0.001):
        assert np.mean(forged >= line.threshold(far)) <= far


def test_forgeries_that_tie_above_the_operating_point_have_no_spread():
    line = FalseAcceptance.fit(np.array([5.0]), np.repeat([0.0, 3.0], [9, 1]))
    assert (line.usual, line.spread) == (3, 0)
    assert line.threshold(0.1) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"usual": NAN},
        {"usual": INF},
        {"spread": -1.0},
        {"spread": NAN},
        {"spread": INF},
        {"forgeries": 0},
    ],
    ids=str,
)
def test_a_line_that_tells_no_threshold_is_refused(change):
    with pytest.raises(ValueError, match=r"spread|forgeries"):
        replace(LINE, **change)


def test_the_least_threshold_is_an_observed_number_or_just_above_all():
    genuine, forged = np.array([2.5, 5.0, 9.0]), np.array([0.0, 1.0, 2.0, 3.0])
    found = [least_threshold(genuine, forged, far) for far in (1, 0.75, 0.5, 0.25, 0.24)]
    assert found == [0, 1, 2, 2.5, 5]
    assert least_threshold(np.array([0.0]), np.array([1.0, 2.0]), 0.1) == np.nextafter(2.0, 3.0)


def test_a_share_that_is_no_exact_number_is_met_all_the_same():
    # 0.29 x 100 is a little less than 29 in floating point.
    forged = np.arange(100.0)
    assert least_threshold(forged, forged, 0.29) == 71
    assert least_threshold(forged, forged, 1 - 0.8) == 80


# Thresholds. Of CALIBRATION: 80 % of 20 skilled forgeries below 0, of 100 random ones below -20.


def test_by_default_the_papers_operating_point():
    assert CALIBRATION.threshold() == CALIBRATION.threshold(fr=0.8) == 0


def test_each_rate_is_that_of_its_kind_of_forgery():
    assert CALIBRATION.threshold(far=0.05) == CALIBRATION.skilled.threshold(0.05) > 0
    assert CALIBRATION.threshold(fr=0.95) == pytest.approx(CALIBRATION.threshold(far=0.05))
    assert CALIBRATION.threshold(far_random=0.01) == CALIBRATION.random.threshold(0.01) < 0


def test_of_several_rates_the_strictest_is_kept():
    assert CALIBRATION.threshold(0.2, 0.01) == CALIBRATION.threshold(far=0.2) == 0
    assert CALIBRATION.threshold(0.9, 0.01) == CALIBRATION.threshold(far_random=0.01)
    assert CALIBRATION.threshold(far=0.5, fr=0.9) == CALIBRATION.threshold(fr=0.9)


def test_a_rate_that_the_forgeries_do_not_measure_is_refused():
    with pytest.raises(ThresholdError, match=r"20 forgeries and cannot .* rate below 0\.05"):
        CALIBRATION.threshold(far=0.049)
    with pytest.raises(ThresholdError, match="20 forgeries"):
        CALIBRATION.threshold(fr=0.96)
    with pytest.raises(ThresholdError, match=r"100 forgeries .* below 0\.01"):
        CALIBRATION.threshold(far=0.2, far_random=0.009)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, NAN])
def test_a_share_lies_between_0_and_1(share):
    for name in ("far", "far_random"):
        with pytest.raises(ThresholdError, match="acceptance rate lies between 0 and 1"):
            CALIBRATION.threshold(**{name: share})
    with pytest.raises(ThresholdError, match="detection rate lies between 0 and 1"):
        CALIBRATION.threshold(fr=share)


def test_the_threshold_of_80_per_cent_is_the_smallest_number_that_detects_so_many():
    # Of ten forgeries eight lie below 8; the genuine 8.5 is higher than needed.
    assert fitted([3.5, 8.5, 20.0], range(10)).threshold() == 8


def test_the_threshold_of_80_per_cent_may_be_a_genuine_number():
    assert fitted([7.5, 20.0], [0, 1, 2, 3, 4, 5, 6, 7, 9, 10]).threshold() == 7.5


def test_the_threshold_of_80_per_cent_may_lie_above_all_forgeries():
    # Three of four forgeries are fewer than 80 %; the genuine 5 lies above all of them.
    assert fitted([2.5, 5.0, 9.0], [0.0, 1.0, 2.0, 3.0]).threshold() == 5


def test_where_no_number_detects_enough_the_highest_detects_most():
    assert fitted([0.0], [1.0, 2.0, 3.0]).threshold() == 3
    assert fitted([0.0, 5.0], [1.0, 2.0, 5.0, 5.0]).threshold() == 5


def test_thresholds_do_not_move_with_the_place_of_the_raw_numbers():
    near = fitted([2.5, 4.0, 5.0, 6.0], [0.0, 1.0, 2.0, 3.0])
    far = fitted([702.5, 704.0, 705.0, 706.0], [700.0, 701.0, 702.0, 703.0])
    assert far.threshold() - 700 == near.threshold()


def test_the_score_on_a_threshold_is_the_least_that_is_accepted():
    at, below = CALIBRATION.score(np.array([CALIBRATION.threshold(far=0.2), -0.01]))
    assert at == 0.5
    assert below < at


# Calibrations by the number of references


def with_references(*numbers):
    return Calibrations(
        tuple(replace(CALIBRATION, references=n, slope=1.0 + n, offset=-1.0) for n in numbers)
    )


@pytest.mark.parametrize(
    ("references", "used"), [(1, 2), (2, 2), (3, 3), (4, 3), (5, 5), (6, 5), (255, 5)]
)
def test_the_nearest_number_at_or_below_is_used_else_the_least(references, used):
    assert with_references(2, 3, 5).of(references).references == used


def test_one_calibration_serves_any_number():
    assert {with_references(6).of(n).references for n in range(1, 20)} == {6}


def test_log_odds_of_many_are_those_of_each():
    calibrations, raw = with_references(2, 3, 5), np.array([1.0, 2.0, -3.0, 4.0])
    references = [6, 1, 3, 4]
    wanted = [calibrations.of(n).log_odds(value) for n, value in zip(references, raw, strict=True)]
    assert calibrations.log_odds(raw, references).tolist() == wanted


@pytest.mark.parametrize("numbers", [(), (3, 2), (2, 2)], ids=str)
def test_calibrations_out_of_order_are_refused(numbers):
    with pytest.raises(ValueError, match="ascending"):
        with_references(*numbers)


def test_a_calibration_of_no_reference_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        with_references(0)


def test_random_forgeries_take_no_part_in_the_log_odds():
    genuine, forged = [2.0, 3.0, 4.0], [0.0, 1.0, 2.5]
    near, far = (fitted(genuine, forged, strangers=[raw, 0.5]) for raw in (3.5, -50.0))
    assert (near.slope, near.offset) == (far.slope, far.offset)
    assert near.random != far.random

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from sigtdnn.errors import ThresholdError
from sigtdnn.matching.calibration import Calibration, OperatingCurve, logistic, logistic_line
from tests.artificial import CALIBRATION

NAN, INF = float("nan"), float("inf")
CURVE = OperatingCurve((-1.0, 0.0, 2.0), (0.5, 0.2, 0.0), (0.0, 0.1, 0.1), 10, 20)


def fitted(genuine, forged):
    return Calibration.fit(np.array(genuine, float), np.array(forged, float))


# Log-odds and scores


@given(st.floats(-700, 700))
def test_logistic_is_its_formula(value):
    assert logistic(np.array([value]))[0] == pytest.approx(1 / (1 + math.exp(-value)), rel=1e-12)


def test_logistic_stays_finite_at_both_ends():
    found = logistic(np.array([-np.inf, -1e300, 0.0, 1e300, np.inf]))
    assert found.tolist() == [0, 0, 0.5, 1, 1]


def test_log_odds_and_score_by_hand():
    # Even odds at 3.
    calibration = Calibration(0.25, -0.75, CURVE)
    raw = np.array([3.0, 7.0])
    assert calibration.log_odds(raw).tolist() == [0, 1]
    np.testing.assert_allclose(calibration.score(raw), [0.5, 1 / (1 + math.exp(-1))])


@given(st.lists(st.floats(-100, 100).map(lambda v: round(v, 6)), min_size=2, unique=True))
def test_scores_are_strictly_increasing(raw):
    scores = Calibration(0.25, -0.75, CURVE).score(np.sort(raw))
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
    # `Calibration` and `OperatingCurve` refuse numbers that cannot decide.
    calibration = fitted(genuine, forged)
    assert calibration.slope > 0
    assert min(genuine + forged) <= calibration.threshold() <= max(genuine + forged)


# The curve


def test_the_curve_keeps_the_least_threshold_of_every_percentage():
    genuine, forged = np.array([2.5, 5.0, 9.0]), np.array([0.0, 1.0, 2.0, 3.0])
    assert OperatingCurve.fit(genuine, forged) == OperatingCurve(
        raw=(0.0, 1.0, 2.0, 2.5, 5.0),
        far=(1.0, 0.75, 0.5, 0.25, 0.0),
        frr=(0.0, 0.0, 0.0, 0.0, 1 / 3),
        forgeries=4,
        genuines=3,
    )


def test_where_a_forgery_scores_highest_the_last_threshold_lies_just_above():
    curve = OperatingCurve.fit(np.array([0.0]), np.array([1.0, 2.0]))
    assert curve.raw[-1] == np.nextafter(2.0, 3.0)
    assert (curve.far[-1], curve.frr[-1]) == (0, 1)


def test_a_curve_of_many_forgeries_is_thinned_to_percentages():
    rng = np.random.default_rng(0)
    forged = rng.normal(size=5000)
    curve = OperatingCurve.fit(rng.normal(2, 1, 3000), forged)
    assert len(curve.raw) == 101
    for share in (0.29, 0.07, 0.5):
        at = next(t for t, f in zip(curve.raw, curve.far, strict=True) if f <= share)
        assert curve.least(share) == at
        assert np.mean(forged >= at) == pytest.approx(share, abs=1e-3)


@pytest.mark.parametrize(
    "change",
    [
        {"raw": ()},
        {"raw": (-1.0, 0.0)},
        {"raw": (0.0, 0.0, 2.0)},
        {"raw": (2.0, 0.0, -1.0)},
        {"raw": (-1.0, 0.0, INF)},
        {"raw": (-1.0, NAN, 2.0)},
        {"far": (0.5, 0.6, 0.0)},
        {"far": (1.5, 0.2, 0.0)},
        {"far": (0.5, NAN, 0.0)},
        {"frr": (0.1, 0.0, 0.1)},
        {"frr": (0.0, 0.1, 1.1)},
        {"forgeries": 0},
        {"genuines": 0},
    ],
    ids=str,
)
def test_a_curve_that_tells_no_threshold_is_refused(change):
    with pytest.raises(ValueError, match="curve"):
        replace(CURVE, **change)


# Thresholds. The curve of CALIBRATION: FAR 1, 0.5, 0.2, 0.05 at -40, -10, 0, 30; 20 forgeries.


@pytest.mark.parametrize(
    ("far", "wanted"), [(0.9, -10), (0.5, -10), (0.3, 0), (0.2, 0), (0.19, 30), (0.05, 30)]
)
def test_the_least_threshold_that_accepts_at_most_so_many_forgeries(far, wanted):
    assert CALIBRATION.threshold(far=far) == wanted


@pytest.mark.parametrize(("fr", "wanted"), [(0.1, -10), (0.5, -10), (0.8, 0), (0.95, 30)])
def test_the_least_threshold_that_detects_so_many_forgeries(fr, wanted):
    assert CALIBRATION.threshold(fr=fr) == wanted


def test_by_default_the_papers_operating_point():
    assert CALIBRATION.threshold() == CALIBRATION.threshold(fr=0.8) == 0


def test_a_rate_that_the_forgeries_do_not_measure_is_refused():
    with pytest.raises(ThresholdError, match=r"20 forgeries and cannot .* rate below 0\.05"):
        CALIBRATION.threshold(far=0.049)
    with pytest.raises(ThresholdError, match="20 forgeries"):
        CALIBRATION.threshold(fr=0.96)


def test_a_rate_that_the_curve_does_not_reach_is_refused():
    short = replace(CALIBRATION, curve=OperatingCurve((0.0,), (0.5,), (0.1,), 100, 10))
    with pytest.raises(ThresholdError, match="100 forgeries"):
        short.threshold(far=0.3)
    assert short.threshold() == 0


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, NAN])
def test_a_share_lies_between_0_and_1(share):
    with pytest.raises(ThresholdError, match="acceptance rate lies between 0 and 1"):
        CALIBRATION.threshold(far=share)
    with pytest.raises(ThresholdError, match="detection rate lies between 0 and 1"):
        CALIBRATION.threshold(fr=share)


def test_two_rates_are_refused():
    with pytest.raises(ThresholdError, match="not both"):
        CALIBRATION.threshold(far=0.1, fr=0.9)


def test_the_threshold_of_80_per_cent_is_the_smallest_number_that_detects_so_many():
    # Of ten forgeries eight lie below 8; the genuine 8.5 is higher than needed.
    assert fitted([3.5, 8.5, 20.0], range(10)).threshold() == 8


def test_the_threshold_of_80_per_cent_may_be_a_genuine_number():
    assert fitted([7.5, 20.0], [0, 1, 2, 3, 4, 5, 6, 7, 9, 10]).threshold() == 7.5


def test_the_threshold_of_80_per_cent_may_be_the_last_of_the_curve():
    # Three of four forgeries are fewer than 80 %; the genuine 5 lies above all of them.
    assert fitted([2.5, 5.0, 9.0], [0.0, 1.0, 2.0, 3.0]).threshold() == 5


def test_where_no_number_detects_enough_the_highest_detects_most():
    assert fitted([0.0], [1.0, 2.0, 3.0]).threshold() == 3
    assert fitted([0.0, 5.0], [1.0, 2.0, 5.0, 5.0]).threshold() == 5


def test_a_curve_that_rejects_everything_has_no_other_threshold():
    nothing = replace(CALIBRATION, curve=OperatingCurve((3.0,), (0.0,), (1.0,), 20, 10))
    assert nothing.threshold() == 3


def test_thresholds_do_not_move_with_the_place_of_the_raw_numbers():
    near = fitted([2.5, 4.0, 5.0, 6.0], [0.0, 1.0, 2.0, 3.0])
    far = fitted([702.5, 704.0, 705.0, 706.0], [700.0, 701.0, 702.0, 703.0])
    assert far.threshold() - 700 == near.threshold()


def test_the_score_on_a_threshold_is_the_least_that_is_accepted():
    at, below = CALIBRATION.score(np.array([CALIBRATION.threshold(far=0.2), -0.01]))
    assert at == 0.5
    assert below < at

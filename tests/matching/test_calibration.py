import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigtdnn.matching.calibration import calibrated_score, logistic, paper_score

WIDE = np.concatenate([-np.logspace(8, -8, 200), [0.0], np.logspace(-8, 8, 200)])


@given(st.floats(-700, 700))
def test_logistic_is_its_formula(value):
    assert logistic(np.array([value]))[0] == pytest.approx(1 / (1 + math.exp(-value)), rel=1e-12)


def test_logistic_stays_finite_at_both_ends():
    found = logistic(np.array([-np.inf, -1e300, 0.0, 1e300, np.inf]))
    assert found.tolist() == [0, 0, 0.5, 1, 1]


def test_paper_score_is_p_yes_over_the_sum_of_p_yes_and_p_no():
    p_yes, p_no = np.array([0.2, 0.5, 0.001]), 0.1
    found = paper_score(np.log(p_yes) - np.log(p_no))
    np.testing.assert_allclose(found, p_yes / (p_yes + p_no))


def test_paper_score_keeps_the_order_and_saturates_into_ties():
    scores = paper_score(WIDE)
    assert (np.diff(scores) >= 0).all()
    assert scores[0] == 0
    assert paper_score(np.array([50.0, 5000.0])).tolist() == [1, 1]


def test_paper_score_still_tells_poor_forgeries_apart():
    low = paper_score(np.array([-700.0, -699.0, -60.0, -59.0]))
    assert (np.diff(low) > 0).all()


def test_calibrated_score_by_hand(model):
    # Slope 0.25 and offset -0.75: even odds at 3.
    found = calibrated_score(np.array([3.0, 7.0]), model.decision)
    np.testing.assert_allclose(found, [0.5, 1 / (1 + math.exp(-1))])


# The fixture is the same for every example: it is never changed.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(-100, 100).map(lambda v: round(v, 6)), min_size=2, unique=True))
def test_calibrated_score_is_strictly_increasing(model, log_odds):
    scores = calibrated_score(np.sort(log_odds), model.decision)
    assert (np.diff(scores) > 0).all()

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import cumulative_trapezoid
from scipy.special import erf

from sigtdnn.synthesis.lognormal import Strokes, strokes_between, trajectory


def strokes(*rows):
    return Strokes(*np.array(rows, dtype=np.float64).T)


def velocity(strokes, t):
    """Velocity (x, y) at the times t, by the formulas as published."""
    since = t - strokes.onset[:, None]
    mu, sigma = strokes.mu[:, None], strokes.sigma[:, None]
    begun = since > 0
    since = np.where(begun, since, 1.0)
    u = (np.log(since) - mu) / (sigma * np.sqrt(2))
    speed = strokes.length[:, None] / (sigma * np.sqrt(2 * np.pi) * since) * np.exp(-(u**2))
    speed = np.where(begun, speed, 0.0)
    turned = (strokes.end - strokes.start)[:, None] / 2 * (1 + erf(u))
    direction = strokes.start[:, None] + turned
    return (speed * np.cos(direction)).sum(axis=0), (speed * np.sin(direction)).sum(axis=0)


LONE = (30.0, 0.1, -1.6, 0.25, 0.3, 1.4)


def test_a_lone_stroke_has_the_published_speed():
    vx, vy = velocity(strokes(LONE), np.array([0.3]))
    since = 0.2
    expected = (
        30.0
        / (0.25 * np.sqrt(2 * np.pi) * since)
        * np.exp(-((np.log(since) + 1.6) ** 2) / (2 * 0.25**2))
    )
    assert np.hypot(vx, vy) == pytest.approx(expected, rel=1e-12)


def test_nothing_moves_before_the_onset():
    vx, vy = velocity(strokes(LONE), np.array([-1.0, 0.1]))
    assert (vx == 0).all()
    assert (vy == 0).all()


def test_half_way_the_direction_is_the_mean_of_both_angles():
    middle = 0.1 + np.exp(-1.6)
    vx, vy = velocity(strokes(LONE), np.array([middle]))
    assert np.arctan2(vy, vx) == pytest.approx((0.3 + 1.4) / 2, rel=1e-12)


def test_the_trajectory_is_the_integral_of_the_velocity():
    both = strokes(LONE, (12.0, 0.22, -1.9, 0.4, 2.0, -1.0), (8.0, 0.5, -1.4, 0.15, -3.0, -3.0))
    t = np.linspace(0.0, 3.0, 60_001)
    x, y = trajectory(both, t)
    vx, vy = velocity(both, t)
    np.testing.assert_allclose(x, cumulative_trapezoid(vx, t, initial=0), atol=3e-4)
    np.testing.assert_allclose(y, cumulative_trapezoid(vy, t, initial=0), atol=3e-4)


def test_a_stroke_travels_its_length():
    t = np.linspace(0.0, 3.0, 20_001)
    x, y = trajectory(strokes(LONE), t)
    assert np.hypot(np.diff(x), np.diff(y)).sum() == pytest.approx(30.0, rel=1e-4)


def test_a_straight_stroke_has_no_bend():
    x, y = trajectory(strokes((10.0, 0.0, -1.6, 0.2, 0.5, 0.5)), np.array([5.0]))
    assert (x[0], y[0]) == pytest.approx((10 * np.cos(0.5), 10 * np.sin(0.5)))


def test_samples_may_begin_within_a_stroke_and_end_before_it():
    t = np.linspace(0.0, 3.0, 301)
    x, y = trajectory(strokes(LONE), t)
    late_x, late_y = trajectory(strokes(LONE), t[30:40])
    np.testing.assert_array_equal(late_x, x[30:40])
    np.testing.assert_array_equal(late_y, y[30:40])


places = st.tuples(st.floats(-50, 50), st.floats(-50, 50))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(places, st.floats(-5, 5)), min_size=1, max_size=4))
def test_strokes_between_targets_arrive(steps):
    targets = np.array([(0.0, 0.0)] + [place for place, _ in steps])
    bend = np.array([turn for _, turn in steps])
    n = len(bend)
    planned = strokes_between(targets, bend, 0.2 * np.arange(n), np.full(n, -1.6), np.full(n, 0.3))
    x, y = trajectory(planned, np.array([20.0]))
    np.testing.assert_allclose((x[0], y[0]), targets[-1], atol=1e-9)


def test_progress_times_are_those_of_the_normal_distribution():
    assert strokes(LONE).at_progress(0.0)[0] == pytest.approx(0.1 + np.exp(-1.6))
    assert strokes(LONE).at_progress(1.0)[0] == pytest.approx(0.1 + np.exp(-1.6 + 0.25))

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.matching.elastic.grid import (
    MAX_PAUSE,
    STEP,
    lifted,
    on_grid,
    shortened,
    standardised,
    without_spikes,
)
from sigtdnn.signature import Signature


def test_samples_lie_every_10_ms_from_the_first_to_the_last() -> None:
    signature = Signature.from_samples([0, 0.013, 0.05], [0, 13, 50], [0, -13, -50], [1, 1, 1])
    samples = on_grid(signature)
    np.testing.assert_allclose(samples.x, [0, 10, 20, 30, 40, 50])
    np.testing.assert_allclose(samples.y, [0, -10, -20, -30, -40, -50])
    assert np.isnan(samples.pressure).all()


def test_the_shortest_signature_has_two_samples() -> None:
    samples = on_grid(Signature.from_samples([0, 1e-5, 2e-5], [0, 1, 2], [0, 1, 0], [1, 1, 1]))
    assert len(samples.x) == 2


def test_lift_seen_as_a_gap_is_a_straight_line_without_pressure() -> None:
    signature = Signature.from_samples(
        [0.0, 0.01, 0.05, 0.06], [0, 1, 5, 5], [0, 0, 8, 9], [1, 0, 1, 1], [0.5, 0.5, 0.5, 0.5]
    )
    grid = np.arange(7) * STEP
    assert lifted(signature.t, signature.pen, grid).tolist() == [0, 0, 1, 1, 1, 0, 0]
    assert on_grid(signature).pressure.tolist() == [0.5, 0.5, 0, 0, 0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("t", "pen", "wanted"),
    [
        # A lift as a gap, one with its samples, and a pen at rest.
        ([0, 0.1, 2.0, 2.1], [1, 0, 1, 1], [0, 0.1, 0.7, 0.8]),
        ([0, 0.1, 1.1, 2.1, 2.2], [1, 0, 0, 1, 1], [0, 0.1, 0.4, 0.7, 0.8]),
        ([0, 0.1, 2.0, 2.1], [1, 1, 1, 1], [0, 0.1, 0.7, 0.8]),
        ([0, 0.1, 0.6, 0.7], [1, 0, 1, 1], [0, 0.1, 0.6, 0.7]),
    ],
)
def test_a_pause_counts_no_longer_than_06_s(t, pen, wanted) -> None:
    signature = Signature.from_samples(t, np.arange(len(t)), np.arange(len(t)) ** 2, pen)
    np.testing.assert_allclose(shortened(signature), wanted)


@given(st.integers(0, 10_000), st.integers(3, 60))
def test_times_are_shortened_in_order_and_never_lengthened(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.exponential(0.2, count))
    x, y = rng.normal(size=(2, count))
    signature = Signature.from_samples(t, x, y, rng.random(count) < 0.7)
    found = shortened(signature)
    assert found[0] == 0
    steps = np.diff(found)
    assert (steps > 0).all()
    assert (steps <= np.minimum(np.diff(signature.t), MAX_PAUSE) + 1e-12).all()


def test_a_sample_far_off_is_put_between_its_neighbours() -> None:
    x, y, stroke = np.arange(20.0), np.zeros(20), np.zeros(20, int)
    spoilt_x, spoilt_y = x.copy(), y.copy()
    spoilt_x[7], spoilt_y[7] = 500, -300
    found_x, found_y = without_spikes(spoilt_x, spoilt_y, stroke)
    np.testing.assert_allclose(found_x, x)
    np.testing.assert_allclose(found_y, y)


def test_two_samples_in_a_row_that_are_off_are_put_on_the_line_between_their_neighbours() -> None:
    x = np.arange(9.0)
    spoilt = x.copy()
    spoilt[[4, 5]] = -30
    found, _ = without_spikes(spoilt, np.zeros(9), np.zeros(9, int))
    np.testing.assert_allclose(found, x)


@pytest.mark.parametrize(("end", "mended"), [(0, 1), (4, 3), (5, 6), (9, 8)])
def test_an_end_of_a_stroke_that_is_off_is_put_on_its_neighbour(end: int, mended: int) -> None:
    x = np.arange(10.0)
    spoilt = x.copy()
    spoilt[end] = -30
    found, _ = without_spikes(spoilt, np.zeros(10), np.repeat([0, 1], 5))
    x[end] = x[mended]
    assert found.tolist() == x.tolist()


def test_the_end_of_a_stroke_of_few_steps_is_no_spike() -> None:
    x = np.array([0.0, 30, 31, 32])
    found, _ = without_spikes(x, np.zeros(4), np.zeros(4, int))
    assert found.tolist() == x.tolist()


def test_a_dot_between_two_lifts_is_no_spike() -> None:
    x = np.array([0.0, 1, 2, 30, 4, 5, 6])
    found, _ = without_spikes(x, np.zeros(7), np.array([0, 0, 0, 1, 2, 2, 2]))
    assert found.tolist() == x.tolist()


def test_a_corner_is_no_spike() -> None:
    x = np.concatenate([np.arange(10.0), np.arange(10.0, 0, -1)])
    found, _ = without_spikes(x, np.zeros(20), np.zeros(20, int))
    assert found.tolist() == x.tolist()


def test_functions_are_standardised_but_for_constant_and_unknown_ones() -> None:
    rng = np.random.default_rng(0)
    values = np.column_stack([3 + 5 * rng.normal(size=50), np.full(50, 0.1), np.full(50, np.nan)])
    found = standardised(values)
    np.testing.assert_allclose([found[:, 0].mean(), found[:, 0].std()], [0, 1], atol=1e-12)
    assert not found[:, 1].any()
    assert np.isnan(found[:, 2]).all()

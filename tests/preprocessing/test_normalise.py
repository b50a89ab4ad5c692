import numpy as np
import pytest

from sigtdnn.errors import PreprocessingError
from sigtdnn.preprocessing.normalise import normalise, remove_trend

T = np.array([0.0, 0.1, 0.3, 0.4, 0.8, 1.0])
X = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0])
Y = np.array([2.0, 6.0, 5.0, 3.0, 5.0, 8.0])


def test_trend_is_the_least_squares_line_in_time_not_in_sample_number():
    slope, height = np.polyfit(T, X, 1)
    np.testing.assert_allclose(remove_trend(T, X), X - (slope * T + height), atol=1e-12)


def test_a_straight_line_in_time_leaves_nothing():
    np.testing.assert_allclose(remove_trend(T, 7 - 3 * T), 0, atol=1e-12)


def test_both_axes_are_measured_by_the_deviation_of_y():
    curve = normalise(T, X + 1j * Y)
    height = remove_trend(T, Y).std()
    assert curve.imag.std() == pytest.approx(1)
    np.testing.assert_allclose(curve.real, remove_trend(T, X) / height)
    assert curve.real.mean() == pytest.approx(0, abs=1e-12)


def test_many_signatures_on_the_same_times_are_normalised_each_by_itself():
    curves = np.stack([X + 1j * Y, 5 * Y + 100j * X])
    for found, curve in zip(normalise(T, curves), curves, strict=True):
        np.testing.assert_allclose(found, normalise(T, curve))


@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param(np.full(6, 2.0), np.full(6, 3.0), id="dot"),
        pytest.param(X, np.full(6, 3.0), id="horizontal line"),
        pytest.param(1e4 - 30 * T, 2e5 + 17 * T, id="straight line at constant speed"),
        pytest.param(X * 1e8, np.full(6, 0.1), id="horizontal line of a fine device"),
    ],
)
def test_y_without_deviation_is_refused(x, y):
    with pytest.raises(PreprocessingError, match="y does not vary"):
        normalise(T, x + 1j * y)


def test_one_flat_signature_among_many_is_refused():
    with pytest.raises(PreprocessingError, match="y does not vary"):
        normalise(T, np.stack([X + 1j * Y, X + 1j * np.ones(6)]))

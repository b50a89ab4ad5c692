import numpy as np
import pytest

from sigtdnn.preprocessing.resample import resample


@pytest.mark.parametrize("rate", [50, 75, 100, 120, 133, 200, 1000 / 7])
def test_an_evenly_sampled_signature_of_200_points_stays_as_it_is(rate):
    rng = np.random.default_rng(7)
    t = np.arange(200) / rate
    x, y = rng.normal(size=(2, 200))
    pen = rng.random(200) < 0.5
    pen[-1] = pen[-2]
    curve, new_pen = resample(t, x + 1j * y, pen, 200)
    np.testing.assert_allclose(curve, x + 1j * y, atol=1e-9)
    np.testing.assert_array_equal(new_pen, pen)


def test_points_are_equally_spaced_in_time_however_the_device_sampled():
    t = np.array([0.0, 0.1, 0.2, 1.0])
    curve, _ = resample(t, t + 3j * t, np.ones(4, bool), 11)
    np.testing.assert_allclose(curve.real, np.linspace(0, 1, 11))
    np.testing.assert_allclose(curve.imag, np.linspace(0, 3, 11))


def test_points_between_samples_lie_on_the_straight_line_between_them():
    t = np.array([0.0, 1.0, 4.0])
    curve, _ = resample(t, np.array([0, 2 + 5j, 8 - 1j]), t > 0, 9)
    np.testing.assert_allclose(curve.real, [0, 1, 2, 3, 4, 5, 6, 7, 8])
    np.testing.assert_allclose(curve.imag, [0, 2.5, 5, 4, 3, 2, 1, 0, -1])


def test_a_frame_takes_the_flag_of_the_interval_it_falls_in_and_the_last_the_one_before():
    t = np.array([0.0, 1.0, 2.0, 4.0])
    pen = np.array([True, False, True, False])
    _, frames = resample(t, t * 1j, pen, 9)
    assert frames.tolist() == [True, True, False, False, True, True, True, True, True]


def test_a_lift_shorter_than_a_frame_leaves_no_frame_up():
    t = np.array([0.0, 4.9, 5.1, 10.0])
    pen = np.array([True, False, True, True])
    _, frames = resample(t, t * 1j, pen, 4)
    assert frames.all()

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import PreprocessingError, SignatureError
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings, preprocess, preprocess_batch
from sigtdnn.preprocessing.pipeline import without_air
from sigtdnn.signature import Signature

DATA = Path(__file__).parent / "data"
NO_AIR = PreprocessingSettings(air="removed")


def curve(seed=0, points=150):
    """t, x, y, pen of a random walk of the pen at uneven times."""
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.uniform(0.005, 0.02, points))
    x, y = np.cumsum(rng.normal(size=(2, points)), axis=1)
    return t, x, y, rng.random(points) < 0.8


def signature(t, x, y, pen=None):
    return Signature.from_samples(t, x, y, np.ones(len(t), bool) if pen is None else pen)


def row(features, name):
    return features[FEATURES.index(name)]


curves = st.builds(curve, seed=st.integers(0, 2**32 - 1), points=st.integers(20, 400))
moderate = st.floats(-1e4, 1e4)


def assert_alike(found, wanted):
    np.testing.assert_allclose(found, wanted, atol=2e-5)


@given(curves, moderate, moderate)
def test_moving_a_signature_changes_nothing(samples, dx, dy):
    t, x, y, pen = samples
    assert_alike(preprocess(signature(t, x + dx, y + dy, pen)), preprocess(signature(*samples)))


@given(curves, moderate, moderate)
def test_adding_any_line_in_time_changes_nothing(samples, in_x, in_y):
    t, x, y, pen = samples
    sloped = signature(t, x + in_x * t, y + in_y * t, pen)
    assert_alike(preprocess(sloped), preprocess(signature(*samples)))


@given(curves, st.floats(1e-3, 1e3))
def test_scaling_a_signature_changes_nothing(samples, factor):
    t, x, y, pen = samples
    assert_alike(
        preprocess(signature(t, factor * x, factor * y, pen)), preprocess(signature(*samples))
    )


@given(curves, st.floats(0.1, 10))
def test_the_absolute_duration_is_lost(samples, factor):
    t, x, y, pen = samples
    assert_alike(preprocess(signature(factor * t, x, y, pen)), preprocess(signature(*samples)))


SECONDS = PreprocessingSettings(clock="seconds")


def test_counted_in_seconds_speed_and_acceleration_keep_the_duration():
    t, x, y, pen = curve()
    quick, slow = (preprocess(signature(k * t, x, y, pen), SECONDS) for k in (1, 2))
    powers = {"spd": 1, "acc-c": 2, "acc-t": 2}
    for name in FEATURES:
        wanted = row(quick, name) / 2.0 ** powers.get(name, 0)
        np.testing.assert_allclose(row(slow, name), wanted, rtol=1e-4, atol=1e-6, err_msg=name)


def test_speed_in_seconds_is_that_of_the_pen():
    # Three turns in a second on a circle whose radius is sqrt(2) deviations of y.
    t = np.arange(4001) / 4000
    angle = 2 * np.pi * 3 * t
    features = preprocess(signature(t, np.cos(angle), np.sin(angle)), SECONDS)
    middle = row(features, "spd")[20:-20].mean()
    assert middle == pytest.approx(2 * np.pi * 3 * np.sqrt(2), rel=0.1)


def test_speed_of_evenly_spaced_samples_is_divided_by_their_time():
    _, x, y, _ = curve(points=200)
    drawn = signature(np.arange(200) / 50, x, y)
    in_seconds, in_frames = (preprocess(drawn, s) for s in (SECONDS, PreprocessingSettings()))
    np.testing.assert_allclose(row(in_seconds, "spd"), 50 * row(in_frames, "spd"), rtol=1e-5)


def test_stretching_x_alone_changes_the_shape():
    t, x, y, pen = curve()
    stretched = preprocess(signature(t, 2 * x, y, pen))
    np.testing.assert_allclose(
        row(stretched, "x"), 2 * row(preprocess(signature(t, x, y, pen)), "x"), rtol=1e-5
    )


def test_a_signature_written_backward_flips_the_right_signs():
    t, x, y, _ = curve(points=200)
    t = np.arange(200.0)
    forward, backward = preprocess(signature(t, x, y)), preprocess(signature(t, x[::-1], y[::-1]))
    flipped = {"acc-c", "acc-t", "cos_theta", "sin_theta", "sin_phi"}
    for name in FEATURES:
        sign = -1 if name in flipped else 1
        np.testing.assert_allclose(
            row(backward, name)[::-1], sign * row(forward, name), atol=2e-5, err_msg=name
        )


@given(st.integers(0, 2**32 - 1), st.sampled_from([50, 75, 100, 133, 200]))
def test_an_evenly_sampled_signature_of_200_points_keeps_its_points(seed, rate):
    _, x, y, pen = curve(seed, 200)
    pen[-1] = pen[-2]
    t = np.arange(200) / rate
    features = preprocess(signature(t, x, y, pen))
    np.testing.assert_array_equal(row(features, "pud"), np.where(pen, 1, -1))
    line = np.polyval(np.polyfit(t, y, 1), t)
    np.testing.assert_allclose(row(features, "y") * (y - line).std() + line, y, atol=1e-4)


def test_golden_file():
    t, x, y, pen = np.loadtxt(DATA / "curve.csv", delimiter=",", skiprows=1, unpack=True)
    wanted = np.loadtxt(DATA / "features.csv", delimiter=",", skiprows=1).T
    header = (DATA / "features.csv").read_text().splitlines()[0]
    assert header == ",".join(FEATURES)
    np.testing.assert_allclose(preprocess(signature(t, x, y, pen > 0)), wanted, atol=2e-6)


def test_features_are_single_precision_in_the_shape_of_the_settings():
    drawn = signature(*curve())
    assert preprocess(drawn).shape == (10, 200)
    assert preprocess(drawn).dtype == np.float32
    assert preprocess(drawn, PreprocessingSettings(frames=64)).shape == (10, 64)


def test_a_batch_equals_its_signatures_one_by_one():
    signatures = [signature(*curve(seed, points)) for seed, points in enumerate([20, 200, 333])]
    for settings in (PreprocessingSettings(), NO_AIR):
        batch = preprocess_batch(signatures, settings)
        assert batch.shape == (3, 10, 200)
        for found, alone in zip(batch, signatures, strict=True):
            np.testing.assert_array_equal(found, preprocess(alone, settings))


def test_an_empty_batch_is_empty():
    assert preprocess_batch([]).shape == (0, 10, 200)


def test_fewer_than_three_frames_are_refused():
    with pytest.raises(ValueError, match="frames is 2"):
        PreprocessingSettings(frames=2)


T = np.arange(40) / 100


def test_dot_is_no_signature():
    with pytest.raises(SignatureError, match="1 distinct points"):
        signature(T, np.full(40, 5.0), np.full(40, 5.0))


def test_horizontal_line_is_refused():
    with pytest.raises(PreprocessingError, match="y does not vary"):
        preprocess(signature(T, np.sin(9 * T), np.full(40, 5.0)))


def test_straight_line_at_constant_speed_is_refused():
    with pytest.raises(PreprocessingError, match="straight line at constant speed"):
        preprocess(signature(T, 100 + 30 * T, 7 - 20 * T))


def test_straight_line_at_varying_speed_has_features():
    features = preprocess(signature(T, T**2, T**2))
    assert np.isfinite(features).all()
    np.testing.assert_allclose(row(features, "x"), row(features, "y"), atol=1e-6)


def test_single_stroke_has_the_pen_down_throughout():
    features = preprocess(signature(T, np.cos(20 * T), np.sin(15 * T)))
    assert np.isfinite(features).all()
    assert (row(features, "pud") == 1).all()


def test_vertical_zigzag_moves_up_and_down_only():
    features = preprocess(signature(T, np.full(40, 5.0), 10 * np.sin(50 * T)))
    assert np.isfinite(features).all()
    np.testing.assert_allclose(row(features, "x"), 0, atol=1e-6)
    np.testing.assert_allclose(row(features, "cos_theta"), 0, atol=1e-5)
    np.testing.assert_allclose(np.abs(row(features, "sin_theta")), 1, atol=1e-5)


def test_repeated_times_are_repaired_and_then_preprocessed():
    stamps = T.copy()
    stamps[10] = stamps[9]
    x, y = np.cos(20 * T), np.sin(15 * T)
    repaired = signature(stamps, x, y)
    assert repaired.repaired == 1
    assert_alike(preprocess(repaired), preprocess(signature(T, x, y)))


def test_too_many_times_that_run_backward_make_no_signature():
    with pytest.raises(SignatureError, match="time stamps repeat"):
        signature(T[::-1], np.cos(20 * T), np.sin(15 * T))


# Down at 0, 1, 2; in the air at 3 and 4; down at 5, 6, 7: sample 2 begins the lift, 5 ends it.
PEN = np.array([True, True, False, False, False, True, True, True])
X = np.array([0.0, 1, 2, 30, 50, 5, 6, 7])
Y = np.array([0.0, 2, 1, -90, 80, 1, 3, 0])


def test_removing_the_air_keeps_both_ends_of_every_stroke_at_their_own_times():
    written = without_air(signature(np.arange(8.0), X, Y, PEN))
    assert written.t.tolist() == [0, 1, 2, 5, 6, 7]
    assert written.x.tolist() == [0, 1, 2, 5, 6, 7]
    assert written.pen.tolist() == [True, True, False, True, True, True]
    assert written.strokes == 2


def test_a_stroke_of_one_point_stays_without_the_air():
    stroke = [0, 0, 1, -1, -1, 2, 2, 3]
    written = without_air(Signature.from_strokes(np.arange(8.0), X, Y, stroke))
    assert written.t.tolist() == [0, 1, 2, 5, 6, 7]
    assert written.stroke.tolist() == [0, 0, 1, 2, 2, 3]
    assert written.strokes == 4


def test_without_air_a_straight_line_flagged_up_joins_the_strokes():
    features = preprocess(
        signature(np.arange(8.0), X, Y, PEN), PreprocessingSettings(frames=8, air="removed")
    )
    assert row(features, "pud").tolist() == [1, 1, -1, -1, -1, 1, 1, 1]
    steps = np.diff(row(features, "y"))[2:5]
    np.testing.assert_allclose(steps, steps[0], atol=1e-6)


def test_without_air_what_the_pen_did_there_changes_nothing():
    in_air = np.isin(np.arange(8), [3, 4])
    wild = signature(np.arange(8.0), X, Y, PEN)
    calm = signature(np.arange(8.0), np.where(in_air, 3, X), np.where(in_air, 2, Y), PEN)
    assert not np.allclose(preprocess(wild), preprocess(calm))
    np.testing.assert_array_equal(preprocess(wild, NO_AIR), preprocess(calm, NO_AIR))


def test_air_before_the_first_and_after_the_last_stroke_goes_too():
    pen = np.array([False, False, True, True, True, False, False, False])
    written = without_air(signature(np.arange(8.0), X, Y, pen))
    assert written.x.tolist() == X[2:6].tolist()
    assert written.t[0] == 0


def test_pressure_and_tilt_go_with_the_points_that_stay():
    pressure = np.linspace(0, 0.7, 8)
    tilt = np.column_stack([pressure, pressure / 2])
    drawn = Signature.from_samples(np.arange(8.0), X, Y, PEN, pressure, tilt=tilt)
    left = [0, 1, 2, 5, 6, 7]
    assert without_air(drawn).pressure.tolist() == pressure[left].tolist()
    assert without_air(drawn).tilt.tolist() == tilt[left].tolist()


@pytest.mark.parametrize(
    ("pen", "left"),
    [
        pytest.param([False] * 8, 0, id="never down"),
        pytest.param([True] + [False] * 7, 2, id="one short stroke"),
    ],
)
def test_a_signature_all_in_the_air_is_refused_without_it(pen, left):
    with pytest.raises(PreprocessingError, match=f"{left} distinct points remain"):
        preprocess(signature(np.arange(8.0), X, Y, pen), NO_AIR)


def test_strokes_that_are_one_dot_are_refused_without_the_air():
    x = np.where(np.isin(np.arange(8), [3, 4]), X, 1.0)
    y = np.where(np.isin(np.arange(8), [3, 4]), Y, 1.0)
    with pytest.raises(PreprocessingError, match="1 distinct points remain"):
        preprocess(signature(np.arange(8.0), x, y, PEN), NO_AIR)

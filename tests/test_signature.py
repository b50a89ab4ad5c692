import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import SignatureError
from sigtdnn.signature import (
    Device,
    Signature,
    count_distinct,
    number_strokes,
    runs,
)

N = 100


def columns(n: int = N) -> dict[str, np.ndarray]:
    i = np.arange(n)
    return {"t": i / 100, "x": i.astype(float), "y": (i * 7 % 11).astype(float), "pen": i >= 0}


def test_starts_at_zero_whatever_the_clock_says():
    samples = columns()
    samples["t"] = samples["t"] + 31077.71
    signature = Signature.from_samples(**samples)
    assert signature.t[0] == 0
    assert signature.duration == pytest.approx(0.99)
    assert len(signature) == N
    assert signature.pressure is None


def test_arrays_are_copies_that_cannot_be_written():
    samples = columns()
    signature = Signature.from_samples(**samples, pressure=np.full(N, 0.5), tilt=np.ones((N, 2)))
    samples["x"][0] = 1e6
    assert signature.x[0] == 0
    for name in ("t", "x", "y", "stroke", "pen", "pressure", "tilt"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(signature, name)[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        signature.strokes = 5


@pytest.mark.parametrize(
    ("pen", "stroke"),
    [
        ([], []),
        ([0, 0], [-1, -1]),
        ([1], [0]),
        ([1, 0, 1], [0, 0, 1]),
        ([0, 1, 1, 0, 0], [-1, 0, 0, 0, -1]),
        ([1, 0, 1, 0, 0, 1, 0], [0, 0, 1, 1, -1, 2, 2]),
    ],
)
def test_a_stroke_is_a_run_of_pen_down_samples_and_the_sample_of_the_lift(pen, stroke):
    assert number_strokes(np.array(pen, dtype=bool)).tolist() == stroke


def test_strokes_are_counted_and_the_pen_is_down_between_samples_of_one():
    samples = columns() | {"pen": np.isin(np.arange(N) // 10, (0, 2, 3, 9))}
    signature = Signature.from_samples(**samples)
    assert signature.strokes == 3
    assert signature.stroke[[0, 10, 11, 20, 40, 41, 99]].tolist() == [0, 0, -1, 1, 1, -1, 2]
    np.testing.assert_array_equal(signature.pen, samples["pen"])


def test_a_stroke_of_one_sample_lives_with_the_pen_up_on_both_sides():
    stroke = [0, 0, 1, 2, 2, -1, -1, 3]
    i = np.arange(8)
    signature = Signature.from_strokes(i / 100, i, i * i % 7, stroke)
    assert signature.strokes == 4
    assert signature.stroke.tolist() == stroke
    assert signature.pen.tolist() == [True, False, False, True, False, False, False, False]


def test_a_pen_that_never_touches_makes_no_stroke():
    signature = Signature.from_samples(**columns() | {"pen": np.zeros(N)})
    assert signature.strokes == 0
    assert not signature.pen.any()


@given(st.lists(st.booleans(), min_size=3, max_size=60))
def test_pen_flags_come_back_but_the_last_which_nothing_follows(pen):
    i = np.arange(len(pen))
    signature = Signature.from_samples(i / 100, i, i * i, pen)
    assert signature.pen[:-1].tolist() == pen[:-1]
    assert signature.pen[-1] == signature.pen[-2]
    assert signature.strokes == len(runs(np.array(pen)))
    again = Signature.from_strokes(i / 100, i, i * i, signature.stroke)
    np.testing.assert_array_equal(again.pen, signature.pen)


@pytest.mark.parametrize(
    "stroke",
    [[1, 1, 1, 1], [0, 0, 2, 2], [0, 1, 0, 1], [0, -1, 0, 1], [-2, 0, 0, 0], [0, 0.5, 1, 1]],
)
def test_strokes_that_are_not_numbered_in_order_are_refused(stroke):
    with pytest.raises(SignatureError, match="not numbered 0, 1, 2 and so on"):
        Signature.from_strokes([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 4, 9], stroke)


def test_tilt_and_device_are_kept():
    tilt = np.column_stack([np.linspace(0, 2 * np.pi, N), np.linspace(0, np.pi / 2, N)])
    device = Device(rate=200.0, units=100.0, levels=1024)
    signature = Signature.from_samples(**columns(), tilt=tilt, device=device)
    np.testing.assert_array_equal(signature.tilt, tilt)
    assert signature.device == device
    plain = Signature.from_samples(**columns())
    assert plain.tilt is None
    assert plain.device == Device(None, None, None)


@pytest.mark.parametrize(
    ("azimuth", "altitude"), [(-0.1, 1.0), (155.0, 1.0), (1.0, 71.0), (1.0, -1.6)]
)
def test_tilt_that_is_not_in_radians_is_refused(azimuth, altitude):
    tilt = np.tile([azimuth, altitude], (N, 1))
    with pytest.raises(SignatureError, match=r"tilt leaves the range.*, or leave them out"):
        Signature.from_samples(**columns(), tilt=tilt)


@pytest.mark.parametrize("shape", [(N,), (N, 3), (N - 1, 2)])
def test_tilt_of_another_shape_is_refused(shape):
    with pytest.raises(SignatureError, match="tilt has shape"):
        Signature.from_samples(**columns(), tilt=np.ones(shape))


def test_runs_begin_at_the_first_and_end_after_the_last():
    flags = np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)
    assert runs(flags).tolist() == [[0, 2], [3, 4], [6, 7]]
    assert runs(np.zeros(3, dtype=bool)).shape == (0, 2)


@pytest.mark.parametrize("name", ["x", "y", "pen", "pressure"])
def test_columns_of_unlike_length_are_refused(name):
    samples = columns() | {"pressure": np.zeros(N)}
    samples[name] = samples[name][:-1]
    with pytest.raises(SignatureError, match=rf"{name} has shape \(99,\)"):
        Signature.from_samples(**samples)


@pytest.mark.parametrize("name", ["t", "x", "y", "pressure"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused_with_their_place(name, value):
    samples = columns() | {"pressure": np.zeros(N)}
    samples[name][41] = value
    with pytest.raises(SignatureError, match=f"{name} of sample 42 is not finite"):
        Signature.from_samples(**samples)


@pytest.mark.parametrize("value", [-0.01, 1.01])
def test_pressure_outside_its_range_is_refused(value):
    with pytest.raises(SignatureError, match=r"pressure leaves 0\.\.1"):
        Signature.from_samples(**columns(), pressure=np.full(N, value))


def test_a_dot_is_refused():
    samples = columns() | {"x": np.zeros(N), "y": np.arange(N) % 2}
    with pytest.raises(SignatureError, match="2 distinct points, at least 3"):
        Signature.from_samples(**samples)


def test_no_samples_are_refused():
    with pytest.raises(SignatureError, match="0 distinct points"):
        Signature.from_samples([], [], [], [])


@pytest.mark.parametrize(("bad", "accepted"), [(5, True), (6, False)])
def test_more_than_5_percent_of_repaired_stamps_is_refused(bad, accepted):
    samples = columns()
    places = np.arange(bad) * 10 + 5
    samples["t"][places] = samples["t"][places - 2]
    if accepted:
        assert Signature.from_samples(**samples).repaired == bad
    else:
        with pytest.raises(SignatureError, match="6 of 100 time stamps repeat or run backward"):
            Signature.from_samples(**samples)


def test_stamps_that_rounding_makes_equal_are_repaired():
    samples = columns()
    samples["t"][1:] += 1e9
    samples["t"][50] = samples["t"][49] + 1e-9
    signature = Signature.from_samples(**samples)
    assert (np.diff(signature.t) > 0).all()
    assert signature.repaired == 1


def test_a_clock_that_hardly_runs_is_refused():
    samples = columns()
    samples["t"] = samples["t"] * 1e-200
    with pytest.raises(SignatureError, match="seconds"):
        Signature.from_samples(**samples)


@given(
    st.lists(st.floats(1e-3, 1e3), min_size=60, max_size=90),
    st.sets(st.integers(1, 59), max_size=3),
    st.floats(0, 1),
)
def test_whichever_few_stamps_are_bad_times_increase(steps, bad, back):
    good = np.cumsum(steps)
    times = good.copy()
    for place in bad:
        times[place] = good[place - 1] - back
    i = np.arange(len(times))
    signature = Signature.from_samples(times, i, i % 3, i >= 0)
    assert signature.t[0] == 0
    assert (np.diff(signature.t) > 0).all()
    assert signature.repaired <= len(bad)


@given(st.lists(st.floats(-1e16, 1e16), min_size=3, max_size=90))
def test_a_wild_clock_gives_increasing_times_or_a_signature_error(stamps):
    i = np.arange(len(stamps))
    try:
        signature = Signature.from_samples(stamps, i, i * i, i >= 0)
    except SignatureError:
        return
    assert (np.diff(signature.t) > 0).all()


@pytest.mark.parametrize(
    ("points", "count"),
    [
        ([], 0),
        ([(1, 2)] * 4, 1),
        ([(1, 2), (1, 3), (1, 2)], 2),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], 3),
    ],
)
def test_distinct_points_are_counted_up_to_three(points: list[tuple[int, int]], count: int) -> None:
    x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
    assert count_distinct(x, y) == count

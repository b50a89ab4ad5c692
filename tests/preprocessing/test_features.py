import math

import numpy as np
import pytest

from sigtdnn.preprocessing.features import FEATURES, direction, features, turn

FRAMES = 200
INTERIOR = slice(2, -2)


def by_name(x, y, pen=None, step=1.0):
    pen = np.ones(np.shape(x), bool) if pen is None else pen
    return dict(zip(FEATURES, features(x + 1j * y, pen, np.float64(step)), strict=True))


def random_curve(seed=3, frames=FRAMES):
    steps = np.random.default_rng(seed).normal(size=(2, frames))
    return np.cumsum(steps, axis=1)


def circle(turns=3.0, radius=2.0, clockwise=False):
    angle = np.linspace(0, 2 * np.pi * turns, FRAMES) * (-1 if clockwise else 1)
    return radius * np.cos(angle), radius * np.sin(angle), 2 * np.pi * turns / (FRAMES - 1)


def test_names_and_order_are_those_of_the_paper_with_position_after_the_pen():
    assert FEATURES == (
        "pud", "x", "y", "spd", "acc-c", "acc-t",
        "cos_theta", "sin_theta", "cos_phi", "sin_phi",
    )  # fmt: skip


@pytest.mark.parametrize("clockwise", [False, True])
def test_circle_at_constant_speed(clockwise):
    x, y, step = circle(clockwise=clockwise)
    f = by_name(x, y)
    speed = 2.0 * math.sin(step)
    sign = -1 if clockwise else 1
    np.testing.assert_allclose(f["spd"][INTERIOR], speed)
    np.testing.assert_allclose(f["acc-t"][INTERIOR], 0, atol=1e-12)
    np.testing.assert_allclose(f["acc-c"][INTERIOR], sign * speed * step)
    np.testing.assert_allclose(f["cos_phi"][INTERIOR], math.cos(2 * step))
    np.testing.assert_allclose(f["sin_phi"][INTERIOR], sign * math.sin(2 * step))


def test_straight_line_speeding_up():
    frame = np.arange(50.0)
    f = by_name(3 * frame**2, 4 * frame**2)
    np.testing.assert_allclose(f["spd"][1:-1], 10 * frame[1:-1])
    np.testing.assert_allclose(f["acc-t"][2:-2], 10)
    np.testing.assert_allclose(f["acc-c"], 0, atol=1e-12)
    np.testing.assert_allclose(f["cos_theta"], 0.6)
    np.testing.assert_allclose(f["sin_theta"], 0.8)
    np.testing.assert_allclose(f["cos_phi"], 1)
    np.testing.assert_allclose(f["sin_phi"], 0, atol=1e-12)


def test_reversed_direction_flips_the_signs_of_direction_rotation_and_tangential_acceleration():
    x, y = random_curve()
    forward, backward = by_name(x, y), by_name(x[::-1], y[::-1])
    flipped = {"acc-c", "acc-t", "cos_theta", "sin_theta", "sin_phi"}
    for name in set(FEATURES) - {"pud"}:
        sign = -1 if name in flipped else 1
        np.testing.assert_allclose(
            backward[name][::-1], sign * forward[name], atol=1e-9, err_msg=name
        )


def test_pen_is_plus_one_down_and_minus_one_up():
    x, y = random_curve(frames=4)
    f = by_name(x, y, np.array([True, False, False, True]))
    assert f["pud"].tolist() == [1, -1, -1, 1]


def heading(*velocity):
    velocity = np.array(velocity, complex)
    return direction(velocity, np.abs(velocity)).tolist()


def test_direction_at_rest_is_held_from_the_last_movement():
    assert heading(1, 2j, 0, 0, -1) == [1, 1j, 1j, 1j, -1]


def test_rest_at_the_start_takes_the_first_direction_that_follows():
    assert heading(0, 0, -3j, 5) == [-1j, -1j, -1j, 1]


def test_a_curve_that_never_moves_points_right():
    assert heading(0, 0, 0) == [1, 1, 1]


def test_rounding_noise_is_rest():
    assert heading(1, 1e-16 + 1e-16j, -1e-16 + 1e-16j) == [1, 1, 1]


def test_rest_in_one_signature_of_a_batch_leaves_the_others_as_they_are():
    velocity = np.array([[3j, 0, 2], [3 + 4j, -5, 7j]])
    wanted = [[1j, 1j, 1], [0.6 + 0.8j, -1, 1j]]
    np.testing.assert_allclose(direction(velocity, np.abs(velocity)), wanted)


def test_rest_of_the_pen_neither_turns_nor_accelerates():
    x = np.concatenate([np.arange(10.0), np.full(10, 9.0), np.arange(9.0, 20)])
    f = by_name(x, 0.5 * x)
    np.testing.assert_array_equal(f["spd"][11:18], 0)
    np.testing.assert_allclose(f["cos_phi"], 1)
    np.testing.assert_allclose(f["acc-c"], 0, atol=1e-15)
    assert np.isfinite(list(f.values())).all()


def test_turn_is_the_angle_between_the_neighbours_across_the_cut_at_a_half_turn():
    theta = np.exp(1j * np.radians([170, 190, -150, -140]))
    np.testing.assert_allclose(np.degrees(np.angle(turn(theta))), [20, 40, 30, 10])


def test_a_left_turn_through_west_keeps_its_centripetal_acceleration():
    x, y, step = circle(turns=1)
    f = by_name(x, y)
    heading_west = np.argmin(f["cos_theta"])
    near = slice(heading_west - 3, heading_west + 4)
    np.testing.assert_allclose(f["acc-c"][near], 2 * math.sin(step) * step)


def test_agrees_with_plain_loops():
    x, y = random_curve(seed=11, frames=60)
    n = len(x)

    def slope(values, i):
        first, last = max(i - 1, 0), min(i + 1, n - 1)
        return (values[last] - values[first]) / (last - first)

    speed = [math.hypot(slope(x, i), slope(y, i)) for i in range(n)]
    theta = [math.atan2(slope(y, i), slope(x, i)) for i in range(n)]
    f = by_name(x, y)
    for i in range(n):
        first, last = max(i - 1, 0), min(i + 1, n - 1)
        phi = (theta[last] - theta[first] + math.pi) % (2 * math.pi) - math.pi
        wanted = {
            "spd": speed[i],
            "acc-c": speed[i] * phi / (last - first),
            "acc-t": slope(speed, i),
            "cos_theta": math.cos(theta[i]),
            "sin_theta": math.sin(theta[i]),
            "cos_phi": math.cos(phi),
            "sin_phi": math.sin(phi),
        }
        assert {name: f[name][i] for name in wanted} == pytest.approx(wanted, abs=1e-9), i


def test_a_batch_equals_its_signatures_one_by_one():
    x, y = np.stack([random_curve(seed) for seed in range(4)], axis=1)
    y[2, 5:9], x[2, 5:9] = y[2, 5], x[2, 5]
    curves = x + 1j * y
    pen = np.random.default_rng(0).random((4, FRAMES)) < 0.7
    step = np.array([1.0, 0.01, 0.02, 7.0])
    batch = features(curves, pen, step)
    assert batch.shape == (4, 10, FRAMES)
    for row in range(4):
        np.testing.assert_array_equal(batch[row], features(curves[row], pen[row], step[row]))


def test_single_precision_stays_single():
    x, y = random_curve().astype(np.float32)
    assert features(x + 1j * y, x > 0, np.float64(0.01)).dtype == np.float32


def test_time_between_frames_divides_speed_once_and_accelerations_twice():
    x, y = random_curve()
    frames, seconds = by_name(x, y), by_name(x, y, step=0.01)
    powers = {"spd": 1, "acc-c": 2, "acc-t": 2}
    for name in FEATURES:
        wanted = frames[name] * 100.0 ** powers.get(name, 0)
        np.testing.assert_allclose(seconds[name], wanted, err_msg=name)

from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.signature import Signature
from sigtdnn.verification.traits import GROUPS, TRAITS, traits_of, usual_deviations

NAMES = list(TRAITS)
N = 400


def curve(warp=lambda u: u, seconds=3.0, stretch=1.0, turn=0.0, bow=0.0, size=1.0, place=(0, 0)):
    """Two words of loops, a lift between them; its path in the air may be bent."""
    t = np.linspace(0, 1, N)
    u = warp(t)
    along = 8 * u
    x = along + 0.8 * np.sin(25 * u)
    y = np.cos(25 * u) + 0.3 * np.sin(9 * u)
    up = (u > 0.45) & (u < 0.55)
    y = y + bow * np.where(up, np.sin(np.pi * (u - 0.45) / 0.1), 0)
    x = stretch * x
    c, s = np.cos(turn), np.sin(turn)
    x, y = size * (c * x - s * y) + place[0], size * (s * x + c * y) + place[1]
    return Signature.from_samples(seconds * t, x, y, ~up)


def of(signature):
    return dict(zip(NAMES, traits_of([signature])[0], strict=True))


def changed(one, other, atol=0.02):
    """The groups in which two signatures differ."""
    first, second = of(one), of(other)
    return {TRAITS[name] for name in NAMES if abs(first[name] - second[name]) > atol}


def test_one_row_a_signature_in_the_order_of_the_names():
    rows = traits_of([curve(), curve(seconds=6)])
    assert rows.shape == (2, len(TRAITS))
    assert rows[1, NAMES.index("duration")] == pytest.approx(np.log(6))
    assert set(TRAITS.values()) == set(GROUPS)


def test_no_signatures_have_no_rows():
    assert traits_of([]).shape == (0, len(TRAITS))


def test_neither_place_nor_size_counts():
    assert changed(curve(), curve(size=300, place=(4000, -900)), atol=1e-6) == set()


def test_turning_changes_the_direction_only():
    assert changed(curve(), curve(turn=0.4)) == {"direction"}


def test_slower_writing_changes_the_rhythm_only():
    assert changed(curve(), curve(seconds=4.5)) == {"rhythm"}


def test_the_path_in_the_air_changes_the_pen_up_movement_only():
    assert changed(curve(), curve(bow=3)) == {"pen-up movement"}


def test_stretching_changes_the_shape_and_hardly_the_rhythm():
    first, second = of(curve()), of(curve(stretch=1.4))
    assert second["elongation"] - first["elongation"] == pytest.approx(np.log(1.4), abs=0.05)
    # The places along the ink, and with them the even spread, shift a little.
    found = changed(curve(), curve(stretch=1.4), atol=0.1)
    assert "shape" in found
    assert "rhythm" not in found


def test_an_even_line_by_hand():
    t = np.arange(201.0) / 100
    found = of(Signature.from_samples(t, 3 * t, 4 * t + 1e-6 * t**2, np.ones(201, bool)))
    # A line of length 10 has the radius of gyration 10 / sqrt(12).
    assert found["length of the ink"] == pytest.approx(np.log(12**0.5), abs=1e-3)
    assert found["speed"] == pytest.approx(np.log(12**0.5 / 2), abs=1e-3)
    assert found["unevenness"] == pytest.approx(0, abs=1e-4)
    assert found["order"] == pytest.approx(1, abs=1e-4)
    assert found["lopsidedness"] == pytest.approx(0, abs=1e-3)
    assert (found["axis, across"], found["axis, up"]) == pytest.approx((0.6, 0.8), abs=1e-3)
    assert (found["heading, across"], found["heading, up"]) == pytest.approx((0.6, 0.8), abs=1e-3)
    assert (found["strokes"], found["time in the air"], found["path in the air"]) == (0, 0, 0)


def test_written_the_other_way_the_axis_points_the_other_way():
    t = np.arange(201.0)
    x, y = t, np.sin(t / 7)
    there = of(Signature.from_samples(t, x, y, np.ones(201, bool)))
    back = of(Signature.from_samples(t, x[::-1], y[::-1], np.ones(201, bool)))
    assert there["axis, across"] == pytest.approx(-back["axis, across"])
    assert there["order"] == pytest.approx(back["order"])


@pytest.mark.parametrize("side", [1, 0, -1])
def test_a_bow_is_positive_on_the_left_of_its_line(side):
    t = np.linspace(0, 1, N)
    up = (t > 0.4) & (t < 0.6)
    y = 0.01 * np.sin(50 * t) + side * np.where(up, np.sin(np.pi * (t - 0.4) / 0.2), 0)
    found = of(Signature.from_samples(t, 10 * t, y, ~up))
    # Half a wave of length 2 and height 1, over the radius squared.
    radius = np.sqrt(np.mean((10 * t[~up] - np.mean(10 * t[~up])) ** 2))
    assert found["bow in the air"] == pytest.approx(
        side * 2 * 2 / np.pi / radius**2, rel=0.05, abs=1e-3
    )


def test_a_device_without_a_pen_flag_counts_as_ink():
    signature = curve()
    found = of(replace(signature, stroke=np.full(N, -1)))
    assert found["time in the air"] == 0
    assert (
        found["length of the ink"]
        == of(replace(signature, stroke=np.zeros(N, int)))["length of the ink"]
    )


@pytest.mark.parametrize(
    ("x", "y"), [([0, 1, 2], [0, 0, 0]), ([0, 1, 0], [0, 1, 0.1]), ([0, 5, 5.1], [0, 0, 3])]
)
@pytest.mark.parametrize("pen", [[1, 1, 1], [0, 0, 0], [1, 0, 1], [0, 1, 0]])
def test_the_least_of_signatures_has_finite_traits(x, y, pen):
    found = traits_of([Signature.from_samples([0, 1, 2], x, y, np.array(pen, bool))])
    assert np.isfinite(found).all()


# Deviations within signers


def test_usual_deviations_are_those_within_signers():
    rng = np.random.default_rng(0)
    # Two signers far apart, of whom one varies three times as much; the third signed once.
    one, two = rng.normal(0, 1, (400, 16)), rng.normal(100, 3, (100, 16))
    traits = np.concatenate([one, two, [[7.0] * 16]])
    found = usual_deviations(traits, np.repeat(["a", "b", "c"], [400, 100, 1]))
    wanted = np.sqrt((one.var(axis=0, ddof=1) + two.var(axis=0, ddof=1)) / 2)
    np.testing.assert_allclose(found, wanted)
    np.testing.assert_allclose(found, 5**0.5, rtol=0.25)


def test_usual_deviations_are_never_nothing():
    traits = np.ones((4, 16))
    assert usual_deviations(traits, np.array(["a", "a", "b", "b"])).tolist() == [0.01] * 16

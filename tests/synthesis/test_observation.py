import numpy as np
import pytest

from sigtdnn.synthesis.observation import see


def test_the_eye_finds_components_and_corners(corner):
    first, second = see(corner, detail=2.0)
    np.testing.assert_allclose(first.ends, [(0, 0), (10, 0), (10, 10)], atol=0.5)
    np.testing.assert_allclose(first.bend, 0, atol=0.2)
    np.testing.assert_allclose(first.time, 0.3, atol=0.03)
    assert len(second.bend) == 1
    # A quarter turn to the left.
    assert second.bend[0] == pytest.approx(np.pi / 2, abs=0.1)


def test_who_dares_less_sees_more_and_smaller_steps(corner):
    assert len(see(corner, detail=0.2)[1].bend) > 2


def test_a_reversed_component_is_the_same_line(corner):
    steps = see(corner, detail=2.0)[1]
    back = steps.reversed()
    np.testing.assert_array_equal(back.ends[0], steps.ends[-1])
    assert back.bend[0] == -steps.bend[0]

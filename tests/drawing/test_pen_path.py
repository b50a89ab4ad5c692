import numpy as np
import pytest
from matplotlib.figure import Figure

from sigtdnn.drawing.pen_path import draw_path, speed_colours

POINTS = np.array([[0, 0], [1, 0], [2, 0], [3, 5], [4, 5], [9, 5]], dtype=float)


def draw(pen):
    axes = Figure().add_subplot()
    ink = draw_path(axes, POINTS, np.array(pen, bool), colors="k")
    return axes, ink, axes.collections[1]


def corners(lines):
    return [segment.tolist() for segment in lines.get_segments()]


def test_ink_is_a_line_a_step_and_air_a_line_a_lift():
    _, ink, air = draw([1, 1, 0, 0, 1, 0])
    assert corners(ink) == [[[0, 0], [1, 0]], [[1, 0], [2, 0]], [[4, 5], [9, 5]]]
    assert corners(air) == [[[2, 0], [3, 5], [4, 5]]]
    assert ink.get_linestyle() != air.get_linestyle()


@pytest.mark.parametrize(("pen", "lines"), [([1] * 6, (5, 0)), ([0] * 6, (0, 1))])
def test_only_ink_or_only_air_can_be_drawn(pen, lines):
    _, ink, air = draw(pen)
    assert (len(corners(ink)), len(corners(air))) == lines


def test_a_unit_is_as_long_across_as_up_and_all_points_are_seen():
    axes, *_ = draw([1] * 6)
    assert axes.get_aspect() == 1
    assert axes.dataLim.get_points().tolist() == [[0, 0], [9, 5]]


def test_fast_ink_is_brighter_but_not_white():
    light = speed_colours()(np.linspace(0, 1, 5))[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > 0).all()
    assert light[-1] < 0.8

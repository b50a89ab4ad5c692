import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sigtdnn.drawing.curves import COLUMNS, LABELS, MARK, draw_curves
from sigtdnn.preprocessing import FEATURES, preprocess
from sigtdnn.verification.traits import GROUPS

TIMES = np.linspace(0, 1.5, 200)


def draw(*features, marked=None):
    figure = Figure()
    draw_curves(figure, [TIMES] * len(features), features, "bg"[: len(features)], "s", marked)
    return figure.axes


def test_every_group_is_named(signature):
    headings = [axes.get_title("left") for axes in draw(preprocess(signature))]
    assert sorted(filter(None, headings)) == sorted(GROUPS)


def test_every_feature_is_drawn_once_and_under_its_name(signature):
    features = preprocess(signature)
    panels = draw(features)
    drawn = {axes.get_ylabel(): axes.lines for axes in panels}
    assert len(panels) == len(drawn) == len(FEATURES)
    for name, row in zip(FEATURES, features, strict=True):
        (line,) = drawn[LABELS.get(name, name)]
        np.testing.assert_array_equal(line.get_xdata(), TIMES)
        np.testing.assert_array_equal(line.get_ydata(), row)


def test_time_in_the_air_is_shaded_for_one_only(signature, other):
    alone, both = draw(preprocess(signature)), draw(preprocess(signature), preprocess(other))
    for axes in alone:
        (shade,) = axes.patches
        assert shade.get_x() == pytest.approx(0.6, abs=0.02)
        assert shade.get_width() == pytest.approx(0.2, abs=0.02)
    assert all(len(axes.lines) == 2 and not axes.patches for axes in both)


@pytest.mark.parametrize("group", GROUPS)
def test_one_group_is_marked(signature, other, group):
    panels = draw(preprocess(signature), preprocess(other), marked=group)
    marked = [axes for axes in panels if to_hex(axes.get_facecolor()) == MARK]
    sizes = {name: len(names) for groups in COLUMNS for name, names in groups.items()}
    assert len(marked) == sizes[group]
    headings = [axes.get_title("left") for axes in panels]
    assert [text for text in headings if "differs most" in text] == [f"{group}: differs most"]

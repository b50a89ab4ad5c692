import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from sigtdnn.drawing import picture
from sigtdnn.drawing.pen_path import MARK
from sigtdnn.drawing.picture import comparison_picture, signature_picture
from sigtdnn.errors import PreprocessingError
from sigtdnn.matching.difference import Difference
from sigtdnn.signature import Signature


@pytest.fixture
def figures(monkeypatch):
    """The figures made, in place of their bytes."""
    made = []
    monkeypatch.setattr(picture, "encoded", lambda figure, format: made.append(figure) or b"")
    return made


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def test_picture_is_the_same_for_the_same_signature(signature, other):
    assert signature_picture("a", signature) == signature_picture("a", signature)
    assert signature_picture("a", signature) != signature_picture("a", other)


def test_svg_and_pdf_can_be_asked_for(signature, other):
    assert b"<svg" in signature_picture("a", signature, "svg")
    assert comparison_picture(("a", "b"), (signature, other), format="pdf").startswith(b"%PDF-")


def test_caption_tells_name_and_size(signature, figures):
    signature_picture("a.csv", signature)
    assert titles(figures[0]) == ["a.csv: 1.49 s, 2 strokes, 150 points"]


def test_ink_has_the_colour_of_its_speed(signature, figures):
    signature_picture("a", signature)
    ink = figures[0].axes[0].collections[0]
    true = np.hypot(np.diff(signature.x), np.diff(signature.y))[signature.pen[:-1]]
    assert len(ink.get_array()) == len(true)
    # Not exactly: the trend in time is out of the feature.
    assert np.corrcoef(ink.get_array(), true)[0, 1] > 0.8
    assert ink.get_clim()[0] == 0


def test_two_are_drawn_alone_in_one_scale_of_speed_and_overlaid(signature, other, figures):
    comparison_picture(("a", "b"), (signature, other))
    overlaid, first, second = figures[0].axes[:3]
    assert titles(figures[0])[1:] == [
        "a: 1.49 s, 2 strokes, 150 points",
        "b: 0.99 s, 2 strokes, 150 points",
    ]
    assert first.collections[0].get_clim() == second.collections[0].get_clim()
    one, two = (overlaid.collections[place].get_segments() for place in (0, 2))
    # The same path at another pace: only the pace keeps them apart.
    np.testing.assert_allclose(one, two)


def test_marked_group_is_named(signature, other, figures):
    comparison_picture(("a", "b"), (signature, other), Difference("rhythm"))
    comparison_picture(("a", "b"), (signature, other))
    headings = [[axes.get_title("left") for axes in figure.axes] for figure in figures]
    assert ["rhythm: differs most" in found for found in headings] == [True, False]


def test_marked_stretch_is_drawn_on_the_second_path_and_in_the_curves(signature, other, figures):
    where = other.duration / 4, other.duration / 2
    comparison_picture(("a", "b"), (signature, other), Difference("rhythm", where))
    comparison_picture(("a", "b"), (signature, other), Difference("pressure"))
    marked, plain = (
        [sum(line.get_color() == MARK for line in axes.lines) for axes in figure.axes]
        for figure in figures
    )
    assert (sum(marked), sum(plain)) == (2, 0)
    spans = [
        patch.get_extents().transformed(axes.transData.inverted()).intervalx
        for axes in figures[0].axes
        for patch in axes.patches
        if to_hex(patch.get_facecolor()) == MARK
    ]
    assert len(spans) == 3
    np.testing.assert_allclose(spans, [[25, 50]] * 3)


AWKWARD = ["_a$b$.csv", "署名.csv", "$\\frac{"]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_written_as_they_are(signature, figures, name):
    signature_picture(name, signature)
    title = figures[0].axes[0].title
    assert title.get_text().startswith(f"{name}: ")
    assert not title.get_parse_math()


@pytest.mark.parametrize("name", [*AWKWARD, "x" * 200])
def test_awkward_names_can_be_drawn(signature, name):
    assert signature_picture(name, signature, "svg").count(b"<g id=") > 10


def test_long_names_are_cut_in_the_middle(signature, figures):
    signature_picture("begin" + "x" * 200 + "end", signature)
    name = titles(figures[0])[0].partition(":")[0]
    assert re.fullmatch("beginx+…x+end", name)
    assert len(name) == picture.MAX_NAME


def test_signature_without_ink_and_one_of_three_points_can_be_drawn(signature):
    floating = Signature.from_samples(signature.t, signature.x, signature.y, np.zeros(150))
    shortest = Signature.from_samples([0, 1, 2], [0, 1, 2], [0, 5, 1], [1, 1, 1])
    dots = Signature.from_strokes([0, 1, 2], [0, 1, 2], [0, 5, 1], [0, 1, 2])
    for odd in (floating, shortest, dots):
        assert signature_picture("a", odd).startswith(b"\x89PNG\r\n")


def test_signature_without_height_is_named(signature):
    flat = Signature.from_samples([0, 1, 2], [0, 1, 3], [4, 4, 4], [1, 1, 1])
    with pytest.raises(PreprocessingError, match=r"^b: y does not vary"):
        comparison_picture(("a", "b"), (signature, flat))

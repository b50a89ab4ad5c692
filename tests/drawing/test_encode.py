import pytest
from matplotlib.figure import Figure

from sigtdnn.drawing.encode import FORMATS, encoded


def figure(text="a"):
    made = Figure(figsize=(1, 1))
    made.text(0.5, 0.5, text)
    return made


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_figure_gives_the_same_bytes_on_another_day(format, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    first = encoded(figure(), format)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert encoded(figure(), format) == first
    assert encoded(figure("b"), format) != first


def test_letters_that_the_font_lacks_are_no_warning():
    assert encoded(figure("署名")).startswith(b"\x89PNG\r\n")

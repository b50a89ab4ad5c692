"""What no hand writes and no tablet records is refused, with the likely cause."""

import numpy as np
import pytest

from sigtdnn.errors import ImplausibleError
from sigtdnn.formats import ReadingOptions, read_signature


def csv(step=0.01, samples=100, pen=None, x=None, y=None):
    i = np.arange(samples)
    pen = i % 20 != 19 if pen is None else pen
    x = 10 * i if x is None else x
    y = np.round(100 * np.sin(i / 4)) if y is None else y
    rows = [f"{step * k!r},{x[k]},{y[k]},{int(pen[k])}" for k in range(samples)]
    return "\n".join(["t,x,y,pen", *rows]).encode()


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (10, "990 s at 0.1 samples a second, a signature takes 0.1 to 60 s at 20 to 1000; "
         "are the times in milliseconds? --time-unit ms"),
        (10_000, "in microseconds? --time-unit us"),
        (10_000_000, "in nanoseconds? --time-unit ns"),
        (0.00001, "0.00099 s at 1e.05 samples a second.*say in which unit"),
    ],
)  # fmt: skip
def test_a_clock_in_another_unit_is_refused_and_the_unit_named(step, message):
    with pytest.raises(ImplausibleError, match=message.replace("?", r"\?")):
        read_signature(csv(step))


def test_seconds_in_a_layout_of_milliseconds_are_named():
    rows = [f"{i} {i * i % 50} {i / 100} {int(i % 20 > 0)}" for i in range(100)]
    with pytest.raises(ImplausibleError, match=r"are the times in seconds\? --time-unit s"):
        read_signature("\n".join(["100", *rows]).encode())


def test_the_remedy_is_read():
    signature = read_signature(csv(10), ReadingOptions(time_unit="ms"))
    assert signature.duration == pytest.approx(0.99)


@pytest.mark.parametrize("step", [0.001, 0.05, 0.01])
def test_what_tablets_record_is_read(step):
    assert len(read_signature(csv(step, 110))) == 110


@pytest.mark.parametrize(
    ("options", "message"),
    [({"rate": 5}, "correct the rate"), ({"time_unit": "ms"}, r"in seconds\? --time-unit s")],
)
def test_what_was_told_wrongly_is_refused_too(options, message):
    with pytest.raises(ImplausibleError, match=message):
        read_signature(csv(), ReadingOptions(**options))


def test_minutes_of_writing_are_no_signature():
    with pytest.raises(ImplausibleError, match=r"89\.99 s at 100 samples.*give one whole"):
        read_signature(csv(samples=9000))


@pytest.mark.parametrize("axis", ["x", "y"])
def test_one_axis_is_no_signature(axis):
    with pytest.raises(ImplausibleError, match=f"{axis} does not vary"):
        read_signature(csv(**{axis: np.full(100, 5)}))


def test_strokes_of_one_point_betray_a_misread_pen():
    with pytest.raises(ImplausibleError, match=r"50 of 50 strokes are of one point.*--format"):
        read_signature(csv(pen=np.arange(100) % 2 == 0))


def test_a_few_dots_are_dots():
    pen = np.arange(100) < 60
    pen[70::10] = True
    assert read_signature(csv(pen=pen)).strokes == 4


def test_the_pen_must_write_somewhere():
    points = [f"{i} {i * i % 50} {10 * i} 0" for i in range(50)]
    with pytest.raises(ImplausibleError, match="never on the surface between two samples"):
        read_signature("\n".join(["50", *points]).encode(), ReadingOptions(format="svc2004"))

import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.signature import Device

ROWS = ("10 100 200", "11 102 1024", "20 110 0", "20 110 0", "30 100 5", "31 99 0")


def test_pressure_0_is_in_the_air(read):
    signature = read(ROWS, "a.hwr")
    assert signature.stroke.tolist() == [0, 0, 0, -1, 1, 1]
    assert signature.strokes == 2
    assert signature.pressure[1] == 1
    np.testing.assert_allclose(signature.t, np.arange(6) / 200)


def test_air_before_the_first_touch_and_after_the_last_is_no_part(read):
    rows = ["1 1 0", "2 2 0", *ROWS, "40 90 0", "50 80 0"]
    signature = read(rows, "a.hwr")
    assert signature.x.tolist() == [10, 11, 20, 20, 30, 31]
    assert signature.t[0] == 0


def test_repeated_points_stay(read):
    assert len(read([ROWS[0], *ROWS], "a.hwr", end="\r\n")) == 7


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1 2 -1", "line 7: pressure is -1"),
        ("1 2 65536", "line 7: pressure is 65536"),
        ("1 2 3 4", "line 7: 4 columns, 3 are wanted"),
        ("1 - 3", "line 7: y is '-', not a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, row, message):
    with pytest.raises(FormatError, match=message):
        read([*ROWS, row], "a.hwr")


def test_a_pen_that_never_touches_is_refused(read):
    with pytest.raises(FormatError, match="the pen never touches"):
        read(["1 1 0", "2 2 0", "3 1 0"], "a.hwr")


def test_what_the_tablet_is_known_to_be(read):
    signature = read(ROWS, "a.hwr")
    assert signature.device == Device(rate=200.0, units=None, levels=1024)
    assert signature.tilt is None

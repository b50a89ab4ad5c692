import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.signature import Device

HEADER = ["X, Y, TStamp, Pres., EndPts", "DataSize: 5"]
ROWS = ["10 100 0 51 0", "11 98 10 255 0", "12 97 25 0 1", "30 100 90 60 0", "31 99 100 60 0"]


def sized(*rows):
    return [HEADER[0], f"DataSize: {len(rows)}", *rows]


def test_coordinates_times_and_pressure(read):
    signature = read(HEADER + ROWS, "a.sig")
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.025, 0.09, 0.1])
    assert signature.x.tolist() == [10, 11, 12, 30, 31]
    np.testing.assert_allclose(signature.pressure[:3], [0.2, 1, 0])


def test_y_is_flipped_to_grow_upward(read):
    assert read(HEADER + ROWS, "a.sig").y.tolist() == [-100, -98, -97, -100, -99]


def test_endpoint_marks_the_last_point_of_a_stroke(read):
    signature = read(HEADER + ROWS, "a.sig")
    assert signature.pen.tolist() == [True, True, False, True, True]
    assert signature.strokes == 2


def test_the_last_point_may_be_marked_without_making_a_stroke(read):
    signature = read(sized(*ROWS[:4], "31 99 100 60 1"), "a.sig")
    assert signature.stroke.tolist() == [0, 0, 0, 1, 1]
    assert signature.strokes == 2


def test_strokes_of_one_point_are_kept_up_and_counted(read):
    rows = ["1 1 0 9 1", *(row.replace(" 0 51", " 5 51") for row in ROWS[:3]), "20 90 60 9 1"]
    signature = read(sized(*rows, *ROWS[3:], "40 90 130 9 1"), "a.sig")
    assert signature.pen.tolist() == [False, True, True, False, False, True, True, True]
    assert signature.stroke.tolist() == [0, 1, 1, 1, 2, 3, 3, 3]
    assert signature.strokes == 4


def test_a_stroke_of_one_point_at_the_end_is_up(read):
    signature = read(sized(*ROWS[:3], "40 90 130 9 0"), "a.sig")
    assert signature.pen.tolist() == [True, True, False, False]
    assert signature.strokes == 2


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([HEADER[0], "DataSize: 4", *ROWS], "line 2: the header states 4 points, 5 lines follow"),
        ([HEADER[0], "DataSize: -4", *ROWS], "line 2: '-4' is not a number of points"),
        ([HEADER[0], *ROWS], "line 2: 'DataSize: <points>' is missing"),
        ([HEADER[0]], "line 2: 'DataSize: <points>' is missing"),
        (sized(*ROWS[:4], "31 99 100 60"), "line 7: 4 columns, 5 are wanted"),
        (sized(*ROWS[:4], "31 99 100 60 2"), "line 7: endpoint is 2, 0 or 1 is wanted"),
        (
            sized(*ROWS[:4], "31 99 100 -1 0"),
            r"line 7: pressure is -1, 0\.\.255 is wanted.*--pressure-range",
        ),
        (sized(*ROWS[:4], "31 inf 100 60 0"), "line 7: y is 'inf', not a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.sig")


def test_another_header_is_refused_when_the_format_is_given(read):
    with pytest.raises(FormatError, match="line 1: the header is not 'x, y, tstamp"):
        read(["X, Y, Pres., TStamp, EndPts", *HEADER[1:], *ROWS], "a.sig", "susig")


def test_what_the_tablet_is_known_to_be(read):
    signature = read(HEADER + ROWS, "a.sig")
    assert signature.device == Device(rate=100.0, units=None, levels=255)
    assert signature.tilt is None

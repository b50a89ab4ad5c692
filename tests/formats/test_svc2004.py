import numpy as np
import pytest
from hypothesis import given

from sigtdnn.errors import AmbiguousLayoutError, FormatError
from sigtdnn.formats.options import Columns
from sigtdnn.formats.svc2004 import write
from sigtdnn.signature import Device, Signature
from tests.formats.drawn import again, check_equal, on_surface, signatures

# Two strokes of three and two points, 10 ms apart, a lift of 50 ms between them.
TASK_1 = ["5", "10 100 5000 0", "11 102 5010 1", "12 104 5020 1", "30 100 5070 0", "31 99 5080 1"]


def task_2(lines, pressure=512):
    return [lines[0], *(f"{line} 1200 600 {pressure}" for line in lines[1:])]


def with_rows(*rows):
    return [str(len(rows)), *rows]


def test_coordinates_times_and_lifts(read):
    signature = read(TASK_1, "a.TXT")
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.02, 0.07, 0.08])
    assert signature.x.tolist() == [10, 11, 12, 30, 31]
    assert signature.y.tolist() == [100, 102, 104, 100, 99]
    assert signature.pen.tolist() == [True, True, False, True, True]
    assert signature.strokes == 2
    assert signature.pressure is None


def test_pressure_of_task_2_is_a_share_of_1023(read):
    signature = read(task_2(TASK_1, 1023), "a.txt")
    assert signature.pressure.tolist() == [1.0] * 5


def test_tilt_of_task_2_is_in_tenths_of_a_degree(read):
    signature = read(task_2(TASK_1), "a.txt")
    np.testing.assert_allclose(signature.tilt, np.radians([[120, 60]] * 5))
    assert signature.device == Device(rate=100.0, units=None, levels=1023)


@pytest.mark.parametrize("angles", ["3601 600", "-1 600", "1200 901", "1200 0"])
def test_angles_that_are_none_are_not_told(read, angles):
    lines = [line.replace("1200 600", angles) for line in task_2(TASK_1)]
    assert read(lines, "a.txt").tilt is None


def test_task_1_knows_neither_tilt_nor_levels(read):
    signature = read(TASK_1, "a.txt")
    assert signature.tilt is None
    assert signature.device == Device(rate=100.0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(read, end):
    assert read(TASK_1, "a.txt", end=end).x.tolist() == [10, 11, 12, 30, 31]


def test_tabs_and_blank_lines_at_the_end_do_not_matter(read):
    lines = [line.replace(" ", "\t") for line in TASK_1]
    assert len(read([*lines, "", "  ", ""], "a.txt")) == 5


def test_button_0_is_the_first_point_of_a_stroke_and_not_in_the_air(read):
    signature = read(TASK_1, "a.txt")
    assert signature.x[0] == 10
    assert signature.pen[0]


def test_rows_with_a_side_button_and_no_tip_are_dropped(read):
    rows = ["0 0 0 2", *TASK_1[1:4], "20 90 5030 4", "21 91 5040 2", *TASK_1[4:]]
    signature = read(with_rows(*rows), "a.txt")
    assert signature.x.tolist() == [10, 11, 12, 30, 31]
    assert signature.strokes == 2


@pytest.mark.parametrize("button", [1, 3, 5])
def test_points_with_a_side_button_held_stay(read, button):
    rows = [*TASK_1[1:3], f"12 104 5020 {button}", *TASK_1[4:]]
    assert read(with_rows(*rows), "a.txt").x.tolist() == [10, 11, 12, 30, 31]


@pytest.mark.parametrize("button", [3, 5])
def test_a_hovering_row_is_a_lift_even_if_no_0_follows(read, button):
    rows = [*TASK_1[1:4], f"20 90 5030 {button - 1}", f"30 100 5070 {button}", TASK_1[5]]
    signature = read(with_rows(*rows), "a.txt")
    assert signature.pen.tolist() == [True, True, False, True, True]
    assert signature.strokes == 2


def test_a_first_row_that_is_not_0_starts_a_stroke_too(read):
    rows = ["10 100 5000 1", *TASK_1[2:]]
    signature = read(with_rows(*rows), "a.txt")
    assert signature.strokes == 2
    assert signature.pen[0]


def test_a_stroke_of_one_point_is_kept_up_and_counted(read):
    rows = [*TASK_1[1:4], "20 90 5040 0", *TASK_1[4:], "40 100 5200 0"]
    signature = read(with_rows(*rows), "a.txt")
    assert signature.x.tolist() == [10, 11, 12, 20, 30, 31, 40]
    assert signature.pen.tolist() == [True, True, False, False, True, False, False]
    assert signature.strokes == 4


def test_repeated_and_backward_stamps_are_repaired_and_counted(read):
    rows = [f"{i} {i * i % 7} {1000 + 10 * i} {int(i > 0)}" for i in range(60)]
    rows[20] = rows[20].replace("1200", "1190")
    rows[40] = rows[40].replace("1400", "1375")
    signature = read(with_rows(*rows), "a.txt")
    assert signature.repaired == 2
    np.testing.assert_allclose(signature.t, np.arange(60) / 100)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["6", *TASK_1[1:]], "line 1: the header states 6 points, 5 lines follow"),
        (TASK_1[:-1], "line 1: the header states 5 points, 4 lines follow"),
        (["5", *TASK_1[1:5], "31 99 5080"], "line 6: 3 columns, 4 are wanted"),
        (["5", *TASK_1[1:5], "31 99 x 1"], "line 6: time is 'x', not a number"),
        (["5", *TASK_1[1:5], "31 nan 5080 1"], "line 6: y is 'nan', not a number"),
        (["5", *TASK_1[1:5], "1e999 99 5080 1"], "line 6: x is '1e999', not a number"),
        (["5", *TASK_1[1:5], "1_0 99 5080 1"], "line 6: x is '1_0', not a number"),
        (["5", *TASK_1[1:4], "", TASK_1[5]], "line 5: 0 columns"),
        (task_2(TASK_1, 65536), r"line 2: pressure is 65536, 0\.\.65535 is wanted"),
        (task_2(TASK_1, -1), r"line 2: pressure is -1, 0\.\.1023 is wanted"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.txt")


@pytest.mark.parametrize("header", ["-5", "five", "5.0", "", "99999999999999999999", "5 5"])
def test_a_header_that_is_no_count_is_named(read, header):
    with pytest.raises(FormatError, match=r"line 1: .* is not a number of points"):
        read([header, *TASK_1[1:]], "a.txt", "svc2004")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["0"], "no points follow the header"),
        (["0", ""], "no points follow the header"),
        (["3", *["9 9 1 2"] * 3], "the pen never touches the surface"),
    ],
)
def test_a_file_without_a_signature_is_refused(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.txt", "svc2004")


def test_a_signature_is_written_as_the_task_that_holds_it():
    strokes = ([0, 0.01, 0.0204], [1, 2, 3.5], [5, 9, 7], [0, 0, 1])
    assert write(Signature.from_strokes(*strokes)) == b"3\n1 5 0 0\n2 9 10 1\n3.5 7 20 0\n"
    pressed = Signature.from_strokes(*strokes, [0, 0.5, 1], tilt=np.radians([[90, 45]] * 3))
    assert write(pressed).splitlines()[2] == b"2 9 10 1 900 450 512"


def test_no_two_times_are_written_equal():
    signature = Signature.from_strokes([0, 0.0001, 0.0002, 0.01], range(4), [0, 1, 4, 9], [0] * 4)
    assert [line.split()[2] for line in write(signature).splitlines()[1:]] == [
        b"0", b"1", b"2", b"10",
    ]  # fmt: skip


@given(signatures())
def test_what_is_written_reads_back_equal_but_for_the_air(signature):
    (found,) = again("svc2004", signature)
    # Tilt has its place beside pressure only.
    but = ["device"] + ["tilt"] * (signature.pressure is None)
    check_equal(found, on_surface(signature), *but, pressure=1 / 1023 + 1e-12)


@pytest.mark.parametrize("button", ["1.5", "256", "-1"])
def test_a_bit_mask_is_wanted_where_the_format_is_named(read, button):
    lines = ["5", *TASK_1[1:5], f"31 99 5080 {button}"]
    with pytest.raises(FormatError, match=f"line 6: button is {button}, a bit mask of 0..255"):
        read(lines, "a.txt", "svc2004")


FOUR = [f"{10 * i} {i * i % 50} {10 * i}" for i in range(60)]


@pytest.mark.parametrize(
    ("last", "message"),
    [
        (lambda i: i % 200, r"column 4 reaches 59: no buttons.*--format deepsigndb"),
        (lambda i: (i % 20 > 0) / 2, r"column 4 reaches 0\.5: no buttons"),
        (lambda i: 1, "column 4 is never 0, as at the first point of a stroke"),
        (lambda i: int(i % 20 < 15), r"column 4 is 0 in rows on end.*--columns x=1,y=2,t=3,pen=4"),
        (lambda i: 0, "column 4 is 0 in rows on end"),
    ],
)
def test_four_columns_that_are_no_buttons_are_refused(read, last, message):
    lines = ["60", *(f"{row} {last(i)}" for i, row in enumerate(FOUR))]
    with pytest.raises(AmbiguousLayoutError, match=message):
        read(lines, "a.txt")


def test_what_the_refusal_advises_is_read(read):
    lines = ["60", *(f"{row} {int(i % 20 < 15)}" for i, row in enumerate(FOUR))]
    columns = Columns(x=1, y=2, t=3, pen=4)
    assert read(lines, "a.txt", columns=columns, time_unit="ms").strokes == 3
    lines = ["60", *(f"{row} {9 * (i % 20 < 15)}" for i, row in enumerate(FOUR))]
    assert read(lines, "a.txt", "deepsigndb").strokes == 3


@pytest.mark.parametrize("name", ["a.txt", "a.dat", "a"])
def test_a_pen_flag_among_seven_columns_is_told_by_rows_without_pressure(read, name):
    rows = [f"{row} {int(i % 20 < 15)} 900 500" for i, row in enumerate(FOUR)]
    lines = ["60", *(f"{row} {300 * (i % 20 < 15)}" for i, row in enumerate(rows))]
    assert read(lines, name).strokes == 3


@pytest.mark.parametrize("name", ["a.txt", "a.dat", "a"])
def test_first_points_have_pressure(read, name):
    lines = ["60", *(f"{row} {int(i % 20 > 0)} 900 500 300" for i, row in enumerate(FOUR))]
    assert read(lines, name).strokes == 3

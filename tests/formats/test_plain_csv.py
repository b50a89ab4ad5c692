import numpy as np
import pytest
from hypothesis import given

from sigtdnn.errors import FormatError
from sigtdnn.formats.plain_csv import write
from sigtdnn.signature import Signature
from tests.formats.drawn import again, signatures

LINES = [
    "t,x,y,pen,pressure",
    "5.00,10,100,1,0.5",
    "5.01,11,102,0,0",
    "5.02,20,110,0,0",
    "5.03,30,100,1,1",
    "5.04,31,99,1,0.25",
]


def test_columns_are_read_by_name(read):
    signature = read(LINES, "a.csv")
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.02, 0.03, 0.04])
    assert signature.x.tolist() == [10, 11, 20, 30, 31]
    assert signature.y.tolist() == [100, 102, 110, 100, 99]
    assert signature.pen.tolist() == [True, False, False, True, True]
    assert signature.pressure.tolist() == [0.5, 0, 0, 1, 0.25]
    assert signature.strokes == 2


def test_columns_stand_in_any_order_and_pressure_may_be_absent(read):
    rows = [line.split(",") for line in LINES]
    turned = [",".join([row[3], row[1], row[0], row[2]]) for row in rows]
    signature = read(turned, "a.csv")
    assert signature.y.tolist() == [100, 102, 110, 100, 99]
    assert signature.pressure is None


def test_quotes_blanks_capitals_and_a_byte_order_mark_in_the_header_do_not_matter(read):
    lines = ['\ufeff"T", "X", "Y", "Pen", "Pressure"', *LINES[1:]]
    assert len(read(lines, "a.csv", end="\r\n")) == 5


def test_air_before_the_first_touch_and_after_the_last_is_no_part(read):
    lines = [LINES[0], "4.0,1,1,0,0", *LINES[1:], "5.05,40,90,0,0", "5.9,60,90,0,0"]
    signature = read(lines, "a.csv")
    assert signature.x.tolist() == [10, 11, 20, 30, 31, 40]
    assert signature.stroke.tolist() == [0, 0, -1, 1, 1, 1]
    assert signature.t[0] == 0


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["t,x,y", *LINES[1:]], "line 1: no column 'pen'"),
        (["time,x,y,pen,pressure", *LINES[1:]], "line 1: no column 't'"),
        (["t,x,y,pen,presure", *LINES[1:]], "line 1: unknown column 'presure'"),
        (["t,x,y,pen,x", *LINES[1:]], "line 1: column 'x' appears twice"),
        (["t,x,y,pen,", *LINES[1:]], "line 1: unknown column ''"),
        ([*LINES, "5.05,1,2,1"], "line 7: 4 columns, 5 are wanted"),
        ([*LINES, "5.05,1,2,up,0"], "line 7: pen is 'up', not a number"),
        ([*LINES, "5.05,1,2,2,0"], "line 7: pen is 2, 0 or 1 is wanted"),
        ([*LINES, "5.05,1,2,1,1.5"], r"line 7: pressure is 1.5, 0\.\.1 is wanted"),
        ([*LINES, "5.05,,2,1,0"], "line 7: x is '', not a number"),
        ([*LINES, "", "5.05,1,2,1,0"], "line 7: 1 columns, 5 are wanted"),
        ([*LINES, "5.05,1,9007199254740992,1,0"], "line 7: y is '9007199254740992'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.csv")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (LINES[:1], "no points follow the header"),
        ([LINES[0], *(line.replace(",1,", ",0,") for line in LINES[1:])], "never touches"),
        ([LINES[0], *("5.00,1,1,1,1" for _ in range(9))], "1 distinct points"),
        (
            [LINES[0], *(f"{t},{t},{t * t},1,1" for t in (1, 2, 3, 3, 4))],
            "1 of 5 time stamps repeat or run backward, at most 5% can be repaired; record again",
        ),
    ],
)
def test_a_file_without_a_signature_is_refused(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.csv")


def test_without_pressure_no_column_is_written():
    signature = Signature.from_samples([0, 0.01, 0.02], [0, 1.5, 2], [0, 1, 0], [1, 1, 0])
    assert write(signature) == b"t,x,y,pen\n0.0,0,0,1\n0.01,1.5,1,1\n0.02,2,0,1\n"


@pytest.mark.parametrize("pen", [[1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 1, 0]])
def test_strokes_read_back_equal_whatever_the_end(pen):
    i = np.arange(4)
    signature = Signature.from_samples(i / 100, i, i * i, pen)
    (found,) = again("csv", signature)
    last = signature.stroke >= 0
    np.testing.assert_array_equal(found.stroke, signature.stroke[last])


def test_a_dot_is_followed_by_its_lift():
    signature = Signature.from_strokes([0, 1, 2, 3, 5], range(5), [0, 1, 4, 9, 4], [0, 0, 1, 2, 2])
    assert [line.split(b",")[0] for line in write(signature).split()[1:]] == [
        b"0.0", b"1.0", b"2.0", b"2.5", b"3.0", b"5.0",
    ]  # fmt: skip
    (found,) = again("csv", signature)
    assert found.stroke.tolist() == [0, 0, 1, 1, 2, 2]


@given(signatures())
def test_what_is_written_reads_back_equal(signature):
    (found,) = again("csv", signature)
    own = np.isin(found.t, signature.t)
    assert found.t[own].tolist() == signature.t.tolist()
    assert found.x[own].tolist() == signature.x.tolist()
    assert found.stroke[own].tolist() == signature.stroke.tolist()
    if signature.pressure is not None:
        assert found.pressure[own].tolist() == signature.pressure.tolist()

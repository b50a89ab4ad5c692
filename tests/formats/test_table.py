import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.formats import ReadingOptions, read_signature
from sigtdnn.formats.options import Columns

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
        (
            ["t,x,y", *(line[: line.rindex(",", 0, line.rindex(","))] for line in LINES[1:])],
            "no column tells when",
        ),
        (
            ["time,x,y,pen,pressure", *LINES[1:]],
            "line 1: unknown column 'time'; correct it, or say which .*--columns t=Time",
        ),
        (["t,x,y,pen,presure", *LINES[1:]], "line 1: unknown column 'presure'"),
        (["t,x,y,pen,x", *LINES[1:]], "line 1: column 'x' appears twice"),
        (["t,x,y,pen,", *LINES[1:]], "line 1: unknown column ''"),
        ([*LINES, "5.05,1,2,1"], "line 7: 4 columns, 5 are wanted"),
        (
            [*LINES, "5.05,1,2,up,0"],
            "line 7: pen is 'up', not a number; say which values.*--down, --up",
        ),
        ([*LINES, "5.05,1,2,2,0"], "line 7: pen is 2, 0 or 1 is wanted"),
        ([*LINES, "5.05,1,2,1,1.5"], r"line 7: pressure is 1.5, 0\.\.1 is wanted"),
        ([*LINES, "5.05,,2,1,0"], "line 7: x is '', not a number; mend"),
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
            [LINES[0], *(f"{t},{t},{t * t},1,1" for t in (1, 2, 3, 0, 4))],
            "1 of 5 time stamps repeat or run backward, at most 5% can be repaired; if samples",
        ),
    ],
)
def test_a_file_without_a_signature_is_refused(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.csv")


# A stroke, samples in the air, and another stroke; what each test writes in its own way.
N = np.arange(60)
T, X, Y = N / 100, 10 * N, np.round(100 * np.sin(N / 5))
DOWN = (N < 25) | (N >= 35)


def table(head, row, end="\n"):
    rows = [row(i) for i in range(len(N))]
    return end.join([head, *rows] if head else rows).encode()


def same(content, **told):
    """Reads a table and checks that it is the same signature; which is returned."""
    signature = read_signature(content, ReadingOptions(**told))
    np.testing.assert_allclose(signature.t, T, atol=1e-9)
    assert signature.x.tolist() == X.tolist()
    assert signature.y.tolist() == Y.tolist()
    assert signature.strokes == 2
    return signature


def test_comments_semicolons_and_quoted_values_are_read_as_they_are():
    same(table("# of ours\nt;x;y;pen", lambda i: f"{T[i]};{X[i]};{Y[i]};{DOWN[i]:d}"))
    same(table('"t","x","y","pen"', lambda i: f'"{T[i]}","{X[i]}","{Y[i]}","{DOWN[i]:d}"'))
    same(table("t\tx\ty\tpen", lambda i: f"{T[i]}\t{X[i]}\t{Y[i]}\t{DOWN[i]:d}", "\r\n"))


def test_columns_are_told_by_name_in_any_case_and_others_are_ignored():
    signature = same(
        table("Stamp,X,Y,Force,On,note", lambda i: f"{T[i]},{X[i]},{Y[i]},{i},{DOWN[i]:d},a b"),
        columns=Columns(t="stamp", pen="ON", pressure="Force"),
        pressure_range=100,
    )
    assert signature.pressure.tolist() == (N / 100).tolist()
    assert signature.device.levels == 100


@pytest.mark.parametrize("head", ["", "a b c d\n", "60\n", "99\n"])
def test_columns_are_told_by_number_with_or_without_a_header_or_a_count(head):
    content = table("", lambda i: f"{X[i]} {Y[i]}  {DOWN[i]:d} {1000 * T[i]:g}")
    columns = Columns(t=4, x="1", y=2, pen=3)
    same(head.encode() + content, columns=columns, time_unit="ms")


def test_a_decimal_comma_is_told():
    content = table("t;x;y;pen", lambda i: f"{T[i]};{X[i]};{Y[i]};{DOWN[i]:d}").replace(b".", b",")
    same(content, decimal_comma=True)
    with pytest.raises(FormatError, match=r"line 2: y is '0,0', not a number.*--decimal-comma"):
        read_signature(content)
    quoted = table("t,x,y,pen", lambda i: f'"{T[i]}",{X[i]},"{Y[i]}",{DOWN[i]:d}')
    same(quoted.replace(b".", b","), decimal_comma=True)


def test_separator_and_mark_of_comments_are_told():
    content = table("% of ours\nt|x|y|pen", lambda i: f"{T[i]}|{X[i]}|{Y[i]}|{DOWN[i]:d}")
    same(content, separator="|", comment="%")


def test_y_grows_downward_where_that_is_told():
    same(table("t,x,y,pen", lambda i: f"{T[i]},{X[i]},{-Y[i]},{DOWN[i]:d}"), y="down")


def test_without_time_the_rate_is_told():
    content = table("x,y,pen", lambda i: f"{X[i]},{Y[i]},{DOWN[i]:d}")
    same(content, rate=100)
    with pytest.raises(FormatError, match=r"line 1: no column 't'.*or give the rate.*--rate"):
        read_signature(content)


def test_the_pen_is_on_the_surface_where_there_is_pressure():
    content = table("t,x,y,pressure", lambda i: f"{T[i]},{X[i]},{Y[i]},{0.5 * DOWN[i]}")
    assert same(content, pen_from_pressure=True).pen[:24].all()
    with pytest.raises(FormatError, match=r"no column tells when the pen.*--pen-from-pressure"):
        read_signature(content)
    with pytest.raises(FormatError, match="no column 'pressure' to tell the pen from"):
        read_signature(
            content.replace(b"pressure", b"p"),
            ReadingOptions(columns=Columns(t="t"), pen_from_pressure=True),
        )


@pytest.mark.parametrize("air", ["", "-1", "NaN"])
def test_the_pen_is_lifted_where_the_number_of_the_stroke_changes(air):
    number = np.where(N < 25, "7", np.where(DOWN, "9", air))
    same(table("t,x,y,stroke", lambda i: f"{T[i]},{X[i]},{Y[i]},{number[i]}"))
    both = table("t,x,y,stroke", lambda i: f"{T[i]},{X[i]},{Y[i]},{int(N[i] > 30)}")
    same(both)
    same(both.replace(b"stroke", b"ID"), columns=Columns(stroke="id"))


def test_the_pen_is_set_down_and_lifted_by_events():
    names = np.full(60, "pointermove")
    names[[0, 35]], names[[25, 59]] = "pointerdown", "pointerup"
    content = table("t,x,y,type", lambda i: f"{T[i]},{X[i]},{Y[i]},{names[i]}")
    told = {"columns": Columns(pen="type"), "down": ("pointerdown",), "up": ("PointerUp",)}
    signature = same(content, **told)
    assert signature.stroke[[24, 25, 26, 34, 35, 59]].tolist() == [0, 0, -1, -1, 1, 1]


def test_empty_coordinates_in_the_air_are_a_gap():
    gap = ~DOWN & (N > 26)
    content = table(
        "t,x,y,pen,pressure",
        lambda i: f"{T[i]},,,0," if gap[i] else f"{T[i]},{X[i]},{Y[i]},{DOWN[i]:d},{DOWN[i]:d}",
    )
    signature = read_signature(content)
    assert signature.x.tolist() == X[~gap].tolist()
    np.testing.assert_allclose(signature.t, T[~gap])
    assert signature.strokes == 2
    assert not signature.pen[26]


def test_no_coordinates_on_the_surface_are_refused():
    lines = table("t,x,y,pen", lambda i: f"{T[i]},{X[i]},{Y[i]},{DOWN[i]:d}").split(b"\n")
    lines[8] = b"0.07,,,1"
    with pytest.raises(FormatError, match="line 9: no coordinates, but the pen is on the surface"):
        read_signature(b"\n".join(lines))
    lines[8] = b"0.07,,3,1"
    with pytest.raises(FormatError, match="line 9: x is '', not a number"):
        read_signature(b"\n".join(lines))


def test_tilt_is_in_degrees():
    content = table(
        "t,x,y,pen,azimuth,altitude", lambda i: f"{T[i]},{X[i]},{Y[i]},{DOWN[i]:d},180,60"
    )
    np.testing.assert_allclose(same(content).tilt[7], np.radians([180, 60]))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (Columns(t="time"), "no column 'time' to be 't'; the columns are t, x, y, pen"),
        (Columns(t=5), "no column '5' to be 't'"),
    ],
)
def test_a_column_that_is_not_there_is_refused_and_those_that_are_named(columns, message):
    content = table("t,x,y,pen", lambda i: f"{T[i]},{X[i]},{Y[i]},{DOWN[i]:d}")
    with pytest.raises(FormatError, match=message):
        read_signature(content, ReadingOptions(columns=columns))


def test_columns_without_names_are_told_by_number():
    with pytest.raises(FormatError, match=r"no column 'time' to be 't'; .* numbers 1 to 3"):
        read_signature(b"1 2 3\n4 5 6", ReadingOptions(columns=Columns(t="time")))
    with pytest.raises(FormatError, match="line 1: no column 'x'; say which columns"):
        read_signature(b"1 2 3\n4 5 6", ReadingOptions(columns=Columns(t=1)))


def test_nothing_but_comments_is_refused():
    with pytest.raises(FormatError, match="no line but comments"):
        read_signature(b"# 1\n# 2", ReadingOptions(columns=Columns(t=1)))
    with pytest.raises(FormatError, match="no row has coordinates"):
        read_signature(b"t,x,y,pen\n1,,,0\n2,,,0")


def test_a_cell_that_is_too_long_for_csv_is_refused():
    content = table('"t",x,y,pen', lambda i: f"{T[i]},{X[i]},{Y[i]},1").replace(
        b"\n0.01,", b'\n"' + b"1" * 2**18 + b'",'
    )
    with pytest.raises(FormatError, match="line 3: 0 columns, 4 are wanted"):
        read_signature(content)

"""Invented points in the statements of UNIPEN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import FormatError
from sigtdnn.formats import FORMATS, ReadingOptions, read_signature, read_signatures
from sigtdnn.formats.source import Source, load
from tests.formats.drawn import again, check_equal, signatures

HEAD = [".VERSION 1.0", ".COORD X Y T P"]
FIRST = [".PEN_DOWN", "10 20 0 40", "14 28 10 50", "19 31 20 45"]
AIR = [".PEN_UP", "22 33 30 0", "26 33 40 0"]
BEFORE = [".PEN_UP", "5 5 -20 0", "6 6 -10 0"]
AFTER = [".PEN_UP", "40 44 70 0", "50 55 80 0"]
SECOND = [".PEN_DOWN", "30 20 50 30", "34 18 60 30"]


@pytest.fixture
def all_of(tmp_path):
    def all_of(lines, **told):
        path = tmp_path / "a.dat"
        path.write_bytes("\n".join(lines).encode("latin-1"))
        source = load(path)
        return list(FORMATS["unipen"].read(source, ReadingOptions(**told)))

    return all_of


@pytest.fixture
def one(all_of):
    def one(lines, **told):
        (signature,) = all_of(lines, **told)
        return signature

    return one


def test_blocks_on_the_surface_are_strokes_and_those_in_the_air_are_not(one):
    signature = one([*HEAD, *BEFORE, *FIRST, *AIR, *SECOND, *AFTER])
    assert signature.x.tolist() == [10, 14, 19, 22, 26, 30, 34, 40]
    assert signature.y.tolist() == [20, 28, 31, 33, 33, 20, 18, 44]
    # The first point in the air ends the stroke.
    assert signature.stroke.tolist() == [0, 0, 0, 0, -1, 1, 1, 1]
    np.testing.assert_allclose(signature.pressure[:4], np.divide([40, 50, 45, 0], 127))
    assert signature.device.levels == 127


def test_without_points_between_two_blocks_are_two_strokes(one):
    for between in ([], [".PEN_UP"], [".DT 400"]):
        signature = one([*HEAD, *FIRST, *between, *SECOND])
        assert signature.stroke.tolist() == [0, 0, 0, 1, 1]
        np.testing.assert_allclose(signature.t, [0, 0.01, 0.02, 0.05, 0.06])


def test_a_block_of_one_point_is_a_dot(one):
    dot = [".PEN_DOWN", "25 40 40 9", ".PEN_UP"]
    assert one([*HEAD, *FIRST, *dot, *SECOND]).stroke.tolist() == [0, 0, 0, 1, 2, 2]


def test_no_pressure_on_the_surface_is_in_the_air(one):
    page = [
        ".PEN_DOWN", "1 1 0 0", "2 2 10 5", "3 5 20 9", "4 4 30 0", "8 8 90 0", "9 9 100 5",
        "9 8 110 0",
    ]  # fmt: skip
    signature = one([*HEAD, *page])
    assert signature.x.tolist() == [2, 3, 4, 8, 9, 9]
    assert signature.stroke.tolist() == [0, 0, 0, -1, 1, 1]


def test_pressure_of_0_throughout_is_none(one):
    points = [line.rsplit(" ", 1)[0] + " 0" if line[0] != "." else line for line in FIRST]
    signature = one([*HEAD, *points])
    assert signature.pressure is None
    assert signature.stroke.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("rate", "steps", "seconds"),
    [
        ([], [0, 10, 22], [0, 0.01, 0.022]),
        ([".POINTS_PER_SECOND 100"], [0, 10, 22], [0, 0.01, 0.022]),
        ([".POINTS_PER_SECOND 200"], [5000, 9900, 15100], [0, 0.0049, 0.0101]),
        ([".POINTS_PER_SECOND 50"], [0.5, 0.52, 0.55], [0, 0.02, 0.05]),
    ],
)
def test_the_rate_tells_the_unit_of_time(one, rate, steps, seconds):
    rows = [f"{x} {x * x} {t} 9" for x, t in enumerate(steps)]
    np.testing.assert_allclose(one([*HEAD, *rate, ".PEN_DOWN", *rows]).t, seconds)
    np.testing.assert_allclose(
        one([*HEAD, *rate, ".PEN_DOWN", *rows], time_unit="ms").t,
        (np.array(steps) - steps[0]) / 1000,
    )


def test_without_time_points_come_at_the_rate_and_pauses_are_told(one):
    lines = [".COORD X Y", ".DT 900", ".PEN_DOWN", "1 1", "2 4", ".DT 100", ".DT 50", ".PEN_DOWN",
             "3 9", "4 4"]  # fmt: skip
    with pytest.raises(FormatError, match=r"neither T nor \.POINTS_PER_SECOND .*--rate"):
        one(lines)
    np.testing.assert_allclose(one([".POINTS_PER_SECOND 100", *lines]).t, [0, 0.01, 0.17, 0.18])
    assert one([".POINTS_PER_SECOND 100", *lines]).device.rate == 100
    np.testing.assert_allclose(one(lines, rate=50).t, [0, 0.02, 0.04, 0.06])


def test_points_of_two_numbers_need_no_columns(one):
    signature = one([".VERSION 1.0", ".PEN_DOWN", "1 1", "2 4", "5 6"], rate=100)
    assert signature.y.tolist() == [1, 4, 6]


@pytest.mark.parametrize(
    ("units", "across", "y"),
    [
        ([".X_POINTS_PER_MM 40", ".Y_POINTS_PER_MM 40"], 40, [20, 28, 31]),
        ([".X_POINTS_PER_INCH 254", ".Y_POINTS_PER_INCH 127"], 10, [40, 56, 62]),
        ([".X_POINTS_PER_MM 0"], None, [20, 28, 31]),
    ],
)
def test_units_are_those_of_x(one, units, across, y):
    signature = one([*HEAD, *units, *FIRST])
    assert signature.device.units == (None if across is None else pytest.approx(across))
    assert signature.y.tolist() == y


def test_columns_stand_in_any_order_and_others_are_ignored(one):
    signature = one([".COORD Z T Y X", ".PEN_DOWN", "7 0 20 10", "7 10 28 14", "7 20 31 19"])
    assert signature.x.tolist() == [10, 14, 19]
    assert signature.pressure is None


def test_comments_may_have_any_letters_and_text_that_begins_with_a_dot(one):
    lines = [".COMMENT Füße", "1 2 3", ".5 .6", " .PEN_DOWN", *HEAD, *FIRST]
    assert len(one(lines)) == 3


TWO = [*FIRST, ".PEN_UP", *SECOND[:2], "36 15 55 30", *SECOND[2:]]


@pytest.mark.parametrize(
    "lines",
    [
        [".SEGMENT SIGNATURE 0-1 ? \"a\"", ".SEGMENT SIGNATURE 2 ? \"b\"", *TWO],
        [".HIERARCHY PAGE WORD", ".SEGMENT WORD 0", ".SEGMENT PAGE 0", ".SEGMENT PAGE 2", *TWO],
        [".SEGMENT WORD 0", ".SEGMENT SIGNATURE 0", ".SEGMENT SIGNATURE 2", *TWO],
        [".START_BOX", *TWO[:5], ".START_BOX", *TWO[5:], ".START_BOX"],
    ],
)  # fmt: skip
def test_segments_and_boxes_are_signatures(all_of, tmp_path, lines):
    first, second = all_of([*HEAD, *lines])
    assert first.x.tolist() == [10, 14, 19]
    assert second.x.tolist() == [30, 36, 34]
    assert second.t[0] == 0


def test_signatures_of_a_file_are_told_apart_by_number(tmp_path):
    path = tmp_path / "two.dat"
    points = [f"{10 * i % 70} {i * i % 31} {10 * i} 9" for i in range(40)]
    blocks = [".PEN_DOWN", *points[:20], ".PEN_DOWN", *points[20:]]
    segments = [".SEGMENT SIGNATURE 0", ".SEGMENT SIGNATURE 1"]
    path.write_text("\n".join([*HEAD, *segments, *blocks]))
    assert [len(signature) for signature in read_signatures(path)] == [20, 20]
    assert read_signature(f"{path}#2").x[0] == 200 % 70


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "the file is empty"),
        ([".VERSION 1.0", ".INCLUDE a.dat"], r"no points below \.PEN_DOWN; .*\.INCLUDE"),
        ([*HEAD, ".PEN_UP", "1 1 1 1", "2 2 2 2"], "never touches"),
        ([*HEAD, ".PEN_DOWN", "1 2 3"], "line 4: 3 columns, 4 are wanted"),
        ([*HEAD, ".PEN_DOWN", "1 2 3 x"], "line 4: P is 'x', not a number"),
        ([*HEAD, ".PEN_DOWN", "1 2 3 nan"], "line 4: P is 'nan', not a number"),
        ([*HEAD, ".PEN_DOWN", "1 2 1e300 1"], "line 4: T is '1e300', not a number"),
        ([*HEAD, *FIRST[:-1], "1 2 20 -5"], r"pressure is -5, 0\.\.127"),
        ([".COORD X T", ".PEN_DOWN", "1 1"], r"line 1: \.COORD does not name X and Y"),
        ([".COORD X Y X", ".PEN_DOWN", "1 1 1"], r"line 1: \.COORD does not name X and Y"),
        ([".COORD", ".PEN_DOWN", "1 1 1"], r"\.COORD does not name X and Y"),
        ([*HEAD, *FIRST, ".COORD X Y", *FIRST], "line 7: the columns change"),
        ([*HEAD, ".DT soon", *FIRST], r"line 3: \.DT tells no number"),
        ([*HEAD, ".DT", *FIRST], r"\.DT tells no number"),
        ([*HEAD, ".POINTS_PER_SECOND -1", *FIRST], "line 3: .POINTS_PER_SECOND tells no number"),
        ([*HEAD, ".POINTS_PER_SECOND nan", *FIRST], "line 3: .POINTS_PER_SECOND tells no number"),
        ([*HEAD, ".SEGMENT SIGNATURE 0:1-0:2", *FIRST], "line 3: a segment of '0:1-0:2'"),
        ([*HEAD, ".SEGMENT SIGNATURE", *FIRST], "line 3: a segment of ''"),
        ([*HEAD, ".SEGMENT", *FIRST], "a segment of nothing"),
        ([*HEAD, ".SEGMENT A 0-1", *FIRST], "line 3: blocks 0-1 of 1 come again, or not at all"),
        ([*HEAD, ".SEGMENT A 0", ".SEGMENT A 0", *FIRST], "line 4: blocks 0-0 of 1"),
        ([*HEAD, ".SEGMENT A 1", *FIRST, ".PEN_UP"], "line 3: a signature without points"),
    ],
)
def test_what_is_wrong_is_said_and_where(all_of, lines, message):
    with pytest.raises(FormatError, match=message):
        all_of(lines)


def test_a_file_of_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr("sigtdnn.formats.unipen_document.MAX_LINES", 5)
    with pytest.raises(FormatError, match="over 5 lines"):
        FORMATS["unipen"].read(Source("a", "\n".join(HEAD + FIRST).encode()), ReadingOptions())


def test_a_file_of_too_many_signatures_is_refused(all_of, monkeypatch):
    monkeypatch.setattr("sigtdnn.formats.unipen.MAX_SIGNATURES", 1)
    with pytest.raises(FormatError, match="over 1 signatures"):
        all_of([*HEAD, *TWO[:5], ".START_BOX", *TWO[5:]])


@given(signatures(units=(None, 100.0, 39.37)))
def test_what_is_written_reads_back_equal(signature):
    levels = signature.device.levels
    (found,) = again("unipen", signature, pressure_range=levels)
    # No touch is too light to count, and tilt has no place.
    check_equal(found, signature, "tilt", pressure=1.01 / (levels or 1000))


@given(st.lists(signatures(), min_size=2, max_size=4))
def test_several_are_written_to_one_file(several):
    for one, wanted in zip(again("unipen", *several), several, strict=True):
        check_equal(one, wanted, "tilt", "device", "pressure")


def test_files_of_others(datasets):
    folder = datasets / "unipen-subset" / "include"
    (page,) = read_signatures(folder / "atu" / "data" / "atu1" / "aab02.dat")
    assert (len(page), page.strokes, page.device.rate, page.device.units) == (687, 13, 200, 50)
    np.testing.assert_allclose(page.t[:3], [0, 0.003513, 0.008149])
    assert page.x[:3].tolist() == [0, 9, 15]
    assert page.y[:3].tolist() == [0, 10, 18]
    np.testing.assert_allclose(page.pressure[:3], np.divide([2, 5, 9], 127))
    # A lift after 34 points, of 317 ms, that begins and ends with no pressure.
    lifted = int(np.flatnonzero(~page.pen)[0])
    assert page.x[[lifted, lifted + 1]].tolist() == [-365, 234]
    np.testing.assert_allclose(np.diff(page.t)[lifted], 0.317014)
    source = load(folder / "pri" / "data" / "pri0" / "000.0.dat")
    boxes = FORMATS["unipen"].read(source, ReadingOptions(rate=135))
    # Of 134 blocks on the surface.
    assert [one.strokes for one in boxes] == [62, 61, 11]
    assert boxes[0].x[:3].tolist() == [0, 1245, 1245]

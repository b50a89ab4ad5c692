import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.formats import read_signature
from sigtdnn.formats.deepsigndb import read as read_deepsigndb
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.source import UNNAMED, Source
from sigtdnn.signature import Device

E_BIOSIGN = ("10 20 1000 0", "11 22 1005 90", "12 25 1010 200", "13 29 1015 0", "14 28 1020 0",
             "15 27 1025 80", "16 27 1030 1000")  # fmt: skip
MCYT = ("10 20 0 1150 580 300", "11 22 10 1150 580 0", "12 25 20 1160 590 0",
        "13 29 30 1160 590 900")  # fmt: skip
BIOSECURID = ("10 20 0 1 1150 580 300", "11 22 10 0 1150 580 0", "12 25 20 0 1160 590 0",
              "13 29 30 1 1160 590 900")  # fmt: skip


def found(rows, options=NOTHING_TOLD, stated=None):
    text = "\n".join([str(stated or len(rows)), *rows])
    return read_deepsigndb(Source(UNNAMED, text.encode()), options)


def test_four_columns_end_with_the_pressure():
    signature = found(E_BIOSIGN)
    assert signature.x.tolist() == [11, 12, 13, 14, 15, 16]
    assert signature.stroke.tolist() == [0, 0, 0, -1, 1, 1]
    np.testing.assert_allclose(signature.t, np.arange(6) / 200)
    assert signature.device == Device(levels=1023)
    assert signature.tilt is None


@pytest.mark.parametrize("rows", [MCYT, BIOSECURID])
def test_six_and_seven_columns_have_angles(rows):
    signature = found(rows)
    assert signature.stroke.tolist() == [0, 0, -1, 1]
    np.testing.assert_allclose(np.degrees(signature.tilt[-1]), [116, 59])
    assert signature.pressure[-1] == 900 / 1023


def test_the_header_may_state_more_rows_than_follow():
    for rows in (MCYT, BIOSECURID):
        assert len(found(rows, stated=9)) == 4
        assert found(rows, stated=9).notes == ("the header states 9 points, 4 lines follow",)
        assert found(rows).notes == ()
    with pytest.raises(FormatError, match="states 3 points, 4 lines follow"):
        found(MCYT, stated=3)


def test_a_finger_has_no_pressure_and_tells_no_lift():
    rows = [f"{x} {y} {t} 0" for x, y, t in ((1, 1, 0), (2, 4, 10), (9, 9, 300), (10, 8, 310))]
    signature = found(rows)
    assert signature.pressure is None
    assert signature.strokes == 1


def test_lost_time_stamps_need_a_rate():
    rows = [f"{i} {i * i} 0 500" for i in range(4)]
    with pytest.raises(FormatError, match=r"all time stamps are equal; .* \(--rate 100\)"):
        found(rows)
    assert found(rows, ReadingOptions(rate=100)).t[1] == 0.01


@pytest.mark.parametrize("width", [4, 6, 7])
def test_the_name_tells_it_from_svc2004(tmp_path, width):
    rows = [f"{900 * np.sin(i / 9):.0f} {i} {10 * i}" for i in range(60)]
    rest = {4: "{}", 6: "1150 580 {}", 7: "1 1150 580 {}"}[width]
    rows = [f"{row} {rest.format(200 + i)}" for i, row in enumerate(rows)]
    path = tmp_path / "u1009_g_0001.txt"
    path.write_text("\n".join(["60", *rows]))
    assert read_signature(path).strokes == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [("1 2 3 -4", "line 9: pressure is -4"), ("1 2 3", "line 9: 3 columns, 4 are wanted")],
)
def test_what_is_wrong_is_named_with_its_line(row, message):
    with pytest.raises(FormatError, match=message):
        found([*E_BIOSIGN, row])

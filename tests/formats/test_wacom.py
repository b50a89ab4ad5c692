import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from sigtdnn.errors import FormatError
from sigtdnn.formats import read_signatures
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.source import UNNAMED, Source
from sigtdnn.formats.wacom import read as read_wacom
from sigtdnn.formats.wacom import write
from sigtdnn.signature import Device, Signature
from tests.formats.drawn import signatures

ROWS = (
    "30 500 70 0 1190 720 0",
    "40 490 80 1 1190 720 9000",
    "45 480 88 1 1200 710 16000",
    "46 470 95 0 1200 700 0",
    "50 475 103 0 1200 700 0",
    "60 480 110 1 1210 690 20000",
    "70 490 118 1 1210 680 12000",
)


def found(lines, options=NOTHING_TOLD):
    return read_wacom(Source(UNNAMED, "\n".join(lines).encode()), options)


@pytest.mark.parametrize("stated", [7, 6])
def test_the_pen_flag_is_a_state_and_the_count_may_be_one_too_few(stated):
    signature = found([str(stated), *ROWS])
    assert signature.x.tolist() == [40, 45, 46, 50, 60, 70]
    assert signature.stroke.tolist() == [0, 0, 0, -1, 1, 1]
    np.testing.assert_allclose(signature.t, [0, 0.008, 0.015, 0.023, 0.03, 0.038])
    np.testing.assert_allclose(signature.pressure[1], 16000 / 32767)
    np.testing.assert_allclose(np.degrees(signature.tilt[0]), [119, 72])
    assert signature.device == Device(levels=32767)
    told = (f"the header states {stated} points, 7 lines follow",)
    assert signature.notes == (told if stated == 6 else ())


@pytest.mark.parametrize("stated", ["5", "8", "x", "", "-7"])
def test_another_count_is_refused(stated):
    with pytest.raises(FormatError, match="line 1: "):
        found([stated, *ROWS])


def test_the_ending_tells_it_from_svc2004(tmp_path):
    path = tmp_path / "a.SVC"
    rows = [f"{900 * np.sin(i / 9):.0f} {i} {8 * i} {int(i < 50)} 1190 720 400" for i in range(60)]
    path.write_text("\n".join(["59", *rows]))
    assert len(read_signatures(path)[0]) == 51


def test_zeros_throughout_are_no_pressure_and_no_angles():
    signature = found(["3", "1 1 0 1 0 0 0", "2 4 8 1 0 0 0", "3 9 16 1 0 0 0"])
    assert signature.pressure is signature.tilt is signature.device.levels is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1 2 3 2 0 0 9", "line 9: pen is 2, 0 or 1 is wanted"),
        ("1 2 3 1 0 0 -9", "line 9: pressure is -9"),
        ("1 2 3 1 0 0", "line 9: 6 columns, 7 are wanted"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(row, message):
    with pytest.raises(FormatError, match=message):
        found(["8", *ROWS, row])


def test_what_is_told_goes_first():
    options = ReadingOptions(rate=50, y="down", pressure_range=40_000)
    signature = found(["7", *ROWS], options)
    assert signature.y[0] == -490
    assert signature.t[1] == 0.02
    assert signature.pressure[1] == 0.4
    assert signature.device == Device(rate=50, levels=40_000)


@given(signatures())
def test_what_is_written_is_read_again(signature):
    again = read_wacom(Source(UNNAMED, write(signature)), NOTHING_TOLD)
    assert again.strokes == signature.strokes
    inside = np.isin(again.t.round(6), signature.t.round(6))
    assert len(again) - len(signature) == np.count_nonzero(~inside)
    np.testing.assert_array_equal(again.x[inside], signature.x)
    np.testing.assert_array_equal(again.y[inside], signature.y)
    assert (again.tilt is None) == (signature.tilt is None)
    if signature.tilt is not None:
        np.testing.assert_allclose(again.tilt[inside], signature.tilt, atol=1e-9)
    if signature.pressure is None or not signature.pressure.any():
        assert again.pressure is None
    else:
        full, levels = again.device.levels, signature.device.levels
        np.testing.assert_allclose(again.pressure[inside] * full, signature.pressure * levels)


def test_fractions_are_written_as_they_are():
    t = np.arange(4) / 133
    signature = Signature.from_samples(t, [0.5, 1, 2, 1e-7], [0, 1, 4, 9.25], np.ones(4))
    lines = write(signature).decode().splitlines()
    assert lines[0] == "4"
    assert lines[2] == "1 1 7.518796992 1 0 0 0"
    again = read_wacom(Source(UNNAMED, write(signature)), NOTHING_TOLD)
    np.testing.assert_allclose(again.x, signature.x)
    np.testing.assert_allclose(again.t, signature.t, atol=1e-9)


SAMPLE = Path(os.environ.get("SIGTDNN_DATASETS", "absent"), "wacom-svc-sample")


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="SIGTDNN_DATASETS names no such folder")
def test_a_real_file():
    (path,) = SAMPLE.glob("*.svc")
    (signature,) = read_signatures(path)
    # 607 points below a line that says 606; the pen rises twice, and is down at both ends.
    assert len(signature) == 607
    assert (signature.x[0], signature.y[0]) == (4034, 7509)
    assert signature.strokes == 3
    assert (signature.stroke == -1).sum() == 104
    assert signature.device.levels == 32767
    assert signature.pressure[0] == 10852 / 32767
    assert signature.duration == pytest.approx(8.9, abs=0.5)
    np.testing.assert_allclose(np.degrees(signature.tilt[3]), [115, 67])

import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.formats import read_signature
from sigtdnn.formats.mcyt import read as read_mcyt
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.source import UNNAMED, Source
from sigtdnn.signature import Device

HEADER = "t\tx\ty\tpressure\tpenup\tazimuth\tinclination"
ROWS = (
    "0.0000 100.0000 200.0000 300.0 1.0 115.0 58.0",
    "0.0100 110.0000 205.5000 400.0 0.0 115.0 58.0",
    "0.0200 120.0000 207.0000 0.0 1.0 116.0 59.0",
    "0.0300 130.0000 208.0000 0.0 0.0 116.0 59.0",
    "0.0400 140.0000 205.0000 350.0 1.0 117.0 60.0",
    "0.0500 150.0000 201.0000 1023.0 0.0 117.0 60.0",
)


def found(lines, options=NOTHING_TOLD):
    return read_mcyt(Source(UNNAMED, "\n".join(lines).encode()), options)


@pytest.mark.parametrize("lines", [ROWS, (HEADER, *ROWS), (HEADER.title(), *ROWS)])
def test_the_fifth_column_marks_a_change(lines):
    signature = found(lines)
    assert signature.stroke.tolist() == [0, 0, 0, -1, 1, 1]
    np.testing.assert_allclose(signature.t, np.arange(6) / 100)
    assert signature.y[1] == 205.5
    assert signature.pressure[-1] == 1
    np.testing.assert_allclose(np.degrees(signature.tilt[0]), [115, 58])
    assert signature.device == Device(rate=100, levels=1023)


def test_it_is_recognised_with_and_without_names(tmp_path):
    rows = [
        f"{i / 100:.4f} {100 * np.sin(i / 9):.3f} {i}.0 {300.0 * (i // 20 != 1)} "
        f"{float(i in (0, 20, 40))} 115.0 58.0"
        for i in range(60)
    ]
    for number, lines in enumerate([rows, [HEADER, *rows]]):
        path = tmp_path / f"00{number}-g-01.txt"
        path.write_text("\n".join(lines) + "\n")
        assert read_signature(path).strokes == 2


def test_a_state_in_the_fifth_column_is_refused():
    rows = [f"{i / 100} {i} {i * i} 300 1 115 58" for i in range(9)]
    with pytest.raises(FormatError, match=r"column 5 is 1 in 9 rows, .* in 0: no change of pen"):
        found(rows)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("0.06 1 2 -3 0 115 58", "line 7: pressure is -3"),
        ("0.06 1 2 3 2 115 58", "line 7: change is 2, 0 or 1"),
        ("0.06 1 2 3 0 115", "line 7: 6 columns, 7 are wanted"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(row, message):
    with pytest.raises(FormatError, match=message):
        found([*ROWS, row])


def test_what_is_told_goes_first():
    signature = found(ROWS, ReadingOptions(rate=200, y="down", pressure_range=2000))
    assert signature.t[1] == 0.005
    assert signature.y[0] == -200
    assert signature.pressure[1] == 0.2
    assert signature.device == Device(rate=200, levels=2000)

import numpy as np
import pytest

from sigtdnn.errors import FormatError
from sigtdnn.signature import Device

LOST = "0 0 -4 0 0"
ROWS = ["10 100 0 900 500", "11 102 512 900 500", "20 110 -1 900 500", "30 100 1024 900 500"]


def sized(*rows):
    return [f"ABC-1_2 {len(rows)}", *rows]


def test_coordinates_and_a_clock_of_200_hz(read):
    signature = read(sized(*ROWS), "a.hwr")
    np.testing.assert_allclose(signature.t, [0, 0.005, 0.01, 0.015])
    assert signature.x.tolist() == [10, 11, 20, 30]
    assert signature.y.tolist() == [100, 102, 110, 100]


def test_pressure_0_is_on_the_surface_and_minus_1_in_the_air(read):
    signature = read(sized(*ROWS), "a.hwr")
    assert signature.stroke.tolist() == [0, 0, 0, 1]
    assert signature.pressure.tolist() == [0, 0.5, 0, 1]
    assert signature.strokes == 2


def test_lost_samples_are_no_points_but_take_their_time(read):
    rows = [*ROWS[:1], LOST, *ROWS[1:2], "\t 0  0    -4   0 0", LOST, *ROWS[2:]]
    signature = read(sized(*rows), "a.hwr")
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.025, 0.03])
    assert signature.x.tolist() == [10, 11, 20, 30]
    assert signature.stroke.tolist() == [0, 0, 0, 1]
    assert signature.repaired == 0


def test_a_point_at_the_origin_of_the_tablet_is_no_lost_sample(read):
    signature = read(sized("0 0 0 0 0", *ROWS), "a.hwr")
    assert len(signature) == 5


def test_tabs_and_runs_of_blanks_do_not_matter(read):
    rows = ["\t   " + row.replace(" ", "    ") for row in ROWS]
    assert len(read(sized(*rows), "a.hwr")) == 4


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["ABC 5", *ROWS], "line 1: the header states 5 points, 4 lines follow"),
        (sized(*ROWS, "0 0 -4 0 1"), r"line 6: pressure is -4, -1 \(in the air\) or more is"),
        (sized(*ROWS, "1 1 -2 900 500"), "line 6: pressure is -2"),
        (sized(*ROWS, "1 1 -0.5 900 500"), "line 6: pressure is -0.5"),
        (sized(*ROWS, "1 1 65536 900 500"), "line 6: pressure is 65536"),
        (sized(*ROWS, "1 1 5 900"), "line 6: 4 columns, 5 are wanted"),
        (sized(*ROWS, "1 1 5 900 north"), "line 6: altitude is 'north', not a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, lines, message):
    with pytest.raises(FormatError, match=message):
        read(lines, "a.hwr")


def test_a_file_without_a_signature_is_refused(read):
    with pytest.raises(FormatError, match="the pen never touches"):
        read(sized(*[LOST] * 4), "a.hwr")


def test_a_header_of_blanks_is_named(read):
    with pytest.raises(FormatError, match="line 1: '' is not a number of points"):
        read(["  ", *ROWS], "a.hwr", "sigcomp2009")


def test_tilt_is_in_tenths_of_a_degree_and_the_tablet_has_100_units_a_millimetre(read):
    signature = read(sized(LOST, *ROWS), "a.hwr")
    np.testing.assert_allclose(signature.tilt, np.radians([[90, 50]] * 4))
    assert signature.device == Device(rate=200.0, units=100.0, levels=1024)


def test_angles_that_are_none_are_not_told(read):
    assert read(sized(*ROWS, "1 1 5 900 0"), "a.hwr").tilt is None

import numpy as np
import pytest

from sigtdnn.errors import FormatError

LOST = "0 0 -4 0 0"
ROWS = ["10 100 0 900 500", "11 102 512 900 500", "20 110 -1 900 500", "30 100 1024 900 500"]


def sized(*rows):
    return [f"ABC-1_2 {len(rows)}", *rows]


class Test2009:
    def test_coordinates_and_a_clock_of_200_hz(self, read):
        signature = read(sized(*ROWS), "a.hwr")
        np.testing.assert_allclose(signature.t, [0, 0.005, 0.01, 0.015])
        assert signature.x.tolist() == [10, 11, 20, 30]
        assert signature.y.tolist() == [100, 102, 110, 100]

    def test_pressure_0_is_on_the_surface_and_minus_1_in_the_air(self, read):
        signature = read(sized(*ROWS), "a.hwr")
        assert signature.pen.tolist() == [True, True, False, True]
        assert signature.pressure.tolist() == [0, 0.5, 0, 1]
        assert signature.strokes == 2

    def test_lost_samples_are_no_points_but_take_their_time(self, read):
        rows = [*ROWS[:1], LOST, *ROWS[1:2], "\t 0  0    -4   0 0", LOST, *ROWS[2:]]
        signature = read(sized(*rows), "a.hwr")
        np.testing.assert_allclose(signature.t, [0, 0.01, 0.025, 0.03])
        assert signature.x.tolist() == [10, 11, 20, 30]
        assert signature.pen.tolist() == [True, True, False, True]
        assert signature.repaired == 0

    def test_a_point_at_the_origin_of_the_tablet_is_no_lost_sample(self, read):
        signature = read(sized("0 0 0 0 0", *ROWS), "a.hwr")
        assert len(signature) == 5

    def test_tabs_and_runs_of_blanks_do_not_matter(self, read):
        rows = ["\t   " + row.replace(" ", "    ") for row in ROWS]
        assert len(read(sized(*rows), "a.hwr")) == 4

    @pytest.mark.parametrize(
        ("lines", "message"),
        [
            (["ABC 5", *ROWS], "line 1: the header tells 5 points, 4 lines follow"),
            (sized(*ROWS, "0 0 -4 0 1"), r"line 6: pressure is -4, -1 \(in the air\) or 0\.\.1024"),
            (sized(*ROWS, "1 1 -2 900 500"), "line 6: pressure is -2"),
            (sized(*ROWS, "1 1 -0.5 900 500"), "line 6: pressure is -0.5"),
            (sized(*ROWS, "1 1 1025 900 500"), "line 6: pressure is 1025"),
            (sized(*ROWS, "1 1 5 900"), "line 6: 4 columns, 5 are wanted"),
            (sized(*ROWS, "1 1 5 900 north"), "line 6: altitude is 'north', not a number"),
            (sized(*[LOST] * 4), "the pen never touches"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, read, lines, message):
        with pytest.raises(FormatError, match=message):
            read(lines, "a.hwr")

    def test_a_header_of_blanks_is_named(self, read):
        with pytest.raises(FormatError, match="line 1: '' is no number of points"):
            read(["  ", *ROWS], "a.hwr", "sigcomp2009")


class Test2011:
    ROWS = ("10 100 200", "11 102 1024", "20 110 0", "20 110 0", "30 100 5", "31 99 0")

    def test_pressure_0_is_in_the_air(self, read):
        signature = read(self.ROWS, "a.hwr")
        assert signature.pen.tolist() == [True, True, False, False, True, False]
        assert signature.strokes == 2
        assert signature.pressure[1] == 1
        np.testing.assert_allclose(signature.t, np.arange(6) / 200)

    def test_air_before_the_first_touch_and_after_the_last_is_no_part(self, read):
        rows = ["1 1 0", "2 2 0", *self.ROWS, "40 90 0", "50 80 0"]
        signature = read(rows, "a.hwr")
        assert signature.x.tolist() == [10, 11, 20, 20, 30, 31]
        assert signature.t[0] == 0

    def test_repeated_points_stay(self, read):
        assert len(read([self.ROWS[0], *self.ROWS], "a.hwr", end="\r\n")) == 7

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("1 2 -1", "line 7: pressure is -1"),
            ("1 2 1025", "line 7: pressure is 1025"),
            ("1 2 3 4", "line 7: 4 columns, 3 are wanted"),
            ("1 - 3", "line 7: y is '-', not a number"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, read, row, message):
        with pytest.raises(FormatError, match=message):
            read([*self.ROWS, row], "a.hwr")

    def test_a_pen_that_never_touches_is_refused(self, read):
        with pytest.raises(FormatError, match="the pen never touches"):
            read(["1 1 0", "2 2 0", "3 1 0"], "a.hwr")

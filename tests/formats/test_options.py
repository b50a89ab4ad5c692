"""What a reader is told comes before what its format usually is."""

import io

import numpy as np
import pytest

from sigtdnn.errors import ConfigurationError, FormatError
from sigtdnn.formats import ReadingOptions, read_signature
from sigtdnn.formats.options import Columns, read_options
from tests.tools import read_unchecked

ROWS = [f"{10 * i} {i * i} {10 * i} {int(i > 0)}" for i in range(20)]
SVC = "\n".join(["20", *ROWS]).encode()


def read(**told):
    return read_signature(SVC, ReadingOptions(**told))


def test_a_file_is_read_by_its_path_as_bytes_or_opened(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(SVC)
    with path.open("rb") as file:
        found = [read_signature(one) for one in (path, str(path), SVC, io.BytesIO(SVC), file)]
    for one in found:
        np.testing.assert_array_equal(one.y, found[0].y)


def test_an_error_in_bytes_names_no_file_and_one_in_an_open_file_its_name(tmp_path):
    with pytest.raises(FormatError, match=r"\(bytes\), line 1: the header states 20 points"):
        read_signature(SVC + b"\n1 2 3 4")
    (tmp_path / "a.txt").write_bytes(SVC + b"\n1 2 3 4")
    with (
        (tmp_path / "a.txt").open("rb") as file,
        pytest.raises(FormatError, match=r"a\.txt, line 1: the header states 20 points"),
    ):
        read_signature(file)


def test_the_unit_of_time_is_told():
    with pytest.raises(FormatError, match=r"0\.00019 s at"):
        read(time_unit="us")
    np.testing.assert_allclose(read(time_unit="ms").t, read().t)


def test_a_rate_takes_the_place_of_the_stamps():
    signature = read(rate=50)
    np.testing.assert_allclose(signature.t, np.arange(20) / 50)
    assert signature.device.rate == 50


def test_y_is_turned_where_it_is_told_to_grow_downward():
    np.testing.assert_array_equal(read(y="down").y, -read().y)
    np.testing.assert_array_equal(read(y="up").y, read().y)


@pytest.mark.parametrize(
    ("told", "largest", "levels"), [(None, 900, 1023), (None, 1500, 2047), (4095, 900, 4095)]
)
def test_the_range_of_pressure_is_told_or_the_next_usual_one(tmp_path, told, largest, levels):
    path = tmp_path / "a.txt"
    rows = [f"{row} 900 500 {largest if i == 7 else 9}" for i, row in enumerate(ROWS)]
    path.write_text("\n".join(["20", *rows]))
    signature = read_unchecked(path, ReadingOptions(pressure_range=told))
    assert signature.device.levels == levels
    assert signature.pressure.max() == largest / levels


def test_a_pressure_beyond_the_range_told_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("\n".join(["20", *(f"{row} 900 500 300" for row in ROWS)]))
    with pytest.raises(FormatError, match=r"line 2: pressure is 300, 0\.\.255.*--pressure-range"):
        read_unchecked(path, ReadingOptions(pressure_range=255))


def test_options_are_read_from_toml(tmp_path):
    path = tmp_path / "tablet.toml"
    path.write_text('time_unit = "ms"\nrate = 100\n[columns]\nt = 1\nx = "X"\n')
    assert read_options(path) == ReadingOptions(
        time_unit="ms", rate=100.0, columns=Columns(t=1, x="X")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit = 's'", "unknown key 'unit'; known keys are format, time_unit"),
        ("time_unit = 'hours'", "'hours' is none of 's', 'ms'"),
        ("rate = 0", "rate is 0.0, not a positive number"),
        ("pressure_range = -1", "pressure_range is -1, not a positive number"),
        ("rate = 'fast'", "float is wanted, not 'fast'"),
        ("separator = ', '", "separator is ', ', not one character"),
        ("separator = '\"'", "not one character"),
        ("comment = ''", "comment is empty"),
        ("down = ['1']", "down and up are told together"),
        ("[columns]\nz = 1", "unknown key 'z'"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, text, message):
    path = tmp_path / "tablet.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read_options(path)


def test_what_only_tables_have_contradicts_another_format():
    with pytest.raises(ConfigurationError, match="'columns' is told of a file of the format 'svc"):
        read(format="svc2004", columns=Columns(t=1))

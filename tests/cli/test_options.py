"""What readers of stroke files are told on the command line."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from cli.main import cli
from tests.tools import ROOT

SAMPLES = ROOT / "data" / "samples"
REFERENCES = [word for n in range(1, 5) for word in ("-r", str(SAMPLES / f"anna-{n}.csv"))]


@pytest.fixture
def score():
    def run(*words, input=None):
        result = CliRunner().invoke(cli, ["score", *REFERENCES, *map(str, words), "--json"], input)
        return result, json.loads(result.stdout.splitlines()[0])

    return run


@pytest.fixture(scope="module")
def plain():
    """The columns of a sample: t, x, y, pen, pressure."""
    return np.loadtxt(SAMPLES / "anna-5.csv", delimiter=",", skiprows=1)


@pytest.fixture
def tablet(tmp_path):
    """A sample as another tablet writes it."""
    return written(tmp_path, 5)


def written(folder, number):
    t, x, y, pen, pressure = np.loadtxt(SAMPLES / f"anna-{number}.csv", delimiter=",", skiprows=1).T
    rows = np.column_stack([1000 * t, x, -y, np.where(pen, 1, 3), 1023 * pressure])
    lines = [";".join(f"{value:.12g}" for value in row) for row in rows]
    path = folder / f"tablet-{number}.csv"
    path.write_text("\n".join(["Time;X;Y;Event;P", *lines]).replace(".", ","))
    return path


TOLD = (
    "--columns", "t=Time,pen=Event,pressure=P", "--down", "1", "--up", "3", "--decimal-comma",
    "--time-unit", "ms", "--y", "down", "--pressure-range", "1023",
)  # fmt: skip


def test_a_table_is_told_by_options_and_scores_as_the_same_strokes_do(score, tmp_path, tablet):
    references = [word for n in range(1, 5) for word in ("-r", str(written(tmp_path, n)))]
    words = ["score", *references, str(tablet), *TOLD, "--json"]
    found = json.loads(CliRunner().invoke(cli, words).stdout)
    assert found["score"] == pytest.approx(score(SAMPLES / "anna-5.csv")[1]["score"], abs=1e-3)


def test_a_table_is_told_by_a_file(tmp_path, tablet):
    (tmp_path / "t.toml").write_text(
        'time_unit = "ms"\npressure_range = 1023\ndecimal_comma = true\ny = "down"\n'
        'down = ["1"]\nup = ["3"]\n[columns]\nt = "Time"\npen = "Event"\npressure = "P"\n'
    )
    by_file = show(tmp_path / "1.svg", tablet, "--table", tmp_path / "t.toml")
    by_options = show(tmp_path / "2.svg", tablet, *TOLD)
    assert by_file == by_options


def show(picture, *words):
    words = ["show", *words, "-o", picture]
    assert CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False).exit_code == 0
    return picture.read_bytes()


def test_an_option_comes_before_the_file(tmp_path, tablet):
    (tmp_path / "t.toml").write_text('time_unit = "s"\ny = "down"\n[columns]\nt = "Nothing"\n')
    told = [*TOLD, "--table", tmp_path / "t.toml"]
    assert show(tmp_path / "1.svg", tablet, *told) == show(tmp_path / "2.svg", tablet, *TOLD)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--columns", "time"), "'time' is not like t=time,x=1,y=2"),
        (("--columns", "t=1,t=2"), "is not like"),
        (("--columns", "time=1"), "unknown key 'time'; known keys are t, x, y, pen"),
        (("--rate", "0"), "rate is 0.0, not a positive number"),
        (("--separator", "::"), "separator is '::', not one character"),
        (("--table", "absent.toml"), "absent.toml: cannot be read"),
        (("--format", "svc2004", "--separator", "tab"), "'separator' is told of a file of"),
    ],
)
def test_what_cannot_be_told_is_one_line_with_status_2(words, message):
    result = CliRunner().invoke(cli, ["show", *words, str(SAMPLES / "anna-1.csv"), "-o", "a.png"])
    assert result.exit_code == 2
    assert message in result.stderr


def test_standard_input_is_read(score):
    content = (SAMPLES / "anna-5.csv").read_bytes()
    result, found = score("-", input=content)
    assert result.exit_code == 0
    assert found["file"] == "-"
    assert found["score"] == score(SAMPLES / "anna-5.csv")[1]["score"]


def test_what_was_mended_is_told(tmp_path, plain, score):
    plain = plain.copy()
    plain[1::2, 0] = plain[: len(plain) // 2 * 2 : 2, 0]
    path = tmp_path / "queue.csv"
    rows = "\n".join(",".join(f"{value:.12g}" for value in row) for row in plain)
    path.write_text(f"t,x,y,pen,pressure\n{rows}\n")
    result, _ = score(path)
    assert f"{path}: " in result.stderr
    assert "time stamps came in batches and were spread evenly over them" in result.stderr

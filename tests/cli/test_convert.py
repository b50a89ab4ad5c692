import gzip
import json
import zipfile

import numpy as np
import pytest

from sigtdnn.formats import FORMATS, read_signature, read_signatures, write_signatures
from sigtdnn.signature import Signature
from tests.artificial import loops, write_signature


@pytest.fixture
def three(tmp_path):
    """A file of three signatures."""
    write_signatures(tmp_path / "three.dat", [loops(seed) for seed in range(3)], "unipen")
    return tmp_path / "three.dat"


def test_one_file_becomes_another_and_its_losses_are_said(run, genuine, tmp_path):
    result = run("convert", genuine[0], "-o", tmp_path / "a.json", "--to", "signature_pad")
    assert result.exit_code == 0
    assert result.stdout == f"{tmp_path / 'a.json'}\n"
    assert result.stderr == "Lost: samples in the air\n"
    found, wanted = read_signature(tmp_path / "a.json"), read_signature(genuine[0])
    assert found.x.tolist() == wanted.x[wanted.stroke >= 0].tolist()


def test_nothing_is_said_where_nothing_is_lost(run, genuine, tmp_path):
    result = run("convert", genuine[0], "-o", tmp_path / "a.xml", "--to", "inkml")
    assert (result.exit_code, result.stderr) == (0, "")


def test_files_and_folders_keep_their_names_in_a_folder(run, tmp_path):
    (tmp_path / "in" / "ann").mkdir(parents=True)
    write_signature(tmp_path / "in" / "ann" / "1.x.csv", 1)
    path = write_signature(tmp_path / "in" / "ann" / "2.csv", 2)
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    (tmp_path / "in" / "note.txt").write_text("These are strokes.\n")
    other = write_signature(tmp_path / "in" / "other.csv", 3)
    out = tmp_path / "out"
    result = run("convert", tmp_path / "in" / "ann", other, "-o", out, "--to", "svc2004")
    assert result.exit_code == 0
    written = [out / "ann" / "1.x.txt", out / "ann" / "2.txt", out / "other.txt"]
    assert result.stdout.split() == list(map(str, written))
    assert result.stderr == ("Lost: samples in the air (3 files), precision of times (3 files)\n")
    assert all(read_signature(one).strokes == 3 for one in written)
    assert run("convert", tmp_path / "in", "-o", out, "--to", "csv").exit_code == 0


def test_several_signatures_of_a_file_get_numbers(run, three, tmp_path):
    result = run("convert", three, "-o", tmp_path / "a.json", "--to", "signature_pad")
    assert result.exit_code == 0
    names = [str(tmp_path / f"a-{number}.json") for number in (1, 2, 3)]
    assert result.stdout.split() == names
    (tmp_path / "out").mkdir()
    result = run("convert", three, "-o", tmp_path / "out", "--to", "csv")
    assert result.stdout.split() == [
        str(tmp_path / "out" / f"three-{number}.csv") for number in (1, 2, 3)
    ]
    for seed, name in enumerate(names):
        found = read_signature(name)
        np.testing.assert_allclose(found.x, loops(seed).x[loops(seed).stroke >= 0])


def test_several_signatures_stay_together_where_the_format_holds_several(run, three, tmp_path):
    assert run("convert", three, "-o", tmp_path / "a.dat", "--to", "unipen").exit_code == 0
    assert len(read_signatures(tmp_path / "a.dat")) == 3


def test_files_of_an_archive_lie_in_a_folder_of_its_name(run, three, genuine, tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.write(three, "x/three.dat")
        archive.write(genuine[0], "ann.csv")
    (tmp_path / "out").mkdir()
    result = run("convert", tmp_path / "set.zip", "-o", tmp_path / "out", "--to", "inkml")
    assert result.exit_code == 0
    found = {str(one.relative_to(tmp_path / "out")) for one in (tmp_path / "out").rglob("*.*")}
    assert found == {f"set/x/three-{number}.inkml" for number in (1, 2, 3)} | {"set/ann.inkml"}


def test_bad_files_are_reported_and_the_rest_goes_on(run, genuine, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("t,x,y,pen\n0,1,one,1\n")
    note = tmp_path / "note.txt"
    note.write_text("hello\n")
    out = tmp_path / "out"
    words = ("convert", genuine[0], bad, note, genuine[1], "-o", out, "--to", "svc2004")
    result = run(*words)
    assert result.exit_code == 2
    assert len(result.stdout.split()) == 2
    errors = result.stderr.splitlines()
    assert f"{bad}, line 2: y is 'one', not a number" in errors[0]
    assert f"{note}, line 1: not in a known stroke format" in errors[1]
    assert sorted(one.name for one in out.iterdir()) == ["g0.txt", "g1.txt"]
    lines = list(map(json.loads, run(*words, "--json").stdout.splitlines()))
    assert [sorted(line) for line in lines if "error" in line] == [["error", "file"]] * 2
    (first, *_) = (line for line in lines if "lost" in line)
    assert first == {
        "file": str(genuine[0]), "written": str(out / "g0.txt"),
        "lost": ["samples in the air", "precision of times (0.0005 s)"],
    }  # fmt: skip


def test_a_signature_that_is_none_does_not_keep_its_neighbours_back(run, tmp_path):
    i = np.arange(4)
    short = Signature.from_samples(i / 100, i, i * i, i > -1)
    two = tmp_path / "two.dat"
    write_signatures(two, [short, loops(0)], "unipen")
    result = run("convert", two, "-o", tmp_path / "a.dat", "--to", "unipen")
    assert result.exit_code == 2
    assert f"Error: {two}#1: 0.03 s at 100 samples a second" in result.stderr
    assert read_signature(tmp_path / "a.dat").strokes == 3


def test_no_input_is_replaced_and_no_output_twice(run, genuine, tmp_path):
    before = genuine[0].read_bytes()
    result = run("convert", *genuine[:2], "-o", tmp_path, "--to", "csv")
    assert result.exit_code == 2
    assert result.stderr.count("is an input; convert it to another folder") == 2
    assert genuine[0].read_bytes() == before
    twin = tmp_path / "g0.svc"
    assert run("convert", genuine[0], "-o", twin, "--to", "wacom").exit_code == 0
    out = tmp_path / "out"
    result = run("convert", genuine[0], twin, "-o", out, "--to", "svc2004")
    assert result.exit_code == 2
    assert "is written already, from a file of the same name" in result.stderr
    assert [one.name for one in out.iterdir()] == ["g0.txt"]


def test_readers_are_told_what_files_leave_open(run, tmp_path):
    path = write_signature(tmp_path / "a.csv", 0, pace=1000)
    words = ("convert", path, "-o", tmp_path / "a.json", "--to", "signature_pad")
    result = run(*words)
    assert result.exit_code == 2
    assert "--time-unit ms" in result.stderr
    assert run(*words, "--time-unit", "ms").exit_code == 0
    assert 1.4 < read_signature(tmp_path / "a.json").duration < 1.6


def test_standard_input_is_converted_alone_to_a_file(run, genuine, tmp_path):
    out = tmp_path / "a.json"
    data = genuine[0].read_bytes()
    result = run("convert", "-", "-o", out, "--to", "signature_pad", input=data)
    assert result.exit_code == 0
    assert read_signature(out).strokes == 3
    for words in (("-", genuine[0], "-o", tmp_path / "out"), ("-", "-o", tmp_path)):
        result = run("convert", *words, "--to", "csv", input=data)
        assert result.exit_code == 2
        assert "Standard input ('-') is converted alone, and to a file." in result.stderr


def test_a_folder_without_strokes_is_an_error(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "note.txt").write_text("hello\n")
    result = run("convert", tmp_path / "in", "-o", tmp_path / "out", "--to", "csv")
    assert result.exit_code == 2
    assert "no stroke files among the inputs" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", [name for name, format in FORMATS.items() if format.write is None])
def test_formats_that_are_only_read_are_no_choice(run, genuine, tmp_path, to):
    result = run("convert", genuine[0], "-o", tmp_path / "a", "--to", to)
    assert result.exit_code == 2
    assert "Invalid value for '--to'" in result.stderr

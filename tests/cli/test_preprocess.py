import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main as cli_main
from cli.main import cli
from sigtdnn.corpus.folder import open_corpus

ROWS = ["10 100 5000 0", "11 102 5020 1", "12 104 5040 1", "30 100 5120 0", "31 99 5140 1"]
GOOD = "\n".join(["5", *ROWS])


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (1, 2, 21):
        (folder / f"U3S{number}.TXT").write_text(GOOD.replace("31 99", f"31 {number}"))
    (folder / "README.md").write_text("Signatures.\n")
    return folder


@pytest.fixture
def preprocess(tmp_path):
    def run(*arguments):
        words = ["preprocess", *map(str, arguments), "-o", str(tmp_path / "out" / "corpus")]
        return CliRunner().invoke(cli, words)

    return run


def test_a_folder_becomes_a_corpus(folder, preprocess, tmp_path):
    result = preprocess(folder)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{tmp_path / 'out' / 'corpus'}: 3 recordings of 1 signers (2 genuine, 1 skilled "
        "forgeries, 0 unlabelled); time stamps repaired in 0; 0 files rejected, 1 skipped\n"
        "Half take 0.14 to 0.14 s, the median 0.14; 50 to 50 samples a second; 0 with pressure, "
        "0 with the pen followed in the air\n"
    )
    assert result.stderr.startswith("Warning: Half of all recordings take 0.14 to 0.14 s")
    assert result.stderr.count("\n") == 1
    corpus = open_corpus(tmp_path / "out" / "corpus")
    assert corpus.recordings["signer"].tolist() == ["svc2004-task1/3"] * 3


def test_json_counts_the_same(folder, preprocess, tmp_path):
    result = preprocess(folder, "--json")
    assert json.loads(result.stdout) == {
        "corpus": str(tmp_path / "out" / "corpus"),
        "recordings": 3,
        "signers": 1,
        "genuine": 2,
        "skilled": 1,
        "unlabelled": 0,
        "repaired": 0,
        "rejected": 0,
        "skipped": 1,
        "noted": 0,
        "pressure": 0,
        "air": 0,
        "duration": {"q1": 0.14, "median": 0.14, "q3": 0.14},
        "rate": pytest.approx({"q1": 50, "median": 50, "q3": 50}),
        "warnings": result.stderr.removeprefix("Warning: ").splitlines(),
    }


def test_a_rejected_file_leaves_the_others_and_ends_with_2(folder, preprocess, tmp_path):
    (folder / "U3S4.TXT").write_text(GOOD + "\n1 1 1 1")
    result = preprocess(folder)
    assert result.exit_code == 2
    assert "U3S4.TXT, line 1: the header states 5 points, 6 lines follow" in result.stderr
    assert "1 files rejected" in result.stdout
    assert len(open_corpus(tmp_path / "out" / "corpus")) == 3
    assert "U3S4.TXT" in (tmp_path / "out" / "corpus" / "rejected.csv").read_text()


def test_with_keep_going_a_rejected_file_ends_with_0(folder, preprocess):
    (folder / "U3S4.TXT").write_text("")
    assert preprocess(folder, "--keep-going").exit_code == 0


def test_many_rejected_files_are_not_all_shown(folder, preprocess):
    for number in range(30, 42):
        (folder / f"U3S{number}.TXT").write_text("")
    result = preprocess(folder)
    assert result.stderr.count("Rejected: ") == 10
    assert "All 12: " in result.stderr


@pytest.mark.parametrize("option", [(), ("--keep-going",)])
def test_with_no_good_file_nothing_is_written(folder, preprocess, tmp_path, option):
    for path in folder.glob("*.TXT"):
        path.write_text("")
    result = preprocess(folder, *option)
    assert result.exit_code == 2
    assert "none of 4 files can be used" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_existing_corpus_is_refused_before_anything_is_read(folder, preprocess, monkeypatch):
    preprocess(folder)
    monkeypatch.setattr("sigtdnn.corpus.build.find_files", lambda *_: pytest.fail("read"))
    result = preprocess(folder)
    assert result.exit_code == 2
    assert "already exists; remove it or give another name" in result.stderr


def test_that_nobody_is_labelled_is_said(folder, preprocess):
    for file in folder.glob("*.TXT"):
        file.rename(folder / f"my-{file.name}")
    result = preprocess(folder)
    assert result.exit_code == 0
    assert "Nobody is labelled" in result.stderr
    assert "recordings.csv" in result.stderr


def test_the_format_can_be_named(tmp_path, preprocess):
    path = tmp_path / "a.dat"
    path.write_text("1 1 9\n2 3 9\n3 2 0\n4 4 9\n" * 6)
    assert preprocess(path).exit_code == 2
    assert preprocess(path, "--format", "sigcomp2011").exit_code == 0


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups here")
def test_an_interruption_ends_all_processes_with_130_and_leaves_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    rows = [f"{i} {i * i % 97} {10 * i} {int(i > 0)}" for i in range(2000)]
    (tmp_path / "in" / "0.txt").write_text("\n".join(["2000", *rows]))
    for number in range(1, 5000):
        os.link(tmp_path / "in" / "0.txt", tmp_path / "in" / f"{number}.txt")
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from cli.main import cli; cli()"
    )
    words = ["preprocess", str(tmp_path / "in"), "--jobs", "2", "-o", str(tmp_path / "out" / "c")]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=Path(cli_main.__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while not (tmp_path / "out").exists() and process.poll() is None:
            time.sleep(0.01)
        # As from a terminal: to the workers, too.
        os.killpg(process.pid, signal.SIGINT)
        start = time.monotonic()
        assert process.wait(60) == 130
        assert time.monotonic() - start < 10
        # Reading would go on if a worker were left to hold it open. One that was still starting
        # may complain, before or after.
        assert "Interrupted." in process.stderr.read().splitlines()
    assert list((tmp_path / "out").iterdir()) == []


def test_duplicates_are_refused_or_the_first_is_taken(folder, preprocess, tmp_path):
    (folder / "U3S3.TXT").write_text((folder / "U3S1.TXT").read_text().replace("\n", "\r\n"))
    result = preprocess(folder)
    assert result.exit_code == 2
    assert "U3S3.TXT has the same strokes as U3S1.TXT" in result.stderr
    assert not (tmp_path / "out" / "corpus").exists()
    result = preprocess(folder, "--duplicates", "first")
    assert result.exit_code == 0
    assert "0 files rejected, 2 skipped" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument"),
        (["absent"], "absent: no such file or folder"),
        ([".", "--format", "scans"], "'scans' is not one of"),
        ([".", "--jobs", "0"], "--jobs"),
    ],
)
def test_a_wrong_command_line_ends_with_2(preprocess, arguments, message):
    result = preprocess(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_help_has_an_example():
    result = CliRunner().invoke(cli, ["preprocess", "-h"])
    assert result.exit_code == 0
    assert "Example: sigtdnn preprocess" in result.stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals to imitate here")
def test_a_terminal_shows_a_progress_bar(folder, tmp_path):
    terminal, end = os.openpty()
    words = [sys.executable, "-c", "from cli.main import cli; cli()", "preprocess", str(folder)]
    root = Path(cli_main.__file__).parents[1]
    result = subprocess.run(
        [*words, "-o", str(tmp_path / "c")],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=end,
        check=True,
    )
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert "Reading" in shown
    assert "100%" in shown
    assert result.stdout.decode().startswith(f"{tmp_path / 'c'}: 3 recordings")

import json
import re
from pathlib import Path

import pytest

from sigtdnn.corpus.folder import write_corpus
from tests.artificial import write_signature
from tests.tools import PNG

PDF = b"%PDF-"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def test_picture_is_called_as_the_file_and_lies_here(run, genuine, tmp_path):
    result = run("show", genuine[0])
    assert result.exit_code == 0
    assert result.stdout == "g0.png\n"
    assert result.stderr == ""
    assert (tmp_path / "here" / "g0.png").read_bytes().startswith(PNG)


def test_picture_that_was_not_named_is_never_replaced(run, genuine, tmp_path):
    (tmp_path / "here" / "g0.png").write_text("older")
    result = run("show", genuine[0])
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: g0.png: already exists; name the picture with -o to replace it\n"
    )
    assert (tmp_path / "here" / "g0.png").read_text() == "older"
    assert run("show", genuine[0], "-o", "g0.png").exit_code == 0
    assert (tmp_path / "here" / "g0.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("name", "beginning"), [("a.png", PNG), ("a.PDF", PDF), ("a.svg", b"<?xml")]
)
def test_format_is_that_of_the_ending(run, genuine, tmp_path, name, beginning):
    assert run("show", genuine[0], "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(beginning)


@pytest.mark.parametrize("name", ["a.jpeg", "a", "g0.csv"])
def test_other_endings_are_refused_and_nothing_written(run, genuine, tmp_path, name):
    before = genuine[0].read_bytes()
    result = run("show", genuine[0], "-o", tmp_path / name)
    assert result.exit_code == 2
    assert "end it in one of png, svg, pdf" in result.stderr
    assert genuine[0].read_bytes() == before
    assert (tmp_path / name).exists() == (name == "g0.csv")


def test_two_are_overlaid_in_one_picture(run, genuine, forged):
    result = run("show", genuine[0], forged, "--json")
    facts = json.loads(result.stdout)
    start, end = facts.pop("where")
    assert 0 <= start < end
    assert facts.pop("reason") in ("shape", "rhythm", "pressure", "pen-up movement")
    assert facts == {"picture": "g0-forged.png", "files": [str(genuine[0]), str(forged)]}
    both = Path("g0-forged.png").read_bytes()
    assert both.startswith(PNG)
    for file in (genuine[0], forged):
        assert run("show", file, "-o", "one.png").exit_code == 0
        assert Path("one.png").read_bytes() != both


def test_model_tells_what_differs_most(run, genuine, model, tmp_path):
    slow = write_signature(tmp_path / "slow.csv", 0, pace=2.0)
    words = ("show", genuine[0], slow, "--model", model, "-o", "both.svg")
    assert json.loads(run(*words, "--json").stdout)["reason"] == "rhythm"
    assert run(*words).stdout == "both.svg: differs most in rhythm\n"
    assert Path("both.svg").read_bytes().startswith(b"<?xml")


def test_default_model_tells_where(run, genuine, forged):
    result = run("show", genuine[0], forged, "-o", "both.svg")
    assert re.fullmatch(
        r"both\.svg: differs most in [a-z-]+, from \d+\.\d\d to \d+\.\d\d s\n", result.stdout
    )


def test_file_that_is_no_signature_is_one_line_with_status_2(run, tmp_path):
    (tmp_path / "dash.csv").write_text("t,x,y,pen\n0,0,5,1\n1,1,5,1\n2,3,5,1\n3,4,5,1\n")
    result = run("show", tmp_path / "dash.csv")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {tmp_path / 'dash.csv'}: y does not vary")
    assert result.stderr.count("\n") == 1
    assert list((tmp_path / "here").iterdir()) == []


def test_a_corpus_is_drawn_on_one_page(run, make_corpus, tmp_path):
    write_corpus(make_corpus(signers=2), tmp_path / "corpus")
    result = run("show", tmp_path / "corpus")
    assert (result.exit_code, result.stdout) == (0, "corpus.html\n")
    page = (tmp_path / "here" / "corpus.html").read_text(encoding="utf-8")
    facts = json.loads(run("show", tmp_path / "corpus", "-o", "a.html", "--json").stdout)
    assert facts == {"page": "a.html", "recordings": page.count("<figure")}
    assert run("show", tmp_path / "corpus").exit_code == 2
    wrong = run("show", tmp_path / "corpus", "-o", "a.png")
    assert (wrong.exit_code, wrong.stderr) == (
        2, "Error: a.png: is not the name of a page; end it in html\n"
    )  # fmt: skip
    assert run("show", tmp_path / "corpus", tmp_path / "corpus").exit_code == 2

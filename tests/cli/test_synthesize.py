import json

import pytest
from click.testing import CliRunner

from cli.main import cli
from sigtdnn.synthesis import study as study_module


@pytest.fixture(autouse=True)
def few_people(monkeypatch):
    monkeypatch.setattr(study_module, "SIGNERS", 6)
    monkeypatch.setattr(study_module, "FORGERS", 2)
    monkeypatch.setattr(study_module, "TWICE_FORGED", 1)
    monkeypatch.setattr(study_module, "NO_ATTEMPT", 0)


def run(*arguments):
    return CliRunner().invoke(cli, ["synthesize", *map(str, arguments)])


def test_files_and_identities_are_written(tmp_path):
    result = run(tmp_path / "study")
    assert result.exit_code == 0
    assert result.stderr == ""
    files = sorted(path.name for path in (tmp_path / "study").iterdir())
    assert files[0] == "S001-01.csv"
    assert files[-1] == "recordings.csv"
    assert result.stdout.startswith(
        f"{tmp_path / 'study'}: {len(files) - 1} artificial recordings of 6 signers ("
    )


def test_json_tells_the_same(tmp_path):
    text = run(tmp_path / "a").stdout
    counts = json.loads(run(tmp_path / "b", "--json").stdout)
    assert counts["folder"] == str(tmp_path / "b")
    assert counts["recordings"] == counts["genuine"] + counts["skilled"]
    assert f"{counts['recordings']} artificial recordings of {counts['signers']} sign" in text
    assert f"({counts['genuine']} genuine, {counts['skilled']} skilled forgeries)" in text


def test_the_gallery_is_a_page_beside(tmp_path):
    result = run(tmp_path / "study", "--gallery", tmp_path / "page.html")
    assert result.exit_code == 0
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_the_seed_decides(tmp_path):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        assert run(tmp_path / name, "--seed", seed).exit_code == 0
    a, b, c = ((tmp_path / name / "S001-01.csv").read_bytes() for name in "abc")
    assert a == b
    assert a != c


def test_a_taken_folder_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(study_module, "generate_study", lambda *_, **__: pytest.fail("worked"))
    (tmp_path / "note").write_text("mine")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "already exists" in result.stderr
    assert (tmp_path / "note").read_text() == "mine"

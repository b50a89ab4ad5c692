"""The models here are untrained: what the command prints and writes is tested, not how well."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import write_corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.signature import Signature

Run = Callable[..., Result]


def make_corpus(path: Path, name: str) -> Path:
    """Seven genuines and a forgery of each of three signers, in order but without sessions."""
    rng = np.random.default_rng(0)
    rows = [
        (f"{signer}-{kind}-{number}", name, f"{name}/{signer}", "", kind, None, number)
        for signer in range(3)
        for kind, count in (("genuine", 7), ("skilled", 1))
        for number in range(1, count + 1)
    ]
    columns = ["file", "collection", "signer", "writer", "kind", "session", "number"]
    signatures = [
        Signature.from_samples(np.arange(30) / 100, *rng.normal(size=(2, 30)), np.ones(30))
        for _ in rows
    ]
    made = Corpus.from_signatures(
        pd.DataFrame(rows, columns=columns), signatures, {name: Collection(name, False, True)}
    )
    write_corpus(made, path)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make_corpus(tmp_path / "corpus", "set")


@pytest.fixture
def run(corpus: Path) -> Run:
    def run(*arguments: object) -> Result:
        words = ["evaluate", *map(str, arguments), "--corpus", str(corpus)]
        return CliRunner().invoke(cli, words)

    return run


def test_table_is_printed_and_nothing_written(run: Run, corpus: Path) -> None:
    result = run("dtw")
    assert result.exit_code == 0
    assert result.stdout.startswith("Protocol paper. References: the last 6 genuine")
    assert "3 signers; 3 genuine, 3 skilled and 6 random trials." in result.stdout
    assert result.stderr == ""
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


def test_report_folder_is_written_and_named(run: Run, tmp_path: Path) -> None:
    result = run("dtw", "-o", tmp_path / "out", "--json")
    assert result.exit_code == 0
    assert result.stderr == f"Report: {tmp_path / 'out' / 'report.html'}\n"
    assert json.loads(result.stdout) == json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "det.png", "figure-2.csv", "figure-2.png", "metrics.json", "report.html", "scores.csv",
        "trials.csv",
    ]  # fmt: skip


def test_protocol_is_chosen_by_name_or_trials_file(run: Run, tmp_path: Path) -> None:
    first = run("dtw", "--protocol", "first5", "-o", tmp_path / "out", "--json")
    assert json.loads(first.stdout)["trials"]["genuine"] == 3 * 2
    again = run("dtw", "--protocol", tmp_path / "out" / "trials.csv", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["systems"] == json.loads(first.stdout)["systems"]


def test_one_reference_serves_whole_vectors_and_dtw(
    run: Run, model_file: Callable[..., Path]
) -> None:
    result = run("dtw", f"{model_file('run')}:whole", "--protocol", "one", "--json")
    assert result.exit_code == 0
    systems = json.loads(result.stdout)["systems"]
    assert list(systems) == ["dtw", "small:whole"]
    assert all(of["skilled"]["eer_global"]["mean"] is not None for of in systems.values())


def test_model_is_tested_as_verified_and_needs_two_references(
    run: Run, model_file: Callable[..., Path]
) -> None:
    result = run(model_file("run"), "--protocol", "one")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: small: 1 reference signature(s), a template needs at")
    assert "; choose another protocol, or a variant such as MODEL:whole\n" in result.stderr
    assert result.stderr.count("\n") == 1


def test_variants_stand_beside_the_model(run: Run, model_file: Callable[..., Path]) -> None:
    model = model_file("run")
    names = [model, *(f"{model}:{name}" for name in ("whole", "cosine", "normalised"))]
    result = run(*names, "--json")
    assert result.exit_code == 0
    systems = json.loads(result.stdout)["systems"]
    assert list(systems) == ["small", "small:whole", "small:cosine", "small:normalised"]
    unknown = run(f"{model}:papr")
    assert unknown.exit_code == 2
    assert "small has no variant 'papr'; its variants are: whole, cosine, norm" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("absent",), "absent: there is no such model"),
        (("dtw", "--protocol", "svc2004"), "needs two sessions, and set records none"),
        (("dtw", "--protocol", "papr"), "there is no protocol 'papr'"),
        (("dtw", "--protocol", "absent.csv"), "absent.csv: cannot be read"),
    ],
    ids=["model", "sessions", "protocol", "trials file"],
)
def test_error_is_one_line_with_status_2(
    run: Run, arguments: tuple[str, ...], problem: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1


def test_fusion_is_fitted_on_another_corpus(
    run: Run, corpus: Path, tmp_path: Path, model_file: Callable[..., Path]
) -> None:
    other = make_corpus(tmp_path / "other", "other")
    model = model_file("run")
    result = run("dtw", model, "--fusion", other, "--json")
    assert result.exit_code == 0
    assert list(json.loads(result.stdout)["systems"]) == ["dtw", "small", "fusion"]
    same = run("dtw", model, "--fusion", corpus)
    assert same.exit_code == 2
    assert "all 3 signers of the corpus were trained or validated on" in same.stderr
    listed = run("dtw", model, "--fusion", other, "--protocol", "mine.csv")
    assert listed.exit_code == 2
    assert "fitted under a named protocol" in listed.stderr


def test_taken_folder_is_refused_before_the_work(
    run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sigtdnn.corpus.folder.open_corpus", lambda *_: pytest.fail("worked"))
    result = run("dtw", "-o", corpus)
    assert result.exit_code == 2
    assert "already exists" in result.stderr

"""`sigtdnn train` on a small artificial corpus: the run folder, resuming, and what it prints."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from cli.train import SIGNERS
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import write_corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.corpus.study import population_corpus, study_corpus
from sigtdnn.evaluation.paper import GA_AT_FR80
from sigtdnn.models.file import load_model
from sigtdnn.parallel import Progress
from sigtdnn.training.recipe import read_recipe, recipe_file

RUNS = ["elastic", "elastic-untrained"]
# The elastic matcher's, but for the number of steps.
QUICK = """
[data]
cleaned = false
[matcher]
kind = "elastic"
learnt = 3
hidden = 4
steps = 5
"""


@pytest.fixture(scope="module")
def study() -> Corpus:
    """A part of the built-in study: 24 signers, half of them forged."""
    corpus = study_corpus()
    recordings = corpus.recordings
    forged = sorted(set(recordings["signer"][recordings["kind"] == "skilled"]))[:12]
    free = sorted(set(recordings["signer"]) - set(forged))[:12]
    return corpus.select(recordings["signer"].isin([*forged, *free]).to_numpy())


@pytest.fixture(scope="module")
def folder(study: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpora") / "study"
    write_corpus(study, path)
    return path


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recipes") / "quick.toml"
    path.write_text(QUICK)
    return str(path)


def train(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["train", *arguments])


def test_run_folder_is_complete_and_tests_only_strangers(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    result = train("network-5", "--corpus", str(folder), "-o", str(run), "--passes", "2")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in run.iterdir()) == [
        "config.toml",
        "history.csv",
        "metrics.json",
        "model.safetensors",
        "scores.csv",
        "training.png",
    ]
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    assert list(metrics["systems"]) == ["network-5", "network-5-untrained"]
    source = load_model(run).provenance
    assert not set(metrics["signers"]) & {*source.training_signers, *source.validation_signers}
    assert metrics["overlap"] == []
    assert read_recipe(str(run / "config.toml")).optimiser.passes == 2
    assert len((run / "history.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_the_paper_does_not_stand_beside_artificial_signers(folder: Path, tmp_path: Path) -> None:
    result = train("--corpus", str(folder), "-o", str(tmp_path / "run"), "--passes", "1")
    assert result.exit_code == 0, result.stderr
    heading = next(line for line in result.stdout.splitlines() if "untrained" in line)
    assert heading.split() == ["here", "untrained"]
    assert "Paper:" not in result.stdout


def test_paper_stands_beside_ours(study: Corpus, tmp_path: Path) -> None:
    named = Corpus.from_signatures(
        study.recordings.assign(collection="elsewhere"),
        list(study.signatures()),
        {"elsewhere": Collection("elsewhere", sessions=True, ordered=True)},
    )
    write_corpus(named, tmp_path / "elsewhere")
    words = ("--corpus", str(tmp_path / "elsewhere"), "-o", str(tmp_path / "run"))
    result = train(*words, "--passes", "1")
    lines = result.stdout.splitlines()
    row = next(line for line in lines if line.startswith("genuine signatures accepted"))
    assert f"{100 * GA_AT_FR80['network-4']:.1f}" in row
    assert any("98.2 / 81.7" in line for line in lines)
    notes = lines[lines.index("", 4) + 1 : -1]
    assert [note.split(":")[0] for note in notes[1:]] == ["Untrained", "Pairs", "Paper"]
    assert "GA is the share of genuine pairs" in notes[2]
    assert "other people" in notes[3]


def mine(path: Path, *lines: str) -> str:
    """A recipe of our own, that differs from network 5 in these lines."""
    base = os.path.relpath(recipe_file("network-5"), path)
    text = "\n".join([f'base = "{base}"', *lines, "[network]", 'name = "mine"'])
    (path / "mine.toml").write_text(text)
    return str(path / "mine.toml")


def test_summary_tells_which_pass_was_kept(folder: Path, tmp_path: Path) -> None:
    arguments = ("--corpus", str(folder), "--passes", "3")
    last = train("network-5", *arguments, "-o", str(tmp_path / "last"))
    assert " signers of synthetic-study. Kept: the last of 3 passes. Calibr" in last.stdout
    recipe = mine(tmp_path, "[optimiser]", 'keep = "lowest validation error"')
    best = train(recipe, *arguments, "-o", str(tmp_path / "best"))
    source = load_model(tmp_path / "best").provenance
    with (tmp_path / "best/history.csv").open(newline="", encoding="utf-8") as file:
        losses = [float(row["val_loss"]) for row in csv.DictReader(file)]
    assert source.passes == 1 + losses.index(min(losses))
    assert (
        f"Kept: pass {source.passes} of 3, of the lowest error on "
        f"{len(source.validation_signers)} other signers." in best.stdout
    )


def test_network_that_is_not_in_the_paper_stands_alone(folder: Path, tmp_path: Path) -> None:
    words = ("--corpus", str(folder), "--passes", "1", "-o", str(tmp_path / "run"))
    result = train(mine(tmp_path), *words)
    assert result.exit_code == 0, result.stderr
    assert next(line for line in result.stdout.splitlines() if "untrained" in line).split() == [
        "here",
        "untrained",
    ]
    assert "paper" not in result.stdout.lower()


def test_built_in_study_is_announced_as_artificial(
    study: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sigtdnn.corpus.study.study_corpus", lambda progress: study)
    monkeypatch.chdir(tmp_path)
    result = train("network-5", "--passes", "1", "--json")
    assert result.exit_code == 0, result.stderr
    assert "artificial" in result.stderr
    assert json.loads(result.stdout)["run"] == "runs/network-5-1"
    assert (tmp_path / "runs/network-5-1/model.safetensors").is_file()


def test_second_run_gets_a_folder_of_its_own(
    study: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sigtdnn.corpus.study.study_corpus", lambda progress: study)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert train("network-5", "--passes", "1").exit_code == 0
    assert (tmp_path / "runs/network-5-2").is_dir()


def test_folder_with_something_in_it_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("irreplaceable")
    result = train("--corpus", str(folder), "-o", str(tmp_path))
    assert result.exit_code == 2
    assert "not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_interrupted_run_resumes_to_the_same_bits(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("network-5", "--corpus", str(folder), "--passes", "3")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert train(*arguments, "-o", str(whole)).exit_code == 0
    passes = 0

    def interrupt(*_: object) -> None:
        nonlocal passes
        passes += 1
        if passes == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cli.train._note", interrupt)
        assert train(*arguments, "-o", str(broken)).exit_code == 130
    assert train(*arguments, "-o", str(broken), "--resume").exit_code == 0
    assert (broken / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()
    assert not (broken / "checkpoint.safetensors").exists()


def test_resume_without_a_folder_is_a_usage_error() -> None:
    result = train("--resume")
    assert result.exit_code == 2
    assert "-o RUN" in result.stderr


def test_elastic_matcher_is_fitted_and_tested_without_passes(
    folder: Path, tmp_path: Path, quick: str
) -> None:
    run = tmp_path / "run"
    result = train(quick, "--corpus", str(folder), "-o", str(run))
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    source = load_model(run).provenance
    assert lines[0] == (
        f"elastic: trained on {len(source.training_signers)} signers of synthetic-study. "
        f"Calibrated on {len(source.validation_signers)} other signers."
    )
    assert next(line for line in lines if "untrained" in line).split() == ["here", "untrained"]
    assert "the same matcher with nothing learnt" in result.stdout
    assert "pass" not in result.stdout
    assert "pairs" not in result.stdout
    assert lines[-1] == f"Model, configuration and scores: {run}"


def test_elastic_matcher_is_trained_on_artificial_people_each_with_a_tablet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: str
) -> None:
    def few(signers: int, seed: int, progress: Progress) -> Corpus:
        assert (signers, seed) == (SIGNERS, 3)
        return population_corpus(14, seed, progress=progress)

    monkeypatch.setattr("sigtdnn.corpus.study.population_corpus", few)
    monkeypatch.chdir(tmp_path)
    result = train(quick, "--seed", "3", "--json")
    assert result.exit_code == 0, result.stderr
    assert "artificial" in result.stderr
    told = json.loads(result.stdout)
    assert (told["run"], list(told["systems"])) == ("runs/elastic-1", RUNS)
    source = load_model(tmp_path / "runs/elastic-1").provenance
    assert source.corpus == "artificial-population-3"
    assert not set(told["signers"]) & source.signers
    facts = json.loads(CliRunner().invoke(cli, ["info", told["run"], "--json"]).stdout)
    assert (facts["name"], facts["matcher"], facts["passes"]) == ("elastic", "elastic", 0)


def test_a_corpus_without_forgeries_is_trained_on_and_that_is_said(
    study: Corpus, tmp_path: Path
) -> None:
    genuine = study.select((study.recordings["kind"] == "genuine").to_numpy())
    write_corpus(genuine, tmp_path / "genuine")
    words = ("--corpus", str(tmp_path / "genuine"), "-o", str(tmp_path / "run"))
    result = train("network-5", *words, "--passes", "1")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("The corpus has no forgeries: signatures of other signers")
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["systems"]["network-5"]["skilled"]["eer_global"]["mean"] is None
    assert metrics["systems"]["network-5"]["random"]["eer_global"]["mean"] < 0.5


@pytest.mark.parametrize("option", [("--passes", "3"), ("--resume",), ("--device", "cuda")])
def test_elastic_matcher_takes_no_option_of_networks(
    folder: Path, tmp_path: Path, option: tuple[str, ...]
) -> None:
    words = ("--corpus", str(folder), "-o", str(tmp_path / "run"))
    result = train("elastic", *words, *option)
    assert result.exit_code == 2
    assert "'elastic' has no network" in result.stderr
    assert not (tmp_path / "run").exists()

"""Data sets, folds and kept networks, on a few artificial signers with one pass a network."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paper_repro import jobs
from paper_repro.jobs import FOLDS, Job, fold_jobs, overlap, prepare, trained
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.study import study_corpus
from sigtdnn.training.division import divide
from sigtdnn.training.experiment import Experiment
from sigtdnn.training.recipe import Recipe, read_recipe

SIGNERS = 6


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    whole = study_corpus()
    left = whole.recordings[clean(whole.recordings).kept]
    forged = left["signer"][left["kind"] == "skilled"].unique()
    return whole.select(whole.recordings["signer"].isin(forged[:SIGNERS]).to_numpy())


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    recipe = read_recipe("network-5")
    return replace(recipe, optimiser=replace(recipe.optimiser, passes=1))


def experiment(corpus: Corpus, recipe: Recipe, seed: int = 0, validated: int = 2) -> Experiment:
    signers = sorted(corpus.recordings["signer"].unique())
    division = divide(corpus.recordings, (), signers[:validated])
    return Experiment(corpus, division, recipe, seed)


def test_the_same_is_not_trained_again(corpus: Corpus, recipe: Recipe, tmp_path: Path) -> None:
    first = trained(experiment(corpus, recipe), tmp_path, "one")
    again = experiment(corpus, recipe)
    assert trained(again, tmp_path, "one").fingerprint == first.fingerprint
    assert not again.training.history
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_trained_otherwise_is_not_taken_for_it(
    corpus: Corpus, recipe: Recipe, tmp_path: Path
) -> None:
    slower = replace(recipe, optimiser=replace(recipe.optimiser, rate=0.001))
    for number, other in enumerate(
        (
            experiment(corpus, recipe),
            experiment(corpus, slower),
            experiment(corpus, recipe, seed=1),
            experiment(corpus, recipe, validated=3),
        ),
        1,
    ):
        trained(other, tmp_path, "one")
        assert other.training.history
        assert len(list(tmp_path.iterdir())) == number


@pytest.fixture
def every(
    tmp_path: Path, write_set: Callable[..., None], monkeypatch: pytest.MonkeyPatch, recipe: Recipe
) -> list[Job]:
    """The jobs of one network on a set of 14 signers, of whom two share a fold."""
    write_set(tmp_path / "some", 14)
    names = sorted({path.name.partition("-")[0] for path in (tmp_path / "some").glob("*-*.csv")})
    tables = {"some": {"groups": [[], names[:2]]}}
    monkeypatch.setattr(jobs, "read_recipe", lambda network: recipe)
    return fold_jobs(tmp_path, tables, tmp_path / "scratch", ["network-5"], 2)


def test_a_job_carries_all_that_a_fresh_process_needs(every: list[Job], recipe: Recipe) -> None:
    assert [(job.seed, job.fold) for job in every] == [(s, f) for s in (0, 1) for f in range(FOLDS)]
    assert all(job.recipe == recipe for job in every)
    first = every[0].dataset
    assert jobs.corpus_in(first.folder) is jobs.corpus_in(first.folder)
    assert first.groups[1][0].startswith("some/")


def test_tested_signers_and_their_forgers_are_unseen(every: list[Job]) -> None:
    grouped = set(every[0].dataset.groups[1])
    tested_by_fold = []
    for job in every[:FOLDS]:
        experiment, tested = prepare(job)
        signers = set(tested.recordings["signer"])
        tested_by_fold.append(signers)
        assert grouped <= signers or not grouped & signers
        for part in (experiment.training_corpus, experiment.validation_corpus):
            assert not signers & {*part.recordings["signer"], *part.recordings["writer"]}
    assert sorted(s for signers in tested_by_fold for s in signers) == sorted(
        set().union(*tested_by_fold)
    )


def test_with_overlap_a_share_of_the_tested_signers_is_trained_on(every: list[Job]) -> None:
    experiment, tested = prepare(replace(every[0], overlapping=True))
    signers = frozenset(tested.recordings["signer"])
    seen = {
        signer
        for part in (experiment.training_corpus, experiment.validation_corpus)
        for signer in part.recordings["signer"]
    }
    expected = overlap(jobs.corpus_in(every[0].dataset.folder).recordings, signers, every[0].seed)
    assert seen & signers == expected
    assert 0 < len(expected) < len(signers)

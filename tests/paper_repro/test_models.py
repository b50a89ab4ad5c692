"""Kept networks, on a few artificial signers with one pass a network."""

from dataclasses import replace
from pathlib import Path

import pytest

from paper_repro.models import trained
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.study import study_corpus
from sigtdnn.training.experiment import Experiment, divide
from sigtdnn.training.recipe import Recipe, read_recipe

SIGNERS = 6


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    whole = study_corpus()
    forged = whole.recordings["signer"][whole.recordings["kind"] == "skilled"].unique()
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

"""What experiments share: data sets, folds, trainings, kept networks and scores.

A job is one training and carries all that it needs: the folder of its corpus, the recipe, fold
and seed. Workers are fresh processes; each opens a corpus once, memory mapped.

The signers of a fold are tested by a network that saw neither them nor their forgers. Of the
other signers `VALIDATION` are held back to choose weights and measure p-no; the rest train.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np
import pandas as pd
import torch

from sigtdnn import parallel
from sigtdnn.corpus.build import build_folder
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import open_corpus
from sigtdnn.corpus.identity import global_name
from sigtdnn.corpus.splits import fold_signers, split_signers
from sigtdnn.evaluation.systems import RowRepresentations, dtw_system, model_system, run
from sigtdnn.models.file import load_model, save_model
from sigtdnn.models.model import Model
from sigtdnn.tables import table_from
from sigtdnn.training.division import divide
from sigtdnn.training.experiment import Experiment
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.trials.table import Trials

FOLDS = 6
VALIDATION = 0.2  # share of the signers beside the fold's
# Of the paper's 43 test people at least 6 were trained on: 108 + 43 - 145.
OVERLAP = 6 / 43
BASELINE = "dtw"

T = TypeVar("T")


@dataclass(frozen=True)
class Dataset:
    """A set of recordings, written once for all workers."""

    name: str
    folder: Path  # of the corpus
    groups: Sequence[Sequence[str]] = ()  # signers who must share a fold


@dataclass(frozen=True)
class Job:
    """One training of a network, and the fold that it is tested on."""

    dataset: Dataset
    name: str  # of the network or of the variant of one
    recipe: Recipe
    fold: int
    seed: int
    overlapping: bool = False  # whether a share of the tested signers is trained on

    def __str__(self) -> str:
        return f"{self.dataset.name}, {self.name}, fold {self.fold}, seed {self.seed}"


# What an experiment does with a job, its model and the recordings of its tested signers.
ModelTest = Callable[[Job, Model, Experiment, Corpus], T]


@cache
def corpus_in(folder: Path) -> Corpus:
    """The corpus in a folder, opened once a process."""
    return open_corpus(folder)


def write_dataset(
    source: Path, name: str, scratch: Path, groups: Sequence[Sequence[str]] = ()
) -> Dataset:
    """Reads the stroke files of a set and writes its corpus into a new folder below `scratch`.

    `name` is the folder of the set below `source`; groups name signers without their collection.
    """
    corpus = build_folder([source / name], scratch / name, duplicates="first").corpus
    collection = str(corpus.recordings["collection"][0])
    named = [[global_name(collection, signer) for signer in group] for group in groups]
    return Dataset(name, scratch / name, named)


def fold_jobs(
    source: Path, tables: Mapping[str, Any], scratch: Path, networks: Sequence[str], seeds: int
) -> list[Job]:
    """A job for each data set, network, seed and fold; corpora are written below `scratch`.

    `tables` are the data sets of a plan.
    """
    datasets = [
        write_dataset(source, name, scratch, table.get("groups", ()))
        for name, table in tables.items()
    ]
    return [
        Job(dataset, network, read_recipe(network), fold, seed)
        for dataset in datasets
        for network in networks
        for seed in range(seeds)
        for fold in range(FOLDS)
    ]


def run_jobs(work: Callable[[Job], T], jobs: Sequence[Job], processes: int) -> Iterator[T]:
    """What `work` makes of each job, in order; each is told on standard error."""
    results = parallel.map(work, jobs, processes)
    for number, (job, result) in enumerate(zip(jobs, results, strict=True), 1):
        click.echo(f"{number}/{len(jobs)} {job}", err=True)
        yield result


def each_model(test: ModelTest[T], jobs: Sequence[Job], kept: Path, processes: int) -> Iterator[T]:
    """What the test says of each job's model, in order; models that are not kept are trained."""
    return run_jobs(partial(_test, test, kept), jobs, processes)


def _test(test: ModelTest[T], kept: Path, job: Job) -> T:
    experiment, tested = prepare(job)
    name = f"{job.name}-{job.fold}-{job.seed}"
    return test(job, trained(experiment, kept / job.dataset.name, name), experiment, tested)


def prepare(job: Job) -> tuple[Experiment, Corpus]:
    """The training of a job, ready to run, and the recordings of its tested signers."""
    corpus = corpus_in(job.dataset.folder)
    recordings = corpus.recordings
    test = fold_signers(recordings, FOLDS, job.seed, job.dataset.groups)[job.fold]
    is_tested = recordings["signer"].isin(test)
    seen = overlap(recordings, test, job.seed) if job.overlapping else frozenset()
    experiment = experiment_on(corpus, recordings[~is_tested], test - seen, job.recipe, job.seed)
    return experiment, corpus.select(is_tested.to_numpy())


def experiment_on(
    corpus: Corpus, others: pd.DataFrame, unseen: Collection[str], recipe: Recipe, seed: int
) -> Experiment:
    """A training on all but the unseen signers, ready to run.

    The signers who validate are drawn from the recordings `others`.
    """
    torch.set_num_threads(1)
    shares = {"training": 1 - VALIDATION, "validation": VALIDATION}
    validation = split_signers(others, shares, seed)["validation"]
    return Experiment(corpus, divide(corpus.recordings, unseen, validation), recipe, seed)


def overlap(recordings: pd.DataFrame, test: frozenset[str], seed: int) -> frozenset[str]:
    """The share of the test signers that the paper's numbers say was trained on."""
    forged = recordings["signer"][recordings["kind"] == "skilled"].unique()
    chosen: set[str] = set()
    rng = np.random.default_rng(seed)
    for signers in (sorted(test & set(forged)), sorted(test - set(forged))):
        count = max(round(OVERLAP * len(signers)), min(1, len(signers)))
        chosen |= set(rng.choice(np.array(signers, dtype=object), count, replace=False).tolist())
    return frozenset(chosen)


def trained(experiment: Experiment, kept: Path, name: str) -> Model:
    """The model of an experiment that has not run yet: trained, or the same one kept.

    What is learnt from, the recipe and the seed are part of the file's name: a network that
    was trained otherwise is never taken for it.
    """
    recipe = experiment.recipe
    digest = hashlib.sha256(json.dumps([table_from(recipe), experiment.seed]).encode())
    for corpus in (experiment.training_corpus, experiment.validation_corpus):
        digest.update(corpus.recordings.to_csv().encode())
        digest.update(np.ascontiguousarray(corpus.features(recipe.preprocessing)).tobytes())
    path = kept / f"{name}-{digest.hexdigest()[:16]}.safetensors"
    if not path.exists():
        experiment.training.run()
        save_model(experiment.model(), path)
    return load_model(path)


def network_scores(model: Model, corpus: Corpus, trials: Trials) -> pd.DataFrame:
    """The scores table of a model on trials of a corpus: whole vectors, in floating point."""
    represented = RowRepresentations(model.represent, corpus)
    system = model_system(model.name, model, represented, "whole")
    return run(system, trials)


def dtw_scores(corpus: Corpus, trials: Sequence[Trials]) -> list[pd.DataFrame]:
    """The scores tables of untrained DTW; a distance that several trials share is computed once."""
    system = dtw_system(corpus)
    return [run(system, some) for some in trials]

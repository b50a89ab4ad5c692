"""Networks trained once and kept, for experiments that only test them; those of all folds."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click
import numpy as np

from paper_repro.run import DATASETS, FOLDS, Job, Variant, load_dataset, prepare
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.models.file import Model, load_model, save_model
from sigtdnn.tables import table_from
from sigtdnn.training.experiment import Experiment

T = TypeVar("T")
# What an experiment does with a job, its model and the recordings of its tested signers.
Test = Callable[[Job, Model, Experiment, Corpus], T]


kept_option = click.option(
    "--kept", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="A folder for trained networks: those in it are not trained again.",
)  # fmt: skip


def fold_jobs(
    folder: Path, datasets: dict[str, list[list[str]]], networks: Sequence[str], seeds: int
) -> list[Job]:
    """A job for each data set, network, seed and fold; the data sets are loaded.

    `datasets` names folders under `folder`, each with the groups of signers that share a fold.
    """
    for dataset, groups in datasets.items():
        DATASETS[dataset] = load_dataset(folder / dataset, groups, set())
    return [
        Job(dataset, network, Variant(network), fold, seed)
        for dataset in datasets
        for network in networks
        for seed in range(seeds)
        for fold in range(FOLDS)
    ]


def test_models(test: Test[T], jobs: Sequence[Job], kept: Path, processes: int) -> Iterator[T]:
    """What the test says of each job's model, in order; models that are not kept are trained."""
    with get_context("fork").Pool(processes) as pool:
        results = pool.imap(partial(_test, test, kept), jobs)
        for number, (job, result) in enumerate(zip(jobs, results, strict=True), 1):
            where = f"{job.dataset}, {job.name}, fold {job.fold}, seed {job.seed}"
            click.echo(f"{number}/{len(jobs)} {where}", err=True)
            yield result


def _test(test: Test[T], kept: Path, job: Job) -> T:
    experiment, tested = prepare(job)
    model = trained(experiment, kept / job.dataset, f"{job.name}-{job.fold}-{job.seed}")
    return test(job, model, experiment, tested)


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

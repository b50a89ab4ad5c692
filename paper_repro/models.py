"""The networks of all folds, trained once and kept, for experiments that only test them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click

from paper_repro.run import DATASETS, FOLDS, Job, Variant, load_dataset, prepare
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.network.model_file import Model, load_model, save_model
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
    path = kept / job.dataset / f"{job.name}-{job.fold}-{job.seed}.safetensors"
    if not path.exists():
        experiment.training.run()
        save_model(experiment.model(), path)
    return test(job, load_model(path), experiment, tested)

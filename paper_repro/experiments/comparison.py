"""Networks 4 and 5 beside untrained DTW, under every protocol that serves a data set.

Writes results/protocols.json. The networks are those of the folds (`jobs`): each signer is
tested by the one that saw neither the signer nor their forgers, and raw scores are pooled, each
against its own network's p-no. DTW is run on exactly the same trials.

A random forgery is the first questioned genuine of a signer of the same fold, whom the network
has not seen either; that leaves a sixth of the random trials of `sigtdnn evaluate`. Each seed
deals the folds anew, so that DTW's random figures vary with the seed, too.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd

from paper_repro.figures import FIGURES, figures_of, of_seed, write_results, written
from paper_repro.jobs import (
    BASELINE,
    Job,
    corpus_in,
    dtw_scores,
    each_model,
    fold_jobs,
    network_scores,
)
from sigtdnn import parallel
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.figures import difference
from sigtdnn.models.model import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.experiment import Experiment
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS, Protocol
from sigtdnn.trials.table import Trials

NETWORKS = ("network-4", "network-5")
# The protocols of `sigtdnn evaluate` but for the paper's variants, which are in `reproduction`.
NAMES = ("paper", "svc2004", "mixed", "first5", "one")


@dataclass(frozen=True, eq=False)
class Fold:
    """A network and the signers that it is tested on."""

    model: Model
    signers: frozenset[str]


Folds = Mapping[str, Mapping[int, Sequence[Fold]]]  # by network, then by seed


@dataclass(frozen=True, eq=False)
class Task:
    """One protocol on one data set, with the networks of the set's folds."""

    dataset: str
    corpus: Path
    protocol: str
    folds: Folds


def main(
    datasets: Path, plan_file: Path, output: Path, processes: int, kept: Path, seeds: int
) -> None:
    """Tests the networks of the plan's data sets under every protocol."""
    tables = read_toml(plan_file)["datasets"]
    results: dict[str, dict[str, Any]] = {name: {} for name in tables}
    with tempfile.TemporaryDirectory() as scratch:
        jobs = fold_jobs(datasets, tables, Path(scratch), NETWORKS, seeds)
        folds: dict[str, dict[str, dict[int, list[Fold]]]] = {}
        for job, fold in each_model(fold_of, jobs, kept, processes):
            of_network = folds.setdefault(job.dataset.name, {}).setdefault(job.name, {})
            of_network.setdefault(job.seed, []).append(fold)
        corpora = {job.dataset.name: job.dataset.folder for job in jobs}
        tasks = [
            Task(name, corpus, protocol, folds[name])
            for name, corpus in corpora.items()
            for protocol in NAMES
        ]
        found = parallel.map(work, tasks, processes)
        for task, figures in zip(tasks, found, strict=True):
            click.echo(f"{task.dataset}, {task.protocol}", err=True)
            if figures is not None:
                results[task.dataset][task.protocol] = figures
    write_results(output / "protocols.json", results)


def fold_of(job: Job, model: Model, experiment: Experiment, tested: Corpus) -> tuple[Job, Fold]:
    """What is kept of a job: its model and whom it is tested on.

    Raises ProtocolError when the model has seen one of them.
    """
    signers = frozenset(tested.recordings["signer"])
    seen = signers & model.provenance.signers
    if seen:
        raise ProtocolError(
            f"the network kept of {job.dataset.name}, fold {job.fold}, seed {job.seed} has seen "
            f"{min(seen)}, whom it is tested on",
            "remove it",
        )
    return job, Fold(model, signers)


def work(task: Task) -> dict[str, Any] | None:
    """Figures of all systems and their differences to DTW; None where the protocol fails."""
    return compare(corpus_in(task.corpus), PROTOCOLS[task.protocol], task.folds)


def compare(corpus: Corpus, protocol: Protocol, folds: Folds) -> dict[str, Any] | None:
    """As `work`, on an open corpus."""
    try:
        trials = make_trials(corpus, protocol)
    except ProtocolError:
        return None
    scores = scores_of(corpus, trials, folds)
    counts = scores[BASELINE]["kind"].value_counts()
    figures = {name: figures_of(table) for name, table in scores.items()}
    return {
        "signers": len(trials.signers),
        "draws": trials.draws,
        "trials": {str(kind): int(count) for kind, count in counts.items()},
        "systems": {name: written(own) for name, own in figures.items()},
        "less dtw": {
            name: written(
                {key: difference(figures[name][key], figures[BASELINE][key]) for key in FIGURES}
            )
            for name in folds
        },
    }


def scores_of(corpus: Corpus, trials: Trials, folds: Folds) -> dict[str, pd.DataFrame]:
    """The scores table of DTW and of every network, folds pooled; each seed is so many draws."""
    networks = {
        name: [
            of_seed(network_scores(fold.model, corpus, own), seed, trials.draws)
            for seed, fold, own in _parts(corpus, trials, seeds)
        ]
        for name, seeds in folds.items()
    }
    # The folds of a seed are the same whatever the network.
    parts = _parts(corpus, trials, next(iter(folds.values())))
    warped = dtw_scores(corpus, [own for _, _, own in parts])
    baseline = [
        of_seed(scores, seed, trials.draws)
        for (seed, _, _), scores in zip(parts, warped, strict=True)
    ]
    return {name: pd.concat(of) for name, of in {BASELINE: baseline, **networks}.items()}


def _parts(
    corpus: Corpus, trials: Trials, seeds: Mapping[int, Sequence[Fold]]
) -> list[tuple[int, Fold, Trials]]:
    return [
        (seed, fold, within(trials, corpus, fold.signers))
        for seed, folds in seeds.items()
        for fold in folds
    ]


def within(trials: Trials, corpus: Corpus, signers: frozenset[str]) -> Trials:
    """The trials in which both the signer and the writer of a genuine are of these."""
    return trials.without(corpus, set(corpus.recordings["signer"]) - signers)

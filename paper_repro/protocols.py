"""Networks 4 and 5 beside untrained DTW, under every protocol that serves a data set.

Writes results/protocols.json. The networks are those of the folds (`models`): each signer is
tested by the one that saw neither him nor his forgers, and log-odds are pooled, each against
its own network's p-no. DTW is run on exactly the same trials.

A random forgery is the first questioned genuine of a signer of the same fold, whom the network
has not seen either; that leaves a sixth of the random trials of `sigtdnn evaluate`. Each seed
deals the folds anew, so that DTW's random figures vary with the seed, too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import pandas as pd

from paper_repro.models import fold_jobs, kept_option, test_models
from paper_repro.run import DATASETS, Job, estimate_table, experiment_options
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.figures import Estimate, difference, estimates
from sigtdnn.evaluation.opening import BASELINE
from sigtdnn.evaluation.systems import Encoded, Gaussian, System, run, seen_signers
from sigtdnn.files import replacing
from sigtdnn.matching.elastic.dtw import DTW
from sigtdnn.models.file import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.experiment import Experiment
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS, Protocol
from sigtdnn.trials.table import Trials

NETWORKS = ("network-4", "network-5")
SEEDS = 3
# The protocols of `sigtdnn evaluate` but for the paper's variants, which run.py tests.
NAMES = ("paper", "svc2004", "mixed", "first5", "one")
# What is kept of a scores table: kind of forgery and figure.
FIGURES = {
    "eer_skilled": ("skilled", "eer_global"),
    "eer_skilled_per_signer": ("skilled", "eer_per_signer"),
    "ga_at_fr80": ("skilled", "ga_at_fr80"),
    "eer_random": ("random", "eer_global"),
}


@dataclass(frozen=True, eq=False)
class Fold:
    """A network and the signers that it is tested on."""

    model: Model
    signers: frozenset[str]


Folds = Mapping[str, Mapping[int, Sequence[Fold]]]  # by network, then by seed


def fold_of(job: Job, model: Model, experiment: Experiment, tested: Corpus) -> tuple[Job, Fold]:
    """What is kept of a job: its model and whom it is tested on.

    Raises ProtocolError when the model has seen one of them.
    """
    signers = frozenset(tested.recordings["signer"])
    seen = signers & seen_signers(model)
    if seen:
        raise ProtocolError(
            f"the network kept of {job.dataset}, fold {job.fold}, seed {job.seed} has seen "
            f"{min(seen)}, whom it is tested on; remove it"
        )
    return job, Fold(model, signers)


def compare(dataset: str, protocol: Protocol, folds: Folds) -> dict[str, Any] | None:
    """Figures of all systems and their differences to DTW; None where the protocol fails."""
    corpus = DATASETS[dataset].corpus
    try:
        trials = make_trials(corpus, protocol)
    except ProtocolError:
        return None
    dtw = DTW(corpus)
    tables: dict[str, list[pd.DataFrame]] = {BASELINE: [], **{name: [] for name in folds}}
    for name, seeds in folds.items():
        for seed, of_seed in seeds.items():
            for fold in of_seed:
                own = within(trials, corpus, fold.signers)
                systems: list[System] = [Gaussian(name, Encoded(fold.model, corpus))]
                # The folds of a seed are the same whatever the network.
                if name == next(iter(folds)):
                    systems.append(dtw)
                for system in systems:
                    scores = run(system, own)
                    draw = scores["draw"] + seed * trials.draws
                    tables[system.name].append(scores.assign(draw=draw))
    pooled = {name: pd.concat(parts) for name, parts in tables.items()}
    counts = pooled[BASELINE]["kind"].value_counts()
    figures = {name: figures_of(table) for name, table in pooled.items()}
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


def within(trials: Trials, corpus: Corpus, signers: frozenset[str]) -> Trials:
    """The trials in which both the signer and the writer of a genuine are of these."""
    return trials.without(corpus, set(corpus.recordings["signer"]) - signers)


def figures_of(scores: pd.DataFrame) -> dict[str, Estimate]:
    """The figures that are kept of one system's scores."""
    by_kind = {kind: estimates(scores, kind) for kind in ("skilled", "random")}
    return {key: by_kind[kind][name] for key, (kind, name) in FIGURES.items()}


def written(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    """The figures as the results file holds them."""
    return {key: estimate_table(estimate) for key, estimate in figures.items()}


def _compare(task: tuple[str, str], folds: Mapping[str, Folds]) -> dict[str, Any] | None:
    dataset, protocol = task
    return compare(dataset, PROTOCOLS[protocol], folds[dataset])


@click.command()
@experiment_options
@kept_option
@click.option("--seeds", type=click.IntRange(min=1), default=SEEDS, show_default=True)
def main(
    folder: Path, plan_file: Path, kept: Path, output: Path, seeds: int, processes: int
) -> None:
    """Test the networks of the plan's data sets and write protocols.json."""
    datasets = {
        name: table.get("groups", []) for name, table in read_toml(plan_file)["datasets"].items()
    }
    jobs = fold_jobs(folder, datasets, NETWORKS, seeds)
    folds: dict[str, dict[str, dict[int, list[Fold]]]] = {}
    for job, fold in test_models(fold_of, jobs, kept, processes):
        of_network = folds.setdefault(job.dataset, {}).setdefault(job.name, {})
        of_network.setdefault(job.seed, []).append(fold)
    tasks = [(dataset, protocol) for dataset in datasets for protocol in NAMES]
    results: dict[str, dict[str, Any]] = {dataset: {} for dataset in datasets}
    with get_context("fork").Pool(processes) as pool:
        found = pool.imap(partial(_compare, folds=folds), tasks)
        for (dataset, protocol), figures in zip(tasks, found, strict=True):
            click.echo(f"{dataset}, {protocol}", err=True)
            if figures is not None:
                results[dataset][protocol] = figures
    with replacing(output / "protocols.json") as temporary:
        temporary.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

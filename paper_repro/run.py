"""Trains and tests the paper's networks on real signatures and writes results/summary.json.

Every training is one job: a data set, a network or a variant of one, a fold and a seed. The
signers of a fold are tested by a network that saw neither them nor their forgers; a fifth of
the others choose its weights and measure p-no, the rest train. Log-odds, each against its own
network's p-no, are pooled over the folds; a seed is a draw. `plan.toml` says what is run.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import torch

from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.splits import fold_signers, split_signers
from sigtdnn.evaluation.figures import Estimate, estimates
from sigtdnn.evaluation.systems import Encoded, Gaussian, run
from sigtdnn.files import replacing
from sigtdnn.models.file import Model
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.signature import Signature
from sigtdnn.tables import read_toml, settings_from, table_from
from sigtdnn.training.checkpoint import environment
from sigtdnn.training.experiment import Experiment, divide
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.trials.protocols import PROTOCOLS, make_trials

HERE = Path(__file__).parent
DISJOINT, OVERLAPPING, VARIANTS = "signer-disjoint", "overlapping", "variants"
# Of the paper's 43 test people at least 6 were trained on: 108 + 43 - 145.
OVERLAP = 6 / 43
VALIDATION = 0.2  # share of the signers beside the fold's
FORGED_ONLY = ("network-4", "network-5")
NFI_LINES_PER_INCH = 2540
# Corpora are preprocessed as most networks ask; the others compute their own features.
PREPROCESSING = read_recipe("network-4").preprocessing


@dataclass(frozen=True)
class Variant:
    """A network with something changed; see plan.toml for the fields."""

    network: str
    changes: dict[str, Any] = field(default_factory=dict)
    seeds: Sequence[int] = ()  # all seeds of the plan, unless named
    overlapping: bool = False
    as_printed: bool = False
    dots_per_inch: int | None = None


@dataclass(frozen=True)
class Job:
    """One training and its tests."""

    dataset: str
    name: str
    variant: Variant
    fold: int
    seed: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a job ends with: a scores table a test, and Table 1's readings."""

    job: Job
    scores: dict[str, pd.DataFrame]
    readings: dict[str, float]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A corpus and the groups of signers that must share a fold."""

    corpus: Corpus
    groups: list[list[str]]
    reduced: Mapping[int, Corpus]  # by dots per inch


DATASETS: dict[str, Dataset] = {}  # filled before the workers start, which inherit it
FOLDS = 6


def work(job: Job) -> Outcome:
    """Trains one network and tests it on the signers of its fold."""
    began = time.perf_counter()
    experiment, tested = prepare(job)
    untrained = experiment.model()
    experiment.training.run()
    model = experiment.model()
    scores = {
        "paper": scores_of(model, tested),
        "first two left out": scores_of(model, tested, "paper-without-first-two"),
        "cleaned": scores_of(model, tested, "paper-cleaned"),
        "untrained": scores_of(untrained, tested),
    }
    readings = table_1(experiment) | {
        "p_no_largest_share": model.decision.p_no_largest_share,
        "seconds": time.perf_counter() - began,
    }
    return Outcome(job, scores, readings)


def prepare(job: Job) -> tuple[Experiment, Corpus]:
    """The training of a job, ready to run, and the recordings of its tested signers."""
    torch.set_num_threads(1)
    dataset, variant = DATASETS[job.dataset], job.variant
    corpus = dataset.reduced[variant.dots_per_inch] if variant.dots_per_inch else dataset.corpus
    recordings = corpus.recordings
    folds = fold_signers(recordings, FOLDS, job.seed, dataset.groups)
    test = folds[job.fold]
    others = recordings[~recordings["signer"].isin(test)]
    shares = {"training": 1 - VALIDATION, "validation": VALIDATION}
    validation = split_signers(others, shares, job.seed)["validation"]
    unseen = test - _overlap(recordings, test, job.seed) if variant.overlapping else test
    experiment = Experiment(
        corpus, divide(recordings, unseen, validation), changed_recipe(variant), job.seed
    )
    return experiment, corpus.select(recordings["signer"].isin(test).to_numpy())


def changed_recipe(variant: Variant) -> Recipe:
    """The recipe of the variant's network, with its changes.

    As printed, a network has its layers, inputs and training set, and for the rest the
    defaults, which are the paper's facts and the choices of PAPER.md.
    """
    recipe = read_recipe(variant.network)
    if variant.as_printed:
        recipe = Recipe(
            replace(recipe.network, unit_vectors=False),
            PreprocessingSettings(air=recipe.preprocessing.air),
            recipe.data,
        )
    table = table_from(recipe)
    for name, changes in variant.changes.items():
        table[name] |= changes
    return settings_from(Recipe, table, f"{variant.network}, changed")


def scores_of(model: Model, tested: Corpus, protocol: str = "paper") -> pd.DataFrame:
    """The scores table of a model under a protocol, with the model's threshold in a column."""
    system = Gaussian(model.network.name, Encoded(model, tested))
    scores = run(system, make_trials(tested, PROTOCOLS[protocol]))
    return scores.assign(threshold=model.decision.threshold_fr80)


def table_1(experiment: Experiment) -> dict[str, float]:
    """GA and FR on training and validation pairs, each at the pass of its own lowest loss."""
    history = experiment.training.history
    train = min(history, key=lambda record: record.train_loss)
    validation = min(history, key=lambda record: record.val_loss)
    return {
        "ga_train": train.train_ga,
        "fr_train": train.train_fr,
        "pass_train": train.number,
        "ga_val": validation.val_ga,
        "fr_val": validation.val_fr,
        "pass_val": validation.number,
    }


def _overlap(recordings: pd.DataFrame, test: frozenset[str], seed: int) -> set[str]:
    """The share of the test signers that the paper's numbers say was trained on."""
    forged = recordings["signer"][recordings["kind"] == "skilled"].unique()
    chosen: set[str] = set()
    rng = np.random.default_rng(seed)
    for signers in (sorted(test & set(forged)), sorted(test - set(forged))):
        count = max(round(OVERLAP * len(signers)), min(1, len(signers)))
        chosen |= set(rng.choice(np.array(signers, dtype=object), count, replace=False).tolist())
    return chosen


def summarise(group: Sequence[Outcome], cost: dict[str, Any]) -> dict[str, Any]:
    """The figures of all outcomes of one network or variant, by section and name."""
    name, variant = group[0].job.name, group[0].job.variant
    own = figures(group, "paper") | readings(group) | {"cost": cost}
    if name != variant.network:
        return {VARIANTS: {name: own}}
    if variant.overlapping:
        return {OVERLAPPING: {name: own}}
    others = {
        f"{name}, {test}": figures(group, test) for test in group[0].scores if test != "paper"
    }
    if name in FORGED_ONLY:
        others[f"{name}, forged signers only"] = figures(group, "paper", forged_only=True)
    return {DISJOINT: {name: own}, VARIANTS: others}


def figures(group: Sequence[Outcome], test: str, forged_only: bool = False) -> dict[str, Any]:
    """What one test of one network gave, folds pooled: mean and spread over seeds, interval."""
    table = pd.concat(
        [
            outcome.scores[test].assign(draw=outcome.job.seed, fold=outcome.job.fold)
            for outcome in group
        ]
    )
    if forged_only:
        table = table[table["signer"].isin(table["signer"][table["kind"] == "skilled"].unique())]
    skilled, random = estimates(table, "skilled"), estimates(table, "random")
    # Every network has a threshold of its own; relative to it, all have 0.
    relative = table.assign(log_odds=table["log_odds"] - table["threshold"])
    chosen = estimates(relative, "skilled", threshold=0.0)
    folds = [estimates(fold, "skilled")["ga_at_fr80"].mean for _, fold in table.groupby("fold")]
    once = table[table["draw"] == table["draw"].min()]
    return {
        "ga_at_fr80": estimate_table(skilled["ga_at_fr80"]),
        "ga_at_fr80_mean_of_folds": float(np.mean([f for f in folds if f is not None])),
        "ga_at_validation_threshold": estimate_table(chosen["ga_at_validation_threshold"]),
        "fr_at_validation_threshold": estimate_table(chosen["fr_at_validation_threshold"]),
        "eer_skilled": estimate_table(skilled["eer_global"]),
        "eer_random": estimate_table(random["eer_global"]),
        "signers": int(once["signer"].nunique()),
        "trials": {str(kind): int(n) for kind, n in once["kind"].value_counts().items()},
    }


def readings(group: Sequence[Outcome]) -> dict[str, Any]:
    """Table 1 and what else is one number a training: mean and spread over trainings."""
    table = pd.DataFrame([outcome.readings for outcome in group])
    return {
        str(name): {"mean": float(column.mean()), "std": float(column.std(ddof=1))}
        for name, column in table.items()
    }


def estimate_table(estimate: Estimate) -> dict[str, Any]:
    """Mean, spread and interval, as results keep them."""
    ci95 = None if estimate.ci95 is None else list(estimate.ci95)
    return {"mean": estimate.mean, "std": estimate.std, "ci95": ci95}


def load_dataset(path: Path, groups: list[list[str]], reduced: set[int]) -> Dataset:
    """A corpus from stroke files, and copies of it at lower resolutions."""
    corpus = build_corpus([path], settings=PREPROCESSING).corpus
    collection = corpus.recordings["collection"][0]
    return Dataset(
        corpus,
        [[f"{collection}/{signer}" for signer in group] for group in groups],
        {dpi: at_resolution(corpus, dpi) for dpi in reduced},
    )


def at_resolution(corpus: Corpus, dots_per_inch: int) -> Corpus:
    """The corpus with coordinates rounded to a coarser grid (SigComp2009: 2540 lines an inch)."""
    step = NFI_LINES_PER_INCH / dots_per_inch
    signatures = [
        Signature.from_samples(
            s.t, np.round(s.x / step), np.round(s.y / step), s.pen, s.pressure, strokes=s.strokes
        )
        for s in corpus.signatures()
    ]
    return Corpus.from_signatures(corpus.recordings, signatures, corpus.collections, PREPROCESSING)


def jobs_of(dataset: str, table: Mapping[str, Any], seeds: Sequence[int]) -> Iterator[Job]:
    """All trainings on a data set: networks, then networks with overlap, then variants."""
    variants = [
        *((network, Variant(network)) for network in table["networks"]),
        *(
            (network, Variant(network, overlapping=True, seeds=seeds[:1]))
            for network in table["overlapping"]
        ),
        *((name, Variant(**changed)) for name, changed in table.get("variants", {}).items()),
    ]
    for name, variant in variants:
        for seed in variant.seeds or seeds:
            for fold in range(FOLDS):
                yield Job(dataset, name, variant, fold, seed)


def run_jobs(jobs: Sequence[Job], processes: int) -> Iterator[list[Outcome]]:
    """The outcomes of each network or variant when all are there, in the order of the jobs."""
    with get_context("fork").Pool(processes) as pool:
        outcomes = pool.imap(work, jobs)
        done = 0
        for _, group in groupby(jobs, key=lambda job: (job.name, job.variant.overlapping)):
            together = []
            for job in group:
                together.append(next(outcomes))
                done += 1
                where = f"{job.dataset}, {job.name}, fold {job.fold}, seed {job.seed}"
                click.echo(f"{done}/{len(jobs)} {where}", err=True)
            yield together


def update(path: Path, changed: Mapping[str, Any]) -> None:
    """Puts figures into a JSON file, which may be absent; others stay."""
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with replacing(path) as temporary:
        text = json.dumps(merged(content, changed), indent=1)
        temporary.write_text(text + "\n", encoding="utf-8")


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`old` with the sections of data sets that `new` has, name by name."""
    result = dict(old)
    for dataset, sections in new.items():
        there = result.get(dataset, {DISJOINT: {}, OVERLAPPING: {}, VARIANTS: {}})
        result[dataset] = {name: there[name] | sections.get(name, {}) for name in there}
    return result


def experiment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every experiment, as `folder`, `plan_file`, `output` and `processes`."""
    options = (
        click.option(
            "--datasets", "folder", required=True, envvar="SIGTDNN_DATASETS",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="The folder that holds the data sets; also in SIGTDNN_DATASETS.",
        ),
        click.option(
            "--plan", "plan_file", type=click.Path(path_type=Path), default=HERE / "plan.toml"
        ),
        click.option("-o", "output", type=click.Path(path_type=Path), default=HERE / "results"),
        click.option("--jobs", "processes", type=click.IntRange(min=1), default=os.cpu_count()),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@experiment_options
@click.option("--only", multiple=True, help="A data set of the plan; by default all.")
def main(
    folder: Path, plan_file: Path, output: Path, only: tuple[str, ...], processes: int
) -> None:
    """Run the plan; the figures of each network replace the old ones as they are done."""
    plan = read_toml(plan_file)
    for dataset, table in plan["datasets"].items():
        if only and dataset not in only:
            continue
        jobs = list(jobs_of(dataset, table, table.get("seeds", plan["seeds"])))
        reduced = {job.variant.dots_per_inch for job in jobs if job.variant.dots_per_inch}
        DATASETS[dataset] = load_dataset(folder / dataset, table.get("groups", []), reduced)
        began = time.perf_counter()
        for group in run_jobs(jobs, processes):
            seconds = round(time.perf_counter() - began)
            began = time.perf_counter()
            cost = {"trainings": len(group), "processes": processes, "seconds": seconds}
            summary = summarise(group, cost | environment())
            update(output / "summary.json", {dataset: summary})


if __name__ == "__main__":
    main()

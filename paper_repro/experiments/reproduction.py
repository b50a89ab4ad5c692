"""The paper's networks on real signatures, beside the paper's figures; results/summary.json.

A network or a variant of one is trained once for each fold and seed, and tested on the signers
of the fold. Raw scores, each against its own network's p-no, are pooled over the folds; a seed is
a draw. `plan.toml` says what is run.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from paper_repro.figures import (
    estimate_table,
    read_results,
    write_results,
)
from paper_repro.jobs import (
    FOLDS,
    Dataset,
    Job,
    corpus_in,
    network_scores,
    prepare,
    run_jobs,
    write_dataset,
)
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import write_corpus
from sigtdnn.evaluation.figures import estimates
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.models.model import Model
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.signature import Signature
from sigtdnn.tables import read_toml, settings_from, table_from
from sigtdnn.training.environment import torch_environment
from sigtdnn.training.experiment import Experiment
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

DISJOINT, OVERLAPPING, VARIANTS = "signer-disjoint", "overlapping", "variants"
# Networks that have a row of the signers who were forged alone.
FORGED_ONLY = ("network-4", "network-5")
NFI_LINES_PER_INCH = 2540


@dataclass(frozen=True)
class Variant:
    """A network, perhaps with something changed; see plan.toml for the fields."""

    network: str
    changes: dict[str, Any] = field(default_factory=dict)
    seeds: Sequence[int] = ()  # all seeds of the plan, unless named
    overlapping: bool = False
    as_printed: bool = False
    dots_per_inch: int | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a job ends with: a scores table a test, and what is one number a training."""

    job: Job
    scores: dict[str, pd.DataFrame]
    readings: dict[str, float]


def main(
    datasets: Path, plan_file: Path, output: Path, processes: int, only: Sequence[str]
) -> None:
    """Runs the plan; the figures of each network replace the old ones as they are done."""
    plan = read_toml(plan_file)
    for name, table in plan["datasets"].items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            variants = variants_of(table, table.get("seeds", plan["seeds"]))
            dataset = write_dataset(datasets, name, Path(scratch), table.get("groups", ()))
            jobs = {key: jobs_of(key[0], variant, dataset) for key, variant in variants.items()}
            every = [job for of_variant in jobs.values() for job in of_variant]
            outcomes = run_jobs(work, every, processes)
            for key, of_variant in jobs.items():
                began = time.perf_counter()
                group = list(islice(outcomes, len(of_variant)))
                seconds = round(time.perf_counter() - began)
                cost = {"trainings": len(group), "processes": processes, "seconds": seconds}
                summary = summarise(variants[key], group, cost | torch_environment())
                path = output / "summary.json"
                write_results(path, merged(read_results(path), {name: summary}))


def variants_of(table: Mapping[str, Any], seeds: Sequence[int]) -> dict[tuple[str, bool], Variant]:
    """What is trained on a data set, by name and whether it overlaps, with its seeds.

    Networks come first, then networks with overlap, which have one seed, then variants.
    """
    variants = {
        **{(name, False): Variant(name) for name in table["networks"]},
        **{
            (name, True): Variant(name, overlapping=True, seeds=seeds[:1])
            for name in table["overlapping"]
        },
        **{
            (name, False): Variant(**changed) for name, changed in table.get("variants", {}).items()
        },
    }
    return {key: replace(one, seeds=one.seeds or seeds) for key, one in variants.items()}


def jobs_of(name: str, variant: Variant, dataset: Dataset) -> list[Job]:
    """A job for each seed and fold."""
    recipe = changed_recipe(variant)
    if variant.dots_per_inch:
        dataset = coarser(dataset, variant.dots_per_inch)
    return [
        Job(dataset, name, recipe, fold, seed, variant.overlapping)
        for seed in variant.seeds
        for fold in range(FOLDS)
    ]


def changed_recipe(variant: Variant) -> Recipe:
    """The recipe of the variant's network, with its changes.

    As printed, a network has its layers, inputs and training set, and for the rest the
    defaults, which are the paper's facts and the choices of PAPER.md.
    """
    recipe = read_recipe(variant.network)
    if variant.as_printed:
        recipe = Recipe(
            replace(recipe.require_network(), unit_vectors=False),
            PreprocessingSettings(air=recipe.preprocessing.air),
            recipe.data,
        )
    table = table_from(recipe)
    for name, changes in variant.changes.items():
        table[name] |= changes
    return settings_from(Recipe, table, f"{variant.network}, changed")


def coarser(dataset: Dataset, dots_per_inch: int) -> Dataset:
    """The data set with coordinates rounded to a coarser grid (SigComp2009: 2540 lines an inch)."""
    folder = dataset.folder.with_name(f"{dataset.folder.name} at {dots_per_inch}")
    coarse = replace(dataset, folder=folder)
    if folder.exists():
        return coarse
    corpus = corpus_in(dataset.folder)
    step = NFI_LINES_PER_INCH / dots_per_inch
    signatures = [
        Signature.from_strokes(
            s.t, np.round(s.x / step), np.round(s.y / step), s.stroke, s.pressure
        )
        for s in corpus.signatures()
    ]
    reduced = Corpus.from_signatures(corpus.recordings, signatures, corpus.collections)
    write_corpus(reduced, folder)
    return coarse


def work(job: Job) -> Outcome:
    """Trains one network and tests it on the signers of its fold."""
    began = time.perf_counter()
    experiment, tested = prepare(job)
    untrained = experiment.model()
    experiment.training.run()
    model = experiment.model()
    assert isinstance(model.matcher, Gaussian)
    scores = {
        "paper": scores_of(model, tested),
        "first two left out": scores_of(model, tested, "paper-without-first-two"),
        "cleaned": scores_of(model, tested, "paper-cleaned"),
        "untrained": scores_of(untrained, tested),
    }
    readings = table_1(experiment) | {
        "p_no_largest_share": model.matcher.whole.prior.largest_share,
        "seconds": time.perf_counter() - began,
    }
    return Outcome(job, scores, readings)


def scores_of(model: Model, tested: Corpus, protocol: str = "paper") -> pd.DataFrame:
    """The scores table of a model under a protocol."""
    return network_scores(model, tested, make_trials(tested, PROTOCOLS[protocol]))


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


def summarise(variant: Variant, group: Sequence[Outcome], cost: dict[str, Any]) -> dict[str, Any]:
    """The figures of all outcomes of one network or variant, by section and name."""
    name = group[0].job.name
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
    folds = [estimates(fold, "skilled")["ga_at_fr80"].mean for _, fold in table.groupby("fold")]
    once = table[table["draw"] == table["draw"].min()]
    return {
        "ga_at_fr80": estimate_table(skilled["ga_at_fr80"]),
        "ga_at_fr80_mean_of_folds": float(np.mean([f for f in folds if f is not None])),
        "ga_at_validation_threshold": estimate_table(skilled["ga_at_validation_threshold"]),
        "fr_at_validation_threshold": estimate_table(skilled["fr_at_validation_threshold"]),
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


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`old` with the sections of data sets that `new` has, name by name."""
    result = dict(old)
    for dataset, sections in new.items():
        there = result.get(dataset, {DISJOINT: {}, OVERLAPPING: {}, VARIANTS: {}})
        result[dataset] = {name: there[name] | sections.get(name, {}) for name in there}
    return result

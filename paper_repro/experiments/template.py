"""What templates of 80 bytes do to the networks of the folds; results/template.json.

For networks 5 and 4 and each data set, signers disjoint, folds pooled, seeds as draws:

loss       of GA@FR80 and EER against whole vectors in full precision (`loss`)
variance   read from the paper's bytes and from ours, over the exact one (`layouts`)
updates    errors with and without, and under attack (`updating`)

Networks that are kept are used as they are, the others are trained and kept.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from paper_repro.experiments.layouts import (
    HANDS,
    UPDATES,
    artificial,
    artificial_ranges,
    measure,
    narrow_ranges,
)
from paper_repro.experiments.loss import loss_figures, loss_scores
from paper_repro.experiments.updating import (
    attack_counts,
    follow_templates,
    signers_of,
    update_figures,
)
from paper_repro.figures import read_results, write_results, written
from paper_repro.jobs import Job, each_model, fold_jobs
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.figures import Estimate
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.models.model import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.experiment import Experiment
from sigtdnn.verification.enrolment import WANTED

NETWORKS = ("network-5", "network-4")
ARTIFICIAL = "artificial hands"
SHARES = (0.05, 0.5, 0.95)  # of the signers, at which ratios of variances are told


@dataclass(frozen=True, eq=False)
class Measurement:
    """What one network's test gave; in every table, `draw` is the seed."""

    job: Job
    loss: pd.DataFrame  # scores
    variance: pd.DataFrame  # one row a signer and layout: enrolled, updated, updates
    updates: pd.DataFrame  # scores
    signers: pd.DataFrame  # as `updating.Histories` has it


def main(
    datasets: Path, plan_file: Path, output: Path, processes: int, kept: Path, only: Sequence[str]
) -> None:
    """Measures on the data sets of the plan, with all of its seeds."""
    plan = read_toml(plan_file)
    chosen = {name: of for name, of in plan["datasets"].items() if not only or name in only}
    path = output / "template.json"
    write_results(path, read_results(path) | {ARTIFICIAL: artificial_variances()})
    with tempfile.TemporaryDirectory() as scratch:
        jobs = fold_jobs(datasets, chosen, Path(scratch), NETWORKS, len(plan["seeds"]))
        results = each_model(measure_model, jobs, kept, processes)
        for name, of_dataset in groupby(results, key=lambda one: one.job.dataset.name):
            figures = {
                network: summary(list(group))
                for network, group in groupby(of_dataset, key=lambda one: one.job.name)
            }
            write_results(path, read_results(path) | {name: figures})


def measure_model(job: Job, model: Model, experiment: Experiment, tested: Corpus) -> Measurement:
    """All measurements with one network."""
    histories = follow_templates(model, tested)
    tables = (
        loss_scores(model, experiment, tested),
        variances(model, tested),
        histories.scores,
        histories.signers,
    )
    return Measurement(job, *(table.assign(draw=job.seed) for table in tables))


def variances(model: Model, tested: Corpus) -> pd.DataFrame:
    """Ratios of each signer with six signatures to enrol with, updated with all that arrive."""
    matcher = model.matcher
    assert isinstance(matcher, Gaussian)
    low, high = narrow_ranges(np.array(matcher.low), np.array(matcher.high))
    rows = []
    for signer in signers_of(model, tested):
        if len(signer.enrolled) == WANTED:
            vectors = np.concatenate([signer.enrolled, signer.arriving]).astype(np.float64)
            vectors = vectors[:, list(matcher.components)]
            for layout, ratios in measure(vectors[None], low, high).items():
                rows.append(
                    {
                        "layout": layout,
                        "enrolled": ratios[0, 0],
                        "updated": ratios[0, -1],
                        "updates": len(signer.arriving),
                    }
                )
    return pd.DataFrame(rows)


def summary(group: Sequence[Measurement]) -> dict[str, Any]:
    """The figures of one network on one data set."""
    loss, variance, updates, signers = (
        pd.concat([getattr(one, name) for one in group], ignore_index=True)
        for name in ("loss", "variance", "updates", "signers")
    )
    return {
        "loss": figures_table(loss_figures(loss)),
        "variance": ratio_table(variance),
        "updates": {
            "figures": figures_table(update_figures(updates)),
            "arrived": int(signers["arrived"].sum()),
            "learnt": int(signers["learnt"].sum()),
            "attack": attack_counts(signers),
        },
    }


def ratio_table(variance: pd.DataFrame) -> dict[str, Any]:
    """Quantiles over signers of the ratios of each layout, and how many updates there were."""
    return {
        str(layout): {
            "enrolled": np.quantile(own["enrolled"], SHARES).tolist(),
            "updated": np.quantile(own["updated"], SHARES).tolist(),
            "updates": np.quantile(own["updates"], (0, 0.5, 1)).tolist(),
        }
        for layout, own in variance.groupby("layout", sort=False)
    }


def artificial_variances() -> dict[str, Any]:
    """The same of artificial signers, by hand."""
    tables = {}
    for number, (hand, deviation) in enumerate(HANDS.items()):
        vectors = artificial(deviation, np.random.default_rng(number))
        rows = [
            pd.DataFrame(
                {
                    "layout": layout,
                    "enrolled": ratios[:, 0],
                    "updated": ratios[:, -1],
                    "updates": UPDATES,
                }
            )
            for layout, ratios in measure(vectors, *artificial_ranges()).items()
        ]
        tables[hand] = ratio_table(pd.concat(rows))
    return tables


def figures_table(figures: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Any]:
    """The figures of several systems, as results keep them."""
    return {name: written(own) for name, own in figures.items()}

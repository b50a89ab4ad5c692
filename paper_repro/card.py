"""Measures what 80 bytes do to the networks of the folds; writes results/card.json.

For networks 5 and 4 and each data set, signers disjoint, folds pooled, seeds as draws:

loss       of GA@FR80 and EER against whole vectors in full precision (`loss`)
variance   read from the paper's bytes and from ours, over the exact one (`layouts`)
updates    errors with and without, and under attack (`updating`)

Models that KEPT holds are used as they are, the others are trained and kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from paper_repro.layouts import (
    HANDS,
    UPDATES,
    artificial,
    artificial_ranges,
    measure,
    narrow_ranges,
)
from paper_repro.loss import loss_figures, loss_scores
from paper_repro.models import fold_jobs, kept_option, test_models
from paper_repro.run import Job, estimate_table, experiment_options
from paper_repro.updating import attack_counts, live, live_figures, signers_of
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.figures import Estimate
from sigtdnn.files import replacing
from sigtdnn.models.file import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.experiment import Experiment
from sigtdnn.verification.enrolment import WANTED

NETWORKS = ("network-5", "network-4")
ARTIFICIAL = "artificial hands"
SHARES = (0.05, 0.5, 0.95)  # of the signers, at which ratios of variances are told


@dataclass(frozen=True, eq=False)
class Measured:
    """What one network's test gave; in every table, `draw` is the seed."""

    job: Job
    loss: pd.DataFrame  # scores
    variance: pd.DataFrame  # one row a signer and layout: enrolled, updated, updates
    lives: pd.DataFrame  # scores
    signers: pd.DataFrame


def measured(job: Job, model: Model, experiment: Experiment, tested: Corpus) -> Measured:
    """All measurements with one network."""
    lives = live(model, tested)
    tables = (
        loss_scores(model, experiment, tested),
        variances(model, tested),
        lives.scores,
        lives.signers,
    )
    return Measured(job, *(table.assign(draw=job.seed) for table in tables))


def variances(model: Model, tested: Corpus) -> pd.DataFrame:
    """Ratios of each signer with six signatures to enrol with, updated with all that arrive."""
    low, high = narrow_ranges(*model.card.ranges)
    rows = []
    for signer in signers_of(model, tested):
        if len(signer.enrolled) == WANTED:
            vectors = np.concatenate([signer.enrolled, signer.arriving]).astype(np.float64)
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


def summary(group: Sequence[Measured]) -> dict[str, Any]:
    """The figures of one network on one data set."""
    loss, variance, lives, signers = (
        pd.concat([getattr(one, name) for one in group], ignore_index=True)
        for name in ("loss", "variance", "lives", "signers")
    )
    return {
        "loss": written(loss_figures(loss)),
        "variance": ratio_table(variance),
        "updates": {
            "figures": written(live_figures(lives)),
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


def written(figures: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Any]:
    """Estimates as the results keep them."""
    return {
        name: {figure: estimate_table(estimate) for figure, estimate in own.items()}
        for name, own in figures.items()
    }


def update(path: Path, name: str, figures: Mapping[str, Any]) -> None:
    """Replaces one section of a JSON file, which may be absent."""
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with replacing(path) as temporary:
        text = json.dumps({**content, name: figures}, indent=1)
        temporary.write_text(text + "\n", encoding="utf-8")


@click.command()
@experiment_options
@kept_option
@click.option("--only", multiple=True, help="A data set of the plan; by default all.")
def main(
    folder: Path, kept: Path, plan_file: Path, output: Path, only: tuple[str, ...], processes: int
) -> None:
    """Measure on the data sets of the plan, with all of its seeds."""
    plan = read_toml(plan_file)
    groups = {
        dataset: table.get("groups", [])
        for dataset, table in plan["datasets"].items()
        if not only or dataset in only
    }
    update(output / "card.json", ARTIFICIAL, artificial_variances())
    jobs = fold_jobs(folder, groups, NETWORKS, len(plan["seeds"]))
    results = test_models(measured, jobs, kept, processes)
    for dataset, of_dataset in groupby(results, key=lambda one: one.job.dataset):
        figures = {
            network: summary(list(group))
            for network, group in groupby(of_dataset, key=lambda one: one.job.name)
        }
        update(output / "card.json", dataset, figures)


if __name__ == "__main__":
    main()

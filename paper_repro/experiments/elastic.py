"""Elastic matching step by step, beside untrained DTW on the same trials; results/elastic.json.

The steps, each with what the one before has:

dtw              untrained DTW of six functions of time, the textbook baseline
14 functions     of time, and the sum of their absolute differences as the local cost
saturating cost  no function of which an outlier can dominate the sum
duration         a quarter of the logarithm of the ratio of durations, in the score
default          the model that ships: with functions learnt from artificial signers, calibrated

model  digest and size of the model that ships
sets   by set and protocol: counts; of every system its figures, those less DTW's and less those
       of the step before, paired; of `default` the false acceptance rates that its thresholds were
       asked for and met, and what its log-odds cost, Cllr beside its minimum

The plan's data sets were in sight when functions and constants were chosen. Its `final` ones are
tested once, with the finished model, and what is known of them for the same model is kept.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from paper_repro.experiments.cards import file_of
from paper_repro.figures import evaluation_table, kept, read_results, write_results
from paper_repro.jobs import BASELINE, corpus_in, write_dataset
from sigtdnn import parallel
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.evaluation import Evaluation, evaluate
from sigtdnn.evaluation.systems import (
    ComparatorSystem,
    RowRepresentations,
    System,
    dtw_system,
    model_system,
)
from sigtdnn.matching.elastic import Elastic
from sigtdnn.models.file import load_model
from sigtdnn.models.pretrained import DEFAULT, pretrained_file
from sigtdnn.tables import read_toml
from sigtdnn.trials.protocols import PROTOCOLS

UNTRAINED = {
    "14 functions": Elastic(cost="absolute", duration=0.0),
    "saturating cost": Elastic(duration=0.0),
    "duration": Elastic(),
}
# Of protocols that ask the same, the first that serves a set: five references, of the first of
# two sessions where the set knows them; and a single one.
TESTED = (("svc2004", "first5"), ("one",))


@dataclass(frozen=True)
class Task:
    """One set, and protocols of which one serves it."""

    set: str
    corpus: Path
    protocols: Sequence[str]


def main(datasets: Path, plan_file: Path, output: Path, processes: int, final: bool) -> None:
    """Tests the steps on the plan's data sets; also on the final ones, if told so."""
    plan = read_toml(plan_file)
    names = [*plan["datasets"], *(plan["final"] if final else ())]
    with tempfile.TemporaryDirectory() as scratch:
        tasks = [
            Task(name, folder, protocols)
            for name in names
            for folder in [write_dataset(datasets, name, Path(scratch)).folder]
            for protocols in TESTED
        ]
        tested: dict[str, dict[str, Any]] = {name: {} for name in names}
        for task, found in zip(tasks, parallel.map(work, tasks, processes), strict=True):
            click.echo(f"{task.set}, {', '.join(found)}", err=True)
            tested[task.set] |= found
    path, model = output / "elastic.json", file_of(DEFAULT)
    before = read_results(path)
    known = before["sets"] if before.get("model") == model else {}
    write_results(path, {"model": model, "sets": {**known, **tested}})


def work(task: Task) -> dict[str, Any]:
    """What comes of a task, by protocol; empty where none serves the set."""
    corpus = corpus_in(task.corpus)
    for protocol in task.protocols:
        try:
            # The last step first: of two systems, the later is compared with the earlier one.
            found = evaluate(corpus, steps(corpus)[::-1], PROTOCOLS[protocol])
        except ProtocolError:
            continue
        return {protocol: step_table(found)}
    return {}


def steps(corpus: Corpus) -> list[System]:
    """The systems, from the baseline on."""
    represented = RowRepresentations(Elastic().represent, corpus)
    model = load_model(pretrained_file(DEFAULT))
    return [
        dtw_system(corpus),
        *(ComparatorSystem(name, represented, matcher) for name, matcher in UNTRAINED.items()),
        model_system(DEFAULT, model, RowRepresentations(model.represent, corpus)),
    ]


def step_table(found: Evaluation) -> dict[str, Any]:
    """An evaluation of the steps, the last first, as results keep it."""
    before = {late: kept(found.differences[late, early]) for late, early in pairwise(found.systems)}
    return {**evaluation_table(found, BASELINE), "less the step before": before}

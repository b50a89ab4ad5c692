"""The models that ship, tested beside untrained DTW for their cards; results/cards.json.

On artificial signers whom no model has seen, and on real sets, from which none has learnt. All
systems are run on the same trials, exactly as `sigtdnn verify` runs them.

files  digest and size of each model
sets   by set and protocol: counts; of every system its figures, those less DTW's, paired, and
       the false acceptance rates that its thresholds were asked for and met

What is known of the same models on other sets is kept.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from paper_repro.figures import evaluation_table, read_results, write_results
from paper_repro.jobs import BASELINE, corpus_in, write_dataset
from sigtdnn import parallel
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import write_corpus
from sigtdnn.corpus.study import population_corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.arguments import open_systems
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.models.pretrained import DEFAULT, NAMES, pretrained_file
from sigtdnn.tables import read_toml
from sigtdnn.trials.protocols import PROTOCOLS

ARTIFICIAL = "artificial"
# Of the artificial signers; no model may have learnt from a population of this seed.
SIGNERS, SEED = 60, 1000
# Five references, of the first of two sessions where a set knows them; and a single one, of which
# network 5 makes no template.
TESTED = {"svc2004": NAMES, "first5": NAMES, "one": (DEFAULT,)}


@dataclass(frozen=True)
class Task:
    """One protocol on one set."""

    set: str
    corpus: Path
    protocol: str


def main(
    datasets: Path, plan_file: Path, output: Path, processes: int, only: Sequence[str]
) -> None:
    """Tests on some sets: artificial signers, or folders below `datasets`; else on all known."""
    names = only or [ARTIFICIAL, *read_toml(plan_file)["datasets"]]
    with tempfile.TemporaryDirectory() as scratch:
        tasks = [
            Task(name, folder, protocol)
            for name in names
            for folder in [_write(name, datasets, Path(scratch))]
            for protocol in TESTED
        ]
        tested: dict[str, dict[str, Any]] = {name: {} for name in names}
        for task, found in zip(tasks, parallel.map(work, tasks, processes), strict=True):
            click.echo(f"{task.set}, {task.protocol}", err=True)
            if found is not None:
                tested[task.set][task.protocol] = found
    path, files = output / "cards.json", {name: file_of(name) for name in NAMES}
    before = read_results(path)
    known = before["sets"] if before.get("files") == files else {}
    write_results(path, {"files": files, "sets": {**known, **tested}})


def work(task: Task) -> dict[str, Any] | None:
    """What comes of a task; None where the protocol does not serve the set."""
    return figures_on(corpus_in(task.corpus), task.protocol)


def figures_on(corpus: Corpus, protocol: str) -> dict[str, Any] | None:
    """As `work`, on an open corpus."""
    names = TESTED[protocol]
    try:
        found = evaluate(corpus, open_systems([*names, BASELINE], corpus), PROTOCOLS[protocol])
    except ProtocolError:
        return None
    return evaluation_table(found, BASELINE)


def _write(name: str, datasets: Path, scratch: Path) -> Path:
    """The folder of the corpus of a set."""
    if name != ARTIFICIAL:
        return write_dataset(datasets, name, scratch).folder
    write_corpus(population_corpus(SIGNERS, SEED), scratch / name)
    return scratch / name


def file_of(name: str) -> dict[str, Any]:
    """Digest and size of a model that ships."""
    data = pretrained_file(name).read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}

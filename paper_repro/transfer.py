"""What training on artificial signers alone is worth on real ones; writes results/transfer.json.

Networks 4 and 5 are trained on the synthetic study, four signers in five to learn from and one
in five to measure p-no, and tested on all signers of each real set. Beside them stand the same
networks untrained, the same trained on the other two real sets together, and untrained DTW,
all on the same trials: protocol `svc2004` where it serves the set, else `first5`. What was
learnt from real signatures stays in the folder KEPT, which is no part of the project.

Figures are means over seeds and draws, intervals are over signers, of differences paired.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import pandas as pd
import torch

from paper_repro.models import kept_option, trained
from paper_repro.protocols import FIGURES, NETWORKS, SEEDS, figures_of, written
from paper_repro.run import VALIDATION, experiment_options
from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.splits import split_signers
from sigtdnn.corpus.study import study_corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.figures import difference
from sigtdnn.evaluation.opening import BASELINE
from sigtdnn.evaluation.systems import Encoded, Gaussian, run
from sigtdnn.files import replacing
from sigtdnn.matching.elastic.dtw import DTW
from sigtdnn.models.file import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.experiment import Experiment, divide
from sigtdnn.training.recipe import read_recipe
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import Trials

ARTIFICIAL, UNTRAINED, OTHERS = "artificial", "untrained", "other real sets"
SETS: dict[str, Corpus] = {}  # filled before the workers start, which inherit it


@dataclass(frozen=True)
class Lesson:
    """One training: on what, and which network of which seed."""

    source: str  # ARTIFICIAL, or OTHERS than `target`
    target: str  # the set that is not in it; '' of the artificial one
    network: str
    seed: int


@dataclass(frozen=True, eq=False)
class Learnt:
    """The network before and after a lesson."""

    lesson: Lesson
    untrained: Model
    model: Model


def lessons(targets: Sequence[str], seeds: int) -> Iterator[Lesson]:
    """All trainings."""
    for source, target in [(ARTIFICIAL, ""), *((OTHERS, target) for target in targets)]:
        for network in NETWORKS:
            for seed in range(seeds):
                yield Lesson(source, target, network, seed)


def learn(lesson: Lesson, kept: Path) -> Learnt:
    """Trains, unless the same training is kept."""
    torch.set_num_threads(1)
    corpus = source_of(lesson)
    recipe = read_recipe(lesson.network)
    shares = {"training": 1 - VALIDATION, "validation": VALIDATION}
    validation = split_signers(corpus.recordings, shares, lesson.seed)["validation"]
    division = divide(corpus.recordings, (), validation)
    experiment = Experiment(corpus, division, recipe, lesson.seed)
    untrained = experiment.model()
    model = trained(experiment, kept / "transfer", f"{lesson.network}-{lesson.seed}")
    return Learnt(lesson, untrained, model)


def source_of(lesson: Lesson) -> Corpus:
    """The corpus that is learnt from."""
    if lesson.source == ARTIFICIAL:
        return SETS[ARTIFICIAL]
    return joined({n: c for n, c in SETS.items() if n not in (ARTIFICIAL, lesson.target)})


def joined(corpora: Mapping[str, Corpus]) -> Corpus:
    """Several corpora as one; files are named with the corpus they come from."""
    recordings = [
        corpus.recordings.assign(file=f"{name}/" + corpus.recordings["file"])
        for name, corpus in corpora.items()
    ]
    return Corpus.from_signatures(
        pd.concat(recordings, ignore_index=True),
        list(chain.from_iterable(corpus.signatures() for corpus in corpora.values())),
        {name: own for corpus in corpora.values() for name, own in corpus.collections.items()},
    )


def trials_on(corpus: Corpus) -> Trials:
    """References of one session and tests of the other, where the set knows sessions."""
    try:
        return make_trials(corpus, PROTOCOLS["svc2004"])
    except ProtocolError:
        return make_trials(corpus, PROTOCOLS["first5"])


def compare(target: str, learnt: Sequence[Learnt]) -> dict[str, Any]:
    """Figures on one real set, and the differences of the artificially trained to the others.

    Of `learnt` those count that have not seen the set.
    """
    corpus = SETS[target]
    trials = trials_on(corpus)
    warped = run(DTW(corpus), trials)
    by_network: dict[str, dict[str, list[pd.DataFrame]]] = {BASELINE: {BASELINE: []}}
    for one in learnt:
        lesson = one.lesson
        if lesson.target not in ("", target):
            continue
        models = {lesson.source: one.model}
        if lesson.source == ARTIFICIAL:
            models[UNTRAINED] = one.untrained
        # Each seed is so many draws more.
        first = lesson.seed * trials.draws
        tables = by_network.setdefault(lesson.network, {})
        for name, model in models.items():
            scores = run(Gaussian(name, Encoded(model, corpus)), trials)
            tables.setdefault(name, []).append(scores.assign(draw=scores["draw"] + first))
        if lesson.network == NETWORKS[0] and lesson.source == ARTIFICIAL:
            by_network[BASELINE][BASELINE].append(warped.assign(draw=warped["draw"] + first))
    figures = {
        network: {name: figures_of(pd.concat(parts)) for name, parts in tables.items()}
        for network, tables in by_network.items()
    }
    dtw = figures[BASELINE][BASELINE]
    counts = warped["kind"].value_counts()
    return {
        "protocol": trials.protocol,
        "signers": len(trials.signers),
        "draws": trials.draws,
        "trials": {str(kind): int(count) for kind, count in counts.items()},
        BASELINE: written(dtw),
        **{
            network: {name: written(own) for name, own in systems.items()}
            | {
                f"{ARTIFICIAL} less {name}": written(
                    {key: difference(systems[ARTIFICIAL][key], own[key]) for key in FIGURES}
                )
                for name, own in [*systems.items(), (BASELINE, dtw)]
                if name != ARTIFICIAL
            }
            for network, systems in figures.items()
            if network != BASELINE
        },
    }


@click.command()
@experiment_options
@kept_option
@click.option("--seeds", type=click.IntRange(min=1), default=SEEDS, show_default=True)
def main(
    folder: Path, plan_file: Path, kept: Path, output: Path, seeds: int, processes: int
) -> None:
    """Test on the plan's data sets what was learnt elsewhere, and write transfer.json."""
    targets = list(read_toml(plan_file)["datasets"])
    SETS[ARTIFICIAL] = study_corpus()
    SETS.update({target: build_corpus([folder / target]).corpus for target in targets})
    learnt = []
    with get_context("fork").Pool(processes) as pool:
        for one in pool.imap(partial(learn, kept=kept), lessons(targets, seeds)):
            click.echo(f"learnt: {one.lesson}", err=True)
            learnt.append(one)
        found = pool.map(partial(compare, learnt=learnt), targets, chunksize=1)
    with replacing(output / "transfer.json") as temporary:
        content = dict(zip(targets, found, strict=True))
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

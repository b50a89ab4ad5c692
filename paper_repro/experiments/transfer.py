"""What training on artificial signers alone is worth on real ones; results/transfer.json.

Networks 4 and 5 are trained on the synthetic study, four signers in five to learn from and one
in five to measure p-no, and tested on all signers of each real set. Beside them stand the same
networks untrained, the same trained on the other two real sets together, and untrained DTW,
all on the same trials: protocol `svc2004` where it serves the set, else `first5`. What was
learnt from real signatures stays in the folder of kept networks, which is no part of the project.

Figures are means over seeds and draws, intervals are over signers, of differences paired.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pandas as pd

from paper_repro.experiments.comparison import NETWORKS
from paper_repro.figures import FIGURES, figures_of, of_seed, write_results, written
from paper_repro.jobs import (
    BASELINE,
    corpus_in,
    dtw_scores,
    experiment_on,
    network_scores,
    trained,
    write_dataset,
)
from sigtdnn import parallel
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import write_corpus
from sigtdnn.corpus.study import study_corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.figures import difference
from sigtdnn.models.model import Model
from sigtdnn.tables import read_toml
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import Trials

ARTIFICIAL, UNTRAINED, OTHERS = "artificial", "untrained", "other real sets"


@dataclass(frozen=True)
class Training:
    """One training: on which corpora, of which network and seed."""

    source: str  # ARTIFICIAL, or OTHERS than `target`
    target: str  # the set that is not in it; '' of the artificial one
    corpora: Mapping[str, Path]  # what is learnt from, by name
    network: str
    recipe: Recipe
    seed: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """The network before and after a training."""

    training: Training
    untrained: Model
    model: Model


def main(
    datasets: Path, plan_file: Path, output: Path, processes: int, kept: Path, seeds: int
) -> None:
    """Tests on the plan's data sets what was learnt elsewhere."""
    targets = list(read_toml(plan_file)["datasets"])
    with tempfile.TemporaryDirectory() as scratch:
        study = Path(scratch) / ARTIFICIAL
        write_corpus(study_corpus(), study)
        real = {name: write_dataset(datasets, name, Path(scratch)).folder for name in targets}
        outcomes = []
        for one in parallel.map(
            partial(learn, kept=kept), trainings(study, real, seeds), processes
        ):
            training = one.training
            click.echo(
                f"learnt: {training.network}, seed {training.seed}, {', '.join(training.corpora)}",
                err=True,
            )
            outcomes.append(one)
        tests = ((real[name], [one for one in outcomes if unseen(name, one)]) for name in targets)
        found = list(parallel.map(test, tests, processes))
    write_results(output / "transfer.json", dict(zip(targets, found, strict=True)))


def trainings(study: Path, real: Mapping[str, Path], seeds: int) -> Iterator[Training]:
    """All trainings: on the study, and for each real set on the others."""
    sources = [
        (ARTIFICIAL, "", {ARTIFICIAL: study}),
        *(
            (OTHERS, target, {name: path for name, path in real.items() if name != target})
            for target in real
        ),
    ]
    for source, target, corpora in sources:
        for network in NETWORKS:
            for seed in range(seeds):
                yield Training(source, target, corpora, network, read_recipe(network), seed)


def learn(training: Training, kept: Path) -> Outcome:
    """Trains, unless the same training is kept."""
    corpora = {name: corpus_in(folder) for name, folder in training.corpora.items()}
    corpus = joined(corpora) if training.source == OTHERS else corpora[ARTIFICIAL]
    experiment = experiment_on(corpus, corpus.recordings, (), training.recipe, training.seed)
    untrained = experiment.model()
    model = trained(experiment, kept / "transfer", f"{training.network}-{training.seed}")
    return Outcome(training, untrained, model)


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


def unseen(target: str, outcome: Outcome) -> bool:
    """Whether the set was not among what the network learnt from."""
    return outcome.training.target in ("", target)


def trials_on(corpus: Corpus) -> Trials:
    """References of one session and tests of the other, where the set knows sessions."""
    try:
        return make_trials(corpus, PROTOCOLS["svc2004"])
    except ProtocolError:
        return make_trials(corpus, PROTOCOLS["first5"])


def test(of: tuple[Path, Sequence[Outcome]]) -> dict[str, Any]:
    """Figures on the real set in a folder, of networks that have not seen it."""
    folder, outcomes = of
    return compare(corpus_in(folder), outcomes)


def compare(corpus: Corpus, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures on one real set, and the differences of the artificially trained to the others."""
    trials = trials_on(corpus)
    (warped,) = dtw_scores(corpus, [trials])
    tables: dict[str, dict[str, list[pd.DataFrame]]] = {}
    for one in outcomes:
        training = one.training
        models = {training.source: one.model}
        if training.source == ARTIFICIAL:
            models[UNTRAINED] = one.untrained
        for name, model in models.items():
            scores = network_scores(model, corpus, trials)
            of_network = tables.setdefault(training.network, {})
            of_network.setdefault(name, []).append(of_seed(scores, training.seed, trials.draws))
    # DTW has no seed; it is there as often as a network, to be paired with it.
    seeds = len(tables[NETWORKS[0]][ARTIFICIAL])
    dtw = figures_of(pd.concat([of_seed(warped, seed, trials.draws) for seed in range(seeds)]))
    counts = warped["kind"].value_counts()
    return {
        "protocol": trials.protocol,
        "signers": len(trials.signers),
        "draws": trials.draws,
        "trials": {str(kind): int(count) for kind, count in counts.items()},
        BASELINE: written(dtw),
        **{
            network: _differences(
                {name: figures_of(pd.concat(parts)) for name, parts in of_network.items()}, dtw
            )
            for network, of_network in tables.items()
        },
    }


def _differences(
    figures: Mapping[str, Mapping[str, Any]], dtw: Mapping[str, Any]
) -> dict[str, Any]:
    artificial = figures[ARTIFICIAL]
    others = {name: own for name, own in figures.items() if name != ARTIFICIAL} | {BASELINE: dtw}
    return {name: written(own) for name, own in figures.items()} | {
        f"{ARTIFICIAL} less {name}": written(
            {key: difference(artificial[key], own[key]) for key in FIGURES}
        )
        for name, own in others.items()
    }

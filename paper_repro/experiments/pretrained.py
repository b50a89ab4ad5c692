"""The models that ship: built from artificial signers and a seed, tested on other ones.

Writes sigtdnn/models/pretrained/NAME.safetensors, the same bytes for the same seed on the same
machine, and results/pretrained.json: what was written, and its figures beside untrained DTW on
the signers of another study, whom no model has seen.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from paper_repro.figures import figures_of, write_results, written
from paper_repro.jobs import BASELINE, experiment_on
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.study import population_corpus, study_corpus
from sigtdnn.evaluation.systems import RowRepresentations, System, dtw_system, model_system, run
from sigtdnn.models.file import load_model, save_model
from sigtdnn.models.model import Model
from sigtdnn.models.pretrained import DEFAULT, NAMES
from sigtdnn.training.fit import fit_model
from sigtdnn.training.recipe import read_recipe
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

# Learnt from and calibrated on; the populations of these seeds are of different people.
PEOPLE, SEEDS = (240, 120), (1, 2)
ELASTIC = {"kind": "elastic", "learnt": 16}
LICENCE = "MIT"  # that of the project: nobody's signature is in what was learnt from
PROTOCOL = "first5"
TESTED = 1  # how much the seed of the tested study is above that of the one learnt from


def main(names: Sequence[str], folder: Path, output: Path, seed: int) -> None:
    """Builds the models of these names into a folder, and tests all there; `output` is told."""
    learnt = study_corpus(seed)
    for name in names:
        save_model(build(name, learnt, seed), folder / f"{name}.safetensors")
        click.echo(f"built: {name}", err=True)
    files = {name: folder / f"{name}.safetensors" for name in NAMES}
    write_results(output / "pretrained.json", results(files, study_corpus(seed + TESTED)))


def build(name: str, corpus: Corpus, seed: int) -> Model:
    """The model that ships under this name, trained on a corpus."""
    model = BUILD[name](corpus, seed)
    return replace(model, name=name, provenance=replace(model.provenance, licence=LICENCE))


def elastic(_: Corpus, seed: int) -> Model:
    """The elastic matcher, without a network, calibrated on others than it learns from."""
    learnt, known = (
        population_corpus(count, seed + offset) for count, offset in zip(PEOPLE, SEEDS, strict=True)
    )
    return fit_model(DEFAULT, None, ELASTIC, learnt, known, seed=seed)


def network_5(corpus: Corpus, seed: int) -> Model:
    """The paper's network 5, by our recipe."""
    experiment = experiment_on(corpus, corpus.recordings, (), read_recipe("network-5"), seed)
    experiment.training.run()
    return experiment.model()


BUILD: Mapping[str, Callable[[Corpus, int], Model]] = {DEFAULT: elastic, "network-5": network_5}


def results(files: Mapping[str, Path], corpus: Corpus) -> dict[str, Any]:
    """Digest, size and figures of the models in files, tested on a corpus that none has seen."""
    trials = make_trials(corpus, PROTOCOLS[PROTOCOL])
    systems: list[System] = [dtw_system(corpus)]
    for name, path in files.items():
        model = load_model(path)
        systems.append(model_system(name, model, RowRepresentations(model.represent, corpus)))
    tables = {system.name: run(system, trials) for system in systems}
    counts = tables[BASELINE]["kind"].value_counts()
    return {
        "files": {
            name: {
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "bytes": path.stat().st_size,
            }
            for name, path in files.items()
        },
        "collection": ", ".join(corpus.collections),
        "protocol": PROTOCOL,
        "signers": len(trials.signers),
        "trials": {str(kind): int(count) for kind, count in counts.items()},
        "systems": {name: written(figures_of(scores)) for name, scores in tables.items()},
    }

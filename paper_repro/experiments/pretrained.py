"""Builds the models that ship, from artificial signers and a seed.

Writes sigtdnn/models/pretrained/NAME.safetensors, the same bytes for the same seed on the same
machine. `cards` tests them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from paper_repro.jobs import VALIDATION, experiment_on
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.splits import split_signers
from sigtdnn.corpus.study import study_corpus
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from sigtdnn.models.pretrained import DEFAULT
from sigtdnn.training.experiment import divide
from sigtdnn.training.fit import fit_model
from sigtdnn.training.recipe import read_recipe

LICENCE = "MIT"  # that of the project: nobody's signature is in what was learnt from


def main(names: Sequence[str], folder: Path, seed: int) -> None:
    """Builds the models of these names into a folder."""
    learnt = study_corpus(seed)
    for name in names:
        save_model(build(name, learnt, seed), folder / f"{name}.safetensors")
        click.echo(f"built: {name}", err=True)


def build(name: str, corpus: Corpus, seed: int) -> Model:
    """The model that ships under this name, trained on a corpus."""
    model = BUILD[name](corpus, seed)
    return replace(model, name=name, provenance=replace(model.provenance, licence=LICENCE))


def elastic(corpus: Corpus, seed: int) -> Model:
    """The elastic matcher, without a network."""
    shares = {"training": 1 - VALIDATION, "validation": VALIDATION}
    validation = split_signers(corpus.recordings, shares, seed)["validation"]
    division = divide(corpus.recordings, (), validation)
    known = corpus.select(division.validation)
    return fit_model(
        DEFAULT, None, {"kind": "elastic"}, corpus.select(division.training), known, seed=seed
    )


def network_5(corpus: Corpus, seed: int) -> Model:
    """The paper's network 5, by our recipe."""
    experiment = experiment_on(corpus, corpus.recordings, (), read_recipe("network-5"), seed)
    experiment.training.run()
    return experiment.model()


BUILD: Mapping[str, Callable[[Corpus, int], Model]] = {DEFAULT: elastic, "network-5": network_5}

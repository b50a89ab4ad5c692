"""Builds the models that ship, from artificial signers and a seed.

Writes sigtdnn/models/pretrained/NAME.safetensors, the same bytes for the same seed on the same
machine. `cards` tests them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from paper_repro.jobs import experiment_on
from sigtdnn.corpus.study import population_corpus, study_corpus
from sigtdnn.models.file import save_model
from sigtdnn.models.model import Model
from sigtdnn.models.pretrained import DEFAULT
from sigtdnn.tables import table_from
from sigtdnn.training.fit import fit_model
from sigtdnn.training.recipe import read_recipe

# Learnt from and calibrated on; the populations of these seeds are of different people.
PEOPLE, SEEDS = (1500, 120), (1, 2)
LICENCE = "MIT"  # that of the project: nobody's signature is in what was learnt from


def main(names: Sequence[str], folder: Path, seed: int) -> None:
    """Builds the models of these names into a folder."""
    for name in names:
        save_model(build(name, seed), folder / f"{name}.safetensors")
        click.echo(f"built: {name}", err=True)


def build(name: str, seed: int) -> Model:
    """The model that ships under this name."""
    model = BUILD[name](seed)
    return replace(model, name=name, provenance=replace(model.provenance, licence=LICENCE))


def elastic(seed: int) -> Model:
    """The elastic matcher, by its recipe, calibrated on other people than it learns from."""
    matcher = table_from(read_recipe("elastic").matcher)
    learnt, known = (
        population_corpus(count, seed + offset) for count, offset in zip(PEOPLE, SEEDS, strict=True)
    )
    return fit_model(DEFAULT, None, matcher, learnt, known, seed=seed)


def network_5(seed: int) -> Model:
    """The paper's network 5, by our recipe, from the study."""
    corpus = study_corpus(seed)
    experiment = experiment_on(corpus, corpus.recordings, (), read_recipe("network-5"), seed)
    experiment.training.run()
    return experiment.model()


BUILD: Mapping[str, Callable[[int], Model]] = {DEFAULT: elastic, "network-5": network_5}

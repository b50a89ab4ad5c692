"""Another sampler is one class and one line: recipes name it, training takes its batches."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.training.recipe import read_recipe, write_recipe
from sigtdnn.training.sampling import SAMPLERS
from sigtdnn.training.sampling.pairs import draw_pairs
from sigtdnn.training.sampling.sampler import Sampler


@dataclass(frozen=True)
class BySigner(Sampler):
    """A batch a signer, whatever their number of pairs."""

    kind = "by signer"
    most: int = 60

    def draw_training(self, recordings, rng):
        return draw_pairs(recordings, self.most, rng)

    draw_validation = draw_training

    def batches(self, recordings, pairs, size, rng):
        signer = recordings["signer"].to_numpy()[pairs.first]
        return [pairs.take(np.flatnonzero(signer == own)) for own in np.unique(signer)]


@pytest.fixture
def by_signer(monkeypatch, recipe):
    """The recipe of the small network with that sampler."""
    monkeypatch.setitem(SAMPLERS, BySigner.kind, BySigner)
    return replace(recipe, sampling=BySigner())


def test_training_updates_once_a_batch(by_signer, start, monkeypatch):
    training, rates = start(by_signer), []
    group, step = training.optimiser.param_groups[0], training.optimiser.step
    monkeypatch.setattr(training.optimiser, "step", lambda: (rates.append(group["lr"]), step()))
    training.run()
    assert len(rates) == 3 * 5
    assert rates == sorted(rates, reverse=True)
    assert training.history[-1].train_loss < training.history[0].train_loss


def test_a_recipe_names_it(by_signer, tmp_path):
    write_recipe(by_signer, tmp_path / "config.toml")
    assert read_recipe(str(tmp_path / "config.toml")) == by_signer


def test_unknown_sampler_is_refused_and_the_known_are_told(by_signer, tmp_path):
    path = tmp_path / "mine.toml"
    write_recipe(by_signer, path)
    path.write_text(path.read_text().replace('"by signer"', '"luck"'))
    with pytest.raises(ConfigurationError, match="kind: 'luck' is none of 'pairs', 'by signer'"):
        read_recipe(str(path))

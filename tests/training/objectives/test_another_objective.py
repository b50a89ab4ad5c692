"""Another objective is one class and one line: recipes name it, training minimises it."""

from dataclasses import dataclass, replace

import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.training.objectives import OBJECTIVES
from sigtdnn.training.objectives.objective import Objective
from sigtdnn.training.recipe import Recipe, read_recipe, write_recipe
from sigtdnn.training.sampling.sampler import GENUINE


@dataclass(frozen=True)
class Logistic(Objective):
    """Cross-entropy of a logistic function of the cosine."""

    kind = "logistic"
    slope: float = 4.0

    def loss(self, cosines, pairs):
        sign = cosines.new_tensor(1.0 - 2.0 * (pairs.kind == GENUINE))
        return (sign * self.slope * (cosines - self.boundary)).exp().log1p().mean()

    @property
    def boundary(self):
        return 0.5


@pytest.fixture
def logistic(monkeypatch, recipe):
    """The recipe of the small network with that objective."""
    monkeypatch.setitem(OBJECTIVES, Logistic.kind, Logistic)
    optimiser = replace(recipe.optimiser, kind="adam", rate=0.02)
    return replace(recipe, objective=Logistic(), optimiser=optimiser)


def test_three_passes_lower_it(logistic, start):
    training = start(logistic)
    before = training._measure(training._training_inputs, training._training_pairs)
    training.run()
    assert len(training.history) == 3
    assert training.history[-1].train_loss < 0.8 * before[0]


def test_a_recipe_names_it(logistic, tmp_path):
    write_recipe(logistic, tmp_path / "config.toml")
    assert '[objective]\nkind = "logistic"\nslope = 4.0' in (tmp_path / "config.toml").read_text()
    assert read_recipe(str(tmp_path / "config.toml")) == logistic


def test_it_replaces_another_kind_of_the_base(logistic, tmp_path):
    write_recipe(
        replace(logistic, objective=Recipe(logistic.network).objective), tmp_path / "b.toml"
    )
    path = tmp_path / "mine.toml"
    path.write_text('base = "b.toml"\n[objective]\nkind = "logistic"\n')
    assert read_recipe(str(path)) == logistic


def test_levenberg_marquardt_has_nothing_to_measure_without_residuals(logistic, tmp_path):
    with pytest.raises(ValueError, match=r"'levenberg-marquardt' needs .* 'logistic' is not"):
        Recipe(logistic.network, objective=Logistic())
    path = tmp_path / "mine.toml"
    write_recipe(logistic, path)
    path.write_text(path.read_text().replace('"adam"', '"levenberg-marquardt"'))
    with pytest.raises(ConfigurationError, match=r"mine\.toml: .*'logistic' is not"):
        read_recipe(str(path))


def test_unknown_objective_is_refused_and_the_known_are_told(logistic, tmp_path):
    path = tmp_path / "mine.toml"
    write_recipe(logistic, path)
    path.write_text(path.read_text().replace('"logistic"', '"luck"'))
    with pytest.raises(ConfigurationError, match="kind: 'luck' is none of 'targets', 'logistic'"):
        read_recipe(str(path))

from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.update import MEMORY, updated
from sigtdnn.verification import Density, Template, Verifier, fit_density

SPREAD = 0.1
STEP = 2 * 1.7159 / 127  # of a mean, in the model's ranges


def signed(count, seed=0, mean=0.2):
    return np.random.default_rng(seed).normal(mean, SPREAD, (count, 20)).astype(np.float32)


@pytest.fixture
def first(model):
    return Verifier(model).enroll_vectors(signed(6))


def drift(template, first):
    return float(np.mean((template.mean - first.mean) ** 2)) / first.variance


def test_an_update_is_as_enrolling_with_one_more(model, first):
    template, vectors = first, signed(12)
    for vector in vectors[6:]:
        template = updated(template, vector, first, model)
    wanted = fit_density(vectors, 0.0)
    np.testing.assert_allclose(template.mean, wanted.mean, atol=2 * STEP)
    assert template.variance == pytest.approx(wanted.variance, rel=0.05)
    assert template.count == 12


def test_old_signatures_fade_but_none_dominates(model, first):
    old = replace(first, count=200)
    others = first.mean + 0.1 + 1e-6 * np.arange(300)[:, None]
    steps = [updated(old, vector, first, model).mean - first.mean for vector in others]
    # Less than a third of a level, which some of the updates make and the others do not.
    assert np.mean(steps) == pytest.approx(0.1 / (MEMORY + 1), rel=0.05)
    assert set(np.round(np.ravel(steps) / STEP, 6)) == {0.0, 1.0}


def test_an_update_is_the_same_wherever_it_is_made(model, first):
    vector = signed(1, 7)[0]
    assert (
        updated(first, vector, first, model).to_bytes()
        == updated(Template.from_bytes(first.to_bytes(), model), vector, first, model).to_bytes()
    )


def test_the_count_goes_on_and_stops_at_255(model, first):
    template = first
    for number in range(300):
        template = updated(template, signed(1, number)[0], first, model)
        assert template.count == min(7 + number, 255)


def test_a_template_follows_an_honest_signer(model, first):
    # He moves by half the bound.
    moved = 0.2 + SPREAD
    template = first
    for number in range(60):
        template = updated(template, signed(1, number, moved)[0], first, model)
    assert np.abs(template.mean - moved).mean() < 0.25 * SPREAD
    assert template.variance == pytest.approx(SPREAD**2, rel=0.5)


def test_sixty_updates_by_the_same_signer_leave_his_variance(model, first):
    template = first
    for number in range(60):
        template = updated(template, signed(1, 1000 + number)[0], first, model)
    assert template.variance == pytest.approx(SPREAD**2, rel=0.25)


def test_a_forger_who_comes_again_and_again_stays_outside(model, first):
    forgery = (first.mean + 5 * SPREAD).astype(np.float32)
    template = first
    for _ in range(1000):
        template = updated(template, forgery, first, model)
    bound = model.card.population
    assert drift(template, first) <= bound.drift * 1.01
    assert template.variance <= first.variance * bound.widening * 1.001
    # His forgery lies as far outside as the bounds leave it.
    left = np.mean((forgery - template.mean) ** 2) / template.variance
    assert left > (5 - bound.drift**0.5 * 1.2) ** 2 / (bound.widening * 1.2)


def test_a_forger_who_is_not_accepted_with_confidence_teaches_nothing(model, first):
    verifier = Verifier(model)
    odds = verifier.log_odds(first, first.mean[None].astype(np.float32) + 0.5)[0]
    population = replace(model.card.population, update=float(odds) + 1)
    verifier = Verifier(replace(model, card=replace(model.card, population=population)))
    template = first
    for offset in np.linspace(0, 1, 50):
        vector = (first.mean + offset).astype(np.float32)
        if verifier.log_odds(template, vector[None])[0] >= population.update:
            template = updated(template, vector, first, verifier.model)
    assert drift(template, first) < drift(replace(first, mean=first.mean + 0.5), first)


def test_the_variance_does_not_collapse_where_all_are_alike(model, first):
    template = first
    for _ in range(500):
        template = updated(template, template.mean.astype(np.float32), first, model)
    least = max(first.variance / model.card.population.widening, model.card.decision.variance_floor)
    assert template.variance == pytest.approx(least, rel=1e-3)


def test_the_mean_at_the_bound_lies_on_the_way(model, first):
    near = Density(first.mean + 0.9 * SPREAD, first.variance, 20)
    template = Template.rounded(near, model)
    tight = replace(model.card.population, drift=0.25)
    tight = replace(model, card=replace(model.card, population=tight))
    found = updated(template, template.mean.astype(np.float32), first, tight)
    assert drift(found, first) == pytest.approx(0.25, abs=0.06)
    offset = found.mean - first.mean
    np.testing.assert_allclose(offset, offset.mean(), atol=STEP)


def test_templates_of_another_model_are_refused(model, first):
    other = replace(first, fingerprint=b"else")
    for template, start in ((other, first), (first, other), (other, other)):
        with pytest.raises(ModelError, match="templates of another model"):
            updated(template, first.mean.astype(np.float32), start, model)

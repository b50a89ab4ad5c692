from dataclasses import fields, replace

import numpy as np
import pytest

from sigtdnn.synthesis.signer import invent_signer
from sigtdnn.synthesis.variation import MU, SIGMA, Variation, shaped, vary

NONE = Variation(**{field.name: 0.0 for field in fields(Variation)})

CHANGES = {
    "place": ["targets"],
    "drift": ["targets"],
    "size": ["targets"],
    "aspect": ["targets"],
    "slant": ["targets"],
    "turn": ["targets"],
    "tempo": ["interval", "mu"],
    "sway": ["interval", "mu"],
    "pause": ["interval"],
    "press": ["force"],
}


@pytest.fixture
def plan():
    return invent_signer(np.random.default_rng(3)).plan


def test_no_variation_repeats_the_plan(plan):
    same = vary(plan, NONE, np.random.default_rng(0))
    for field in fields(plan):
        np.testing.assert_allclose(getattr(same, field.name), getattr(plan, field.name), rtol=1e-12)


@pytest.mark.parametrize("name", [field.name for field in fields(Variation)])
def test_every_deviation_varies_something(plan, name):
    varied = vary(plan, replace(NONE, **{name: 0.05}), np.random.default_rng(0))
    changed = [
        part.name
        for part in fields(plan)
        if not np.allclose(getattr(varied, part.name), getattr(plan, part.name), rtol=1e-9)
    ]
    assert changed == CHANGES.get(name, [name])


def test_however_much_varies_strokes_stay_possible(plan):
    wild = Variation(**{field.name: 3.0 for field in fields(Variation)})
    varied = vary(plan, wild, np.random.default_rng(0))
    assert MU[0] <= varied.mu.min() <= varied.mu.max() <= MU[1]
    assert SIGMA[0] <= varied.sigma.min() <= varied.sigma.max() <= SIGMA[1]
    assert np.abs(varied.bend).max() < 2 * np.pi
    assert varied.interval[1:].min() > 0
    assert 0 <= varied.force.min() <= varied.force.max() <= 1


def test_times_and_for_height_scale():
    one = Variation(**{field.name: 1.0 for field in fields(Variation)})
    double = one.times(2.0).for_height(5.0)
    assert (double.place, double.drift, double.tempo) == (10.0, 10.0, 2.0)


def test_shapes_are_made_larger_wider_slanted_and_turned():
    corner = np.array([[1.0, 2.0]])
    sides = {"size": 1.0, "aspect": 1.0, "slant": 0.0, "turn": 0.0}
    np.testing.assert_allclose(shaped(corner, **{**sides, "size": 3.0}), [[3, 6]])
    np.testing.assert_allclose(shaped(corner, **{**sides, "aspect": 3.0}), [[3, 2]])
    np.testing.assert_allclose(shaped(corner, **{**sides, "slant": np.pi / 4}), [[3, 2]])
    np.testing.assert_allclose(shaped(corner, **{**sides, "turn": np.pi / 2}), [[-2, 1]], atol=1e-9)

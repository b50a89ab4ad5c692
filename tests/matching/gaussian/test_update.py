from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from sigtdnn.matching import packing
from sigtdnn.matching.gaussian.density import Density, fit_density
from sigtdnn.matching.gaussian.update import CHANGED, MEMORY, Bounds
from sigtdnn.verification import SignerRecord, Verifier
from tests.artificial import NORMS

SPREAD = 0.1
STEP = 2 * 1.7159 / 127  # of a mean, in the matcher's ranges
MODEL = b"abcd"


def signed(count, seed=0, mean=0.2):
    return np.random.default_rng(seed).normal(mean, SPREAD, (count, 20)).astype(np.float32)


@pytest.fixture(scope="module")
def matcher(make_matcher):
    return make_matcher(20)


@pytest.fixture(scope="module")
def first(matcher):
    return matcher.enroll(signed(6))


def updated(matcher, template, vector, first, model=MODEL):
    """As `Verifier.update` does it: the salt is the packed template."""
    salt = packing.pack(matcher, template, model)
    return matcher.update(template, vector.astype(np.float32), first, salt)


def drift(template, first):
    return float(np.mean((template.mean - first.mean) ** 2)) / first.variance


def test_an_update_is_as_enrolling_with_one_more(matcher, first):
    vectors, means = signed(12), []
    wanted = fit_density(vectors, 0.0)
    for model in range(40):
        template = first
        for vector in vectors[6:]:
            template = updated(matcher, template, vector, first, bytes([model] * 4))
        means.append(template.mean)
        assert template.variance == pytest.approx(wanted.variance, rel=0.05)
        assert template.count == 12
    # A template is rounded by chance; on average it is not rounded at all.
    np.testing.assert_allclose(means, np.tile(wanted.mean, (40, 1)), atol=4 * STEP)
    np.testing.assert_allclose(np.mean(means, axis=0), wanted.mean, atol=0.6 * STEP)


def test_old_signatures_fade_but_none_dominates(matcher, first):
    old = replace(first, count=200)
    others = first.mean + 0.1 + 1e-6 * np.arange(300)[:, None]
    steps = [updated(matcher, old, vector, first).mean - first.mean for vector in others]
    # Less than a third of a level, which some of the updates make and the others do not.
    assert np.mean(steps) == pytest.approx(0.1 / (MEMORY + 1), rel=0.05)
    assert set(np.round(np.ravel(steps) / STEP, 6)) == {0.0, 1.0}


def test_an_update_is_the_same_wherever_it_is_made(matcher, first):
    vector = signed(1, 7)[0]
    read = packing.unpack(matcher, packing.pack(matcher, first, MODEL), MODEL)
    one, other = (updated(matcher, template, vector, first) for template in (first, read))
    assert packing.pack(matcher, one, MODEL) == packing.pack(matcher, other, MODEL)


def test_chance_depends_on_the_salt(matcher, first):
    found = {
        matcher.pack(matcher.update(first, signed(1, 7)[0], first, salt))
        for salt in (b"a", b"a", b"b")
    }
    assert len(found) == 2


def test_the_count_goes_on_and_stops_at_255(matcher, first):
    template = first
    for number in range(300):
        template = updated(matcher, template, signed(1, number)[0], first)
        assert template.count == min(7 + number, 255)


def test_a_template_follows_an_honest_signer(matcher, first):
    # They move by half the bound.
    moved = 0.2 + SPREAD
    template = first
    for number in range(60):
        template = updated(matcher, template, signed(1, number, moved)[0], first)
    assert np.abs(template.mean - moved).mean() < 0.4 * SPREAD
    assert template.variance == pytest.approx(SPREAD**2, rel=0.5)


def test_sixty_updates_by_the_same_signer_leave_their_variance(matcher, first):
    template = first
    for number in range(60):
        template = updated(matcher, template, signed(1, 1000 + number)[0], first)
    assert template.variance == pytest.approx(SPREAD**2, rel=0.25)


def test_a_forger_who_comes_again_and_again_stays_outside(matcher, first):
    forgery = first.mean + 5 * SPREAD
    template = first
    for _ in range(1000):
        template = updated(matcher, template, forgery, first)
    bound = matcher.bounds
    assert drift(template, first) <= bound.drift * 1.01
    assert template.variance <= first.variance * bound.widening * 1.001
    # The forgery lies as far outside as the bounds leave it.
    left = np.mean((forgery - template.mean) ** 2) / template.variance
    assert left > (5 - bound.drift**0.5 * 1.2) ** 2 / (bound.widening * 1.2)


class Vectors:
    """An encoder of which the signatures are vectors already."""

    scales = np.zeros(0)
    weights: ClassVar = {}

    def represent(self, signatures):
        return np.array(signatures, np.float32)

    def tables(self):
        return []


def test_nobody_comes_nearer_step_by_step(make_model, make_matcher, first, monkeypatch):
    monkeypatch.setattr("sigtdnn.verification.verifier.traits_of", lambda one: one[0][None, :16])
    # Confidence is the only bound here.
    matcher = make_matcher(20, bounds=Bounds(drift=1e9, widening=1e9))
    confident = matcher.compare(first, first.mean[None] + 0.5)[0] + 1
    norms = replace(NORMS, confident=float(confident))
    model = replace(make_model(), encoder=Vectors(), matcher=matcher, norms=norms)
    packed = packing.pack(matcher, first, model.id)
    record = SignerRecord(model.id, packed, packed, given=6)
    verifier = Verifier(model)
    for offset in np.linspace(0, 1, 50):
        record = verifier.update(record, first.mean + offset)
    template = packing.unpack(matcher, record.template, model.id)
    assert record.updates > 0
    assert drift(template, first) < drift(replace(first, mean=first.mean + 0.5), first)


def test_the_variance_does_not_collapse_where_all_are_alike(matcher, first):
    template = first
    for _ in range(500):
        template = updated(matcher, template, template.mean, first)
    least = max(first.variance / matcher.bounds.widening, matcher.variance_floor)
    assert template.variance == pytest.approx(least, rel=1e-3)


def test_the_variance_stays_above_the_floor(make_matcher, first):
    floored = make_matcher(20, variance_floor=0.9 * first.variance)
    template = first
    for _ in range(50):
        template = updated(floored, template, template.mean, first)
    assert template.variance == pytest.approx(0.9 * first.variance, rel=1e-3)


def test_the_mean_at_the_bound_lies_on_the_way(make_matcher, first):
    tight = make_matcher(20, bounds=Bounds(drift=0.25, widening=1.5))
    near = replace(first, mean=first.mean + 0.9 * SPREAD, count=20)
    found = updated(tight, near, near.mean, first)
    assert drift(found, first) == pytest.approx(0.25, abs=0.06)
    offset = found.mean - first.mean
    np.testing.assert_allclose(offset, offset.mean(), atol=STEP)


# Bounds


@pytest.mark.parametrize("drift", [0.0, -1.0, float("inf"), float("nan")])
def test_a_bound_of_drift_that_holds_nobody_is_refused(drift):
    with pytest.raises(ValueError, match="drift is positive"):
        Bounds(drift, 1.5)


@pytest.mark.parametrize("widening", [0.9, float("inf"), float("nan")])
def test_a_bound_of_widening_that_holds_nobody_is_refused(widening):
    with pytest.raises(ValueError, match="widening 1 or more"):
        Bounds(1.0, widening)


def test_what_is_within_the_bounds_is_left_alone():
    first = Density(np.zeros(4), 1.0, 6)
    near = Density(np.full(4, 0.3), 1.2, 9)
    held = Bounds(drift=0.1, widening=1.5).hold(near, first, 0.0)
    assert held.mean.tolist() == near.mean.tolist()
    assert (held.variance, held.count) == (1.2, 9)


def test_bounds_are_of_halves_in_signing_order():
    rng = np.random.default_rng(2)
    signers = [rng.normal(size=(count, 5)).astype(np.float32) for count in (6, 7, 8, 13)]
    drifts, widenings = [], []
    for own in signers:
        early, late = own[: len(own) // 2], own[len(own) // 2 :]
        before, after = (half.astype(float).var(axis=0, ddof=1).mean() for half in (early, late))
        drifts.append(np.mean((late.mean(axis=0) - early.mean(axis=0)) ** 2) / before)
        widenings.append(after / before)
    found = Bounds.fit(signers, floor=0.0)
    assert found.drift == pytest.approx(np.quantile(drifts, 1 - CHANGED), rel=1e-5)
    assert found.widening == pytest.approx(max(np.quantile(widenings, 1 - CHANGED), 1), rel=1e-5)


def test_signers_who_become_steadier_may_stay_as_they_were():
    rng = np.random.default_rng(0)
    own = np.concatenate([rng.normal(size=(6, 5)), 0.1 * rng.normal(size=(6, 5))])
    assert Bounds.fit([own.astype(np.float32)], floor=0.0).widening == 1

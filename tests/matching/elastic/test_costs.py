from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.corpus.study import population_corpus
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.costs import (
    GROUPS,
    MEMBERS,
    USUAL,
    by_frame,
    dearest_stretch,
    group_costs,
    lifted,
)
from sigtdnn.matching.elastic.dtw import warping_path
from sigtdnn.matching.elastic.functions import FUNCTIONS
from sigtdnn.signature import Signature

ELASTIC = Elastic()
SHAPE, RHYTHM, PRESSURE, AIR = range(4)


def functions(seed, count):
    found = np.random.default_rng(seed).normal(size=(count, 14)).astype(np.float32)
    found[:, 4] = np.abs(found[:, 4]) + 1
    return found


def test_every_function_is_of_one_group():
    assert sorted(place for of in MEMBERS.values() for place in of) == list(range(len(FUNCTIONS)))
    assert GROUPS == ("shape", "rhythm", "pressure", "pen-up movement")


def test_costs_by_their_definition():
    one, other = functions(0, 7), functions(1, 9)
    one[2:4, 4] = 0  # the pen is in the air
    i, j = warping_path(one, other, "saturating")
    other_up = other[:, 4] <= other[:, 4].min() + 1 / 16
    wanted = np.zeros((7, 4))
    for frame in range(7):
        points = []
        for a, b in zip(i, j, strict=True):
            if a != frame:
                continue
            of = np.abs(one[a] - other[b]) / (1 + np.abs(one[a] - other[b]))
            if a in (2, 3) or other_up[b]:
                points.append([0, 0, 0, of.mean()])
            else:
                points.append([of[list(members)].mean() for members in MEMBERS.values()] + [0])
        wanted[frame] = np.mean(points, axis=0)
    np.testing.assert_allclose(group_costs(one, other, (i, j)), wanted, rtol=1e-5)


def test_what_is_unknown_costs_nothing():
    one, other = functions(0, 6), functions(1, 6)
    one[:, [4, 5, 12, 13]] = np.nan
    found = group_costs(one, other, (np.arange(6), np.arange(6)))
    assert np.isfinite(found).all()
    assert (found[:, PRESSURE] == 0).all()
    assert not lifted(one).any()
    # The six functions of textbook matching are the first ones.
    few = group_costs(one[:, :6], other[:, :6], (np.arange(6), np.arange(6)))
    assert (few[:, PRESSURE] == 0).all()
    assert (few[:, SHAPE] + few[:, AIR] > 0).all()


def test_a_pen_that_presses_evenly_is_never_lifted():
    one = functions(0, 5)
    one[:, 4] = 0
    assert not lifted(one).any()


def test_values_are_averaged_by_frame():
    values = np.array([[1.0], [3.0], [5.0], [7.0]])
    np.testing.assert_array_equal(by_frame(values, np.array([0, 0, 1, 2])), [[2.0], [5.0], [7.0]])


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_the_dearest_stretch_has_the_greatest_sum_of_all(costs):
    costs = np.array(costs, np.float64)
    above = costs - costs.mean()
    start, end = dearest_stretch(costs)
    assert 0 <= start < end <= len(costs)
    best = max(above[a:b].sum() for a in range(len(costs)) for b in range(a + 1, len(costs) + 1))
    assert above[start:end].sum() == pytest.approx(best, abs=1e-9)


# Told of signatures


@pytest.fixture(scope="module")
def signers():
    """Six signatures each of eight artificial signers, who press."""
    corpus = population_corpus(12, seed=31)
    recordings = corpus.recordings[corpus.recordings["kind"] == "genuine"]
    signed = [
        [corpus.signature(row) for row in own.index[:6]] for _, own in recordings.groupby("signer")
    ]
    return [own for own in signed if own[0].pressure is not None][:8]


def changed(one, **parts):
    kept = {name: getattr(one, name) for name in ("t", "x", "y", "stroke", "pressure")} | parts
    return Signature.from_strokes(*kept.values())


def middle(one):
    share = one.t / one.duration
    return (share > 0.4) & (share < 0.6)


def bent(one):
    share = one.t / one.duration
    bend = np.hypot(one.x.std(), one.y.std()) * np.exp(-0.5 * ((share - 0.5) / 0.06) ** 2)
    return changed(one, x=one.x + bend * np.sin(40 * share), y=one.y + bend * np.cos(47 * share))


def pressed(one):
    rng = np.random.default_rng(1)
    return changed(
        one, pressure=np.where(middle(one), rng.uniform(0.05, 0.9, len(one)), one.pressure)
    )


def late(one):
    """Begun by a pen at rest for 5 s."""
    return changed(one, t=np.append(0.0, one.t[1:] + 5.0))


@pytest.mark.parametrize(("change", "group"), [(bent, "shape"), (pressed, "pressure")])
def test_what_was_changed_is_told_and_where(signers, change, group):
    right = overlap = 0
    for own in signers:
        template = ELASTIC.enroll(ELASTIC.represent(own[:5]))
        found = ELASTIC.difference(template, change(own[5]))
        right += found.group == group
        start, end = (edge / own[5].duration for edge in found.where)
        overlap += start < 0.6 and end > 0.4
    assert right >= 4
    assert overlap >= 6


def test_places_are_times_of_the_signature_as_it_was_recorded(signers):
    """A pause of 5 s counts 0.6 s where functions of time are compared."""
    *own, questioned = (late(one) for one in signers[0])
    template = ELASTIC.enroll(ELASTIC.represent(own))
    start, end = ELASTIC.difference(template, late(bent(signers[0][5]))).where
    assert 5 < start < end <= questioned.t[-1]
    seconds = signers[0][5].duration
    assert start < 5 + 0.6 * seconds
    assert end > 5 + 0.4 * seconds


def test_beside_a_single_reference_what_is_usual_of_most_is(signers):
    own = signers[0]
    template = ELASTIC.enroll(ELASTIC.represent(own[:1]))
    usual = template.usual(0)
    assert usual.shape == (template.references[0].count, len(GROUPS))
    assert (usual == USUAL).all()


def test_textbook_matching_tells_a_difference_on_its_grid(signers):
    textbook = replace(ELASTIC, functions="textbook", cost="absolute", duration=0.0)
    own = signers[0]
    template = textbook.enroll(textbook.represent(own[:3]))
    start, end = textbook.difference(template, own[5]).where
    assert 0 <= start < end <= own[5].duration

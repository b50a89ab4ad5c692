from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sigtdnn.matching.elastic import TEXTBOOK, Elastic, matcher, shortlist
from sigtdnn.matching.elastic.shortlist import (
    CANDIDATES,
    FRAMES,
    mean_shrunk,
    nearest,
    shrunk,
    shrunk_distances,
)
from sigtdnn.verification import Verifier
from tests.artificial import elastic_model, waves

PRESSURE = (4, 5, 12, 13)


def functions(seed, frames=60, unknown=()):
    values = np.random.default_rng(seed).normal(size=(frames, 14)).astype(np.float32)
    values[:, unknown] = np.nan
    return values


def plain_distance(one, other):
    """The textbook recursion, cell by cell."""
    best = np.full((FRAMES + 1, FRAMES + 1), np.inf)
    best[0, 0] = 0
    for i in range(FRAMES):
        for j in range(FRAMES):
            cost = ((one[i] - other[j]) ** 2).sum()
            best[i + 1, j + 1] = cost + min(best[i, j], best[i, j + 1], best[i + 1, j])
    return best[-1, -1]


# Shrinking


@pytest.mark.parametrize("frames", [1, 7, 23, 24, 25, 240, 1000])
def test_frames_are_means_of_equal_parts(frames):
    values = functions(0, frames, PRESSURE)
    found = shrunk(values)
    assert found.dtype == np.float32
    bounds = [n * frames // FRAMES for n in range(FRAMES + 1)]
    parts = [values[start : max(end, start + 1)] for start, end in pairwise(bounds)]
    np.testing.assert_allclose(found, [part.mean(axis=0) for part in parts], atol=1e-6)


def test_references_are_averaged_whatever_they_last():
    references = [functions(n, 40 + 30 * n) for n in range(3)]
    wanted = sum(shrunk(reference) for reference in references) / 3
    np.testing.assert_allclose(mean_shrunk(references), wanted, atol=1e-6)


# Distances


def test_distances_are_those_of_plain_warping():
    signers = [shrunk(functions(n)) for n in range(4)]
    one = shrunk(functions(9))
    wanted = [plain_distance(one, other) for other in signers]
    np.testing.assert_allclose(shrunk_distances(one, signers), wanted, rtol=1e-5)


def test_a_signature_is_at_no_distance_from_itself():
    one = shrunk(functions(9))
    assert shrunk_distances(one, [one]) == pytest.approx(0, abs=1e-4)


def test_what_the_questioned_signature_lacks_is_left_out():
    one = shrunk(functions(9, unknown=PRESSURE))
    with_pressure, without = functions(1), functions(1, unknown=PRESSURE)
    first, second = shrunk_distances(one, [shrunk(with_pressure), shrunk(without)])
    assert first == second
    known = np.delete(np.arange(14), PRESSURE)
    assert first == pytest.approx(plain_distance(one[:, known], shrunk(without)[:, known]))


def test_what_references_lack_counts_as_the_mean():
    one, other = shrunk(functions(9)), shrunk(functions(1, unknown=PRESSURE))
    (found,) = shrunk_distances(one, [other])
    assert found == pytest.approx(plain_distance(one, np.nan_to_num(other)))


def test_signers_do_not_depend_on_those_beside_them(monkeypatch):
    signers = [shrunk(functions(n)) for n in range(7)]
    one = shrunk(functions(9))
    wanted = np.concatenate([shrunk_distances(one, [signer]) for signer in signers])
    monkeypatch.setattr(shortlist, "BLOCK", 3)
    np.testing.assert_allclose(shrunk_distances(one, signers), wanted, rtol=1e-5)


def test_the_nearest_come_in_their_order_and_of_equals_the_first():
    one, far, near = (shrunk(functions(n)) for n in (1, 2, 3))
    near = one + 0.01 * near
    assert nearest(one, [far, near, far, one, far], 2).tolist() == [1, 3]
    assert nearest(one, [near, far, near, near], 2).tolist() == [0, 2]
    assert nearest(one, [near, far], 5).tolist() == [0, 1]


# The matcher


def people(count):
    """The signatures of people: of each four to enrol, one to question."""
    rng = np.random.default_rng(5)
    shapes = rng.normal(size=(count, 2, 5, 2))
    return [[waves(shape, 0.05, rng) for _ in range(5)] for shape in shapes]


def test_among_few_all_are_compared():
    elastic = Elastic()
    template = elastic.enroll(elastic.represent(people(1)[0][:4]))
    found = elastic.shortlist([template] * CANDIDATES, functions(0), 5)
    assert found.tolist() == list(range(CANDIDATES))


@pytest.mark.parametrize("elastic", [Elastic(), TEXTBOOK], ids=["fourteen", "textbook"])
def test_the_right_signer_is_left(elastic, monkeypatch):
    monkeypatch.setattr(matcher, "CANDIDATES", 2)
    signed = [elastic.represent(own) for own in people(20)]
    templates = [elastic.enroll(own[:4]) for own in signed]
    for place, own in enumerate(signed):
        found = elastic.shortlist(templates, own[4], 1)
        assert len(found) == 2
        assert place in found


def test_as_many_are_left_as_are_asked_for(monkeypatch):
    monkeypatch.setattr(matcher, "CANDIDATES", 2)
    elastic = Elastic()
    templates = [elastic.enroll(elastic.represent(own[:1])) for own in people(8)]
    assert len(elastic.shortlist(templates, functions(0), 6)) == 6


def test_stored_references_shrink_as_signatures_do():
    elastic = Elastic()
    (own,) = people(1)
    signed = elastic.represent(own)
    template = elastic.unpack(elastic.pack(elastic.enroll(signed)), len(signed))
    np.testing.assert_allclose(template.shrunk, mean_shrunk(signed), atol=1e-6)


def test_identification_with_a_quick_look_names_the_writer_with_the_score_of_verify(
    monkeypatch,
):
    monkeypatch.setattr(matcher, "CANDIDATES", 3)
    verifier = Verifier(elastic_model())
    signed = people(12)
    records = {f"signer {n}": verifier.reference(own[:4]) for n, own in enumerate(signed)}
    for n, own in enumerate(signed):
        found = verifier.identify(own[4], records, k=3)
        assert found[0][0] == f"signer {n}"
        assert len(found) == 3
        for name, score in found:
            assert score == verifier.score(records[name], own[4])


def test_damaged_references_do_not_disturb_the_look(monkeypatch):
    monkeypatch.setattr(matcher, "CANDIDATES", 1)
    elastic = Elastic()
    signed = [elastic.represent(own) for own in people(3)]
    templates = [elastic.enroll(own[:4]) for own in signed]
    lost = replace(
        templates[0].references[0], rows=np.full_like(templates[0].references[0].rows, -128)
    )
    templates[0] = replace(templates[0], references=(lost,))
    assert elastic.shortlist(templates, signed[2][4], 1).tolist() == [2]

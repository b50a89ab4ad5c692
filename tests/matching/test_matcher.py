"""What all matchers share: examples to fit on, and what a matcher need not write itself."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from sigtdnn.errors import ConfigurationError, CorpusError
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.reference import rounded
from sigtdnn.matching.matcher import STRANGERS, Matcher
from tests.artificial import examples, loops

# Two signers, seven and eight genuines, one and two forgeries, mixed up.
SIGNER = np.array(["b"] * 8 + ["a"] * 10)
GENUINE = np.array([True] * 7 + [False] + [True] * 8 + [False] * 2)
ORDER = np.array([17, 0, 1, 2, 3, 4, 6, 5, 7, 15, 14, 13, 12, 11, 10, 9, 8, 16])
PLACES = np.arange(18.0)[:, None]
EXAMPLES = examples(PLACES, SIGNER, GENUINE, order=ORDER)


class Mean:
    """Enrols as the places of the references; compares by the places of the questioned."""

    def __init__(self):
        self.enrolled = []

    def enroll(self, references):
        self.enrolled.append(np.ravel(references).tolist())
        return len(self.enrolled)

    def compare(self, template, questioned):
        return 100.0 * template + np.ravel(questioned)


# Examples


def test_signers_come_with_genuines_and_forgeries_in_order_of_signing():
    found = [(own.tolist(), forged.tolist()) for own, forged in EXAMPLES.by_signer()]
    assert found == [
        ([15, 14, 13, 12, 11, 10, 9, 8], [17, 16]),
        ([0, 1, 2, 3, 4, 6, 5], [7]),
    ]


def test_representations_are_picked_from_an_array_or_a_list():
    assert EXAMPLES.of(np.array([3, 1])).tolist() == [[3.0], [1.0]]
    listed = examples(list(PLACES), SIGNER, GENUINE, order=ORDER)
    assert [one.tolist() for one in listed.of(np.array([3, 1]))] == [[3.0], [1.0]]


def test_the_last_six_genuines_are_references_and_all_others_questioned():
    mean = Mean()
    found = EXAMPLES.comparisons(mean.enroll, mean.compare)
    assert mean.enrolled == [[13, 12, 11, 10, 9, 8], [1, 2, 3, 4, 6, 5]]
    assert found.genuine.tolist() == [115, 114, 200]
    assert found.skilled.tolist() == [117, 116, 207]
    # Each signer's first genuine is a random forgery of the other.
    assert found.random.tolist() == [100, 215]


def test_signers_without_a_genuine_to_question_are_passed_over():
    mean = Mean()
    without = EXAMPLES.genuine.copy()
    without[0] = False  # six genuines are left to "b"
    few = replace(EXAMPLES, genuine=without)
    found = few.comparisons(mean.enroll, mean.compare)
    assert [raw.tolist() for raw in found] == [[115, 114], [117, 116], [101]]
    assert {few.signer[run[0]] for run in few.runs(6)} == {"a"}


def test_runs_are_of_one_session_and_share_no_signature():
    session = np.full(18, 2)
    session[[15, 14, 13, 12, 11]] = 1  # the first five of "a"
    sessions = replace(EXAMPLES, session=session)
    assert [run.tolist() for run in sessions.runs(2)] == [
        [15, 14], [13, 12], [10, 9], [0, 1], [2, 3], [4, 6],
    ]  # fmt: skip
    assert [run.tolist() for run in sessions.runs(4)] == [[15, 14, 13, 12], [0, 1, 2, 3]]
    assert [run.tolist() for run in sessions.runs(6)] == [[0, 1, 2, 3, 4, 6]]
    assert sessions.runs(8) == []


def test_what_is_questioned_is_never_a_reference():
    for count in range(1, 7):
        for references in EXAMPLES.runs(count):
            genuine, skilled, others = EXAMPLES.questioned(references)
            own = EXAMPLES.signer[references[0]]
            assert not set(genuine) & set(references)
            assert EXAMPLES.genuine[genuine].all()
            assert not EXAMPLES.genuine[skilled].any()
            assert set(EXAMPLES.signer[[*genuine, *skilled]]) == {own}
            assert len(genuine) + count == np.sum((EXAMPLES.signer == own) & EXAMPLES.genuine)
            assert own not in EXAMPLES.signer[others]


def test_random_forgeries_are_of_the_same_collection_and_not_too_many():
    names = [f"{n:03d}" for n in range(2 * STRANGERS)] * 2
    collection = np.where(np.array(names) < "002", "one", "two")
    many = examples(np.arange(len(names)), names, np.ones(len(names), bool), collection=collection)
    assert many.questioned(np.array([0]))[2].tolist() == [1]
    after = many.questioned(np.array([2 * STRANGERS - 3]))[2]
    assert after.tolist() == [2 * STRANGERS - 2, 2 * STRANGERS - 1, *range(2, STRANGERS)]


def test_pairs_are_all_that_comparisons_need():
    sets = EXAMPLES.runs(3)
    wanted = set()
    for references in sets:
        others = np.concatenate([references, *EXAMPLES.questioned(references)])
        wanted |= {(min(a, b), max(a, b)) for a in references for b in others}
    found = EXAMPLES.pairs(sets)
    assert sorted(map(tuple, found.tolist())) == sorted(wanted)


@pytest.mark.parametrize(
    ("signer", "genuine", "problem"),
    [
        (SIGNER, np.ones(18, bool), "3 genuines to question and 0 forgeries"),
        (SIGNER, GENUINE & (np.arange(18) % 2 == 0), "0 genuines to question and 0 forgeries"),
        (["a"] * 18, GENUINE, "no two validation signers are of one collection"),
    ],
    ids=["no forgeries", "too few genuines", "one signer"],
)
def test_what_cannot_be_calibrated_on_is_refused(signer, genuine, problem):
    mean = Mean()
    kept = np.flatnonzero(GENUINE) if genuine.all() else np.arange(18)
    some = examples(PLACES[kept], np.array(signer)[kept], genuine[kept])
    with pytest.raises(CorpusError, match=problem):
        some.comparisons(mean.enroll, mean.compare).complete()


# What a matcher need not write itself


@pytest.fixture(scope="module")
def frames():
    """Seven signatures of different lengths, as functions of time."""
    rng = np.random.default_rng(0)
    return [rounded(rng.normal(size=(n, 14))) for n in (5, 7, 6, 5, 8, 6, 7)]


def test_each_is_compared_with_the_others_when_one_is_left_out(frames):
    matcher = Elastic()
    wanted = [
        matcher.compare(matcher.enroll(frames[:i] + frames[i + 1 :]), [frames[i]])[0]
        for i in range(len(frames))
    ]
    # The elastic matcher has a quicker way of its own.
    assert Matcher.leave_one_out(matcher, frames).tolist() == wanted
    assert matcher.leave_one_out(frames) == pytest.approx(wanted, rel=1e-4)
    assert matcher.dispersion(frames) == pytest.approx(-np.mean(wanted), rel=1e-4)


def test_one_is_compared_with_each_of_many_templates(frames):
    matcher = Elastic()
    templates = [matcher.enroll(frames[start : start + 3]) for start in (0, 1, 2)]
    wanted = [matcher.compare(template, [frames[6]])[0] for template in templates]
    assert matcher.compare_each(templates, frames[6]).tolist() == wanted


def test_without_more_a_matcher_does_not_learn_and_knows_no_protection(frames):
    matcher = Elastic()
    template = matcher.enroll(frames[:3])
    assert Matcher.update(matcher, template, frames[3], template, b"salt") is None
    found = Matcher.measure(matcher, template, frames[:2])
    np.testing.assert_array_equal(found.raw, matcher.compare(template, frames[:2]))
    assert np.isinf(found.nearest).all()
    assert Matcher.difference(matcher, template, loops(0)) is None
    assert matcher.protection(template, 0.0) is None
    assert matcher.variants() == {}
    assert matcher.prepared(frames, np.empty((0, 2), np.intp), print) is not None


def test_without_more_distances_are_of_vectors(make_matcher):
    one, other = np.random.default_rng(0).normal(size=(2, 4, 5))
    wanted = cdist(one, other) / np.sqrt(5)
    np.testing.assert_allclose(Matcher.distances(Elastic(), one, other), wanted)
    matcher = make_matcher(2, components=(1, 3))
    wanted = cdist(one[:, [1, 3]], other[:, [1, 3]]) / np.sqrt(2)
    np.testing.assert_allclose(matcher.distances(one, other), wanted)


def test_without_more_a_matcher_needs_an_encoder(make_matcher):
    with pytest.raises(ConfigurationError, match="'gaussian' needs an encoder"):
        make_matcher(3).represent([])


def test_without_more_a_matcher_holds_no_arrays(make_matcher):
    with pytest.raises(ValueError, match="'gaussian' holds no arrays"):
        make_matcher(3).with_tensors({})


def test_the_layout_tells_the_kind_and_the_settings(make_matcher):
    assert Elastic().layout() == {
        "kind": "elastic",
        "functions": "fourteen",
        "cost": "saturating",
        "duration": 0.25,
        "learnt": 0,
        "hidden": 0,
        "steps": 0,
    }
    matcher = make_matcher(3)
    assert Matcher.layout(matcher)["kind"] == "gaussian"
    assert Matcher.layout(matcher)["low"] == [-1.7159] * 3

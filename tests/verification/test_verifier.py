from dataclasses import replace
from itertools import combinations
from operator import attrgetter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.errors import (
    DamagedModelError,
    EnrolmentError,
    FormatError,
    OtherModelError,
    PreprocessingError,
    SignerError,
    SignerExistsError,
    StrangersError,
    TemplateError,
    ThresholdError,
)
from sigtdnn.evaluation.systems import RowRepresentations, model_system
from sigtdnn.formats import plain_csv, read_signature
from sigtdnn.matching.gaussian.matcher import paper_score
from sigtdnn.matching.grouping import widest_gap
from sigtdnn.matching.packing import pack, unpack
from sigtdnn.models.file import save_model
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature
from sigtdnn.verification import Habits, SignerRecord, Verifier
from sigtdnn.verification.traits import GROUPS, traits_of
from tests.artificial import loops

REFERENCES = [loops(seed) for seed in range(6)]
ODD = loops(1, noise=20.0)
T = np.arange(50) / 100
FLAT = Signature.from_samples(T, T**2, np.zeros(50), np.ones(50, bool))


def template_of(verifier, record):
    return unpack(verifier.model.matcher, record.template, verifier.model.id)


@pytest.fixture(params=["gaussian", "elastic"])
def any_verifier(request, model, elastic):
    return Verifier({"gaussian": model, "elastic": elastic}[request.param])


def hand(seed):
    """Six signatures of a hand of its own."""
    rng = np.random.default_rng(seed)
    t = np.arange(120) / 100
    a, b, c = rng.uniform(5, 15, 3)

    def sign():
        bend = 0.02 * np.cumsum(rng.normal(size=(2, 120)), axis=1)
        x, y = np.cos(a * t) + c / 7 * t + bend[0], np.sin(b * t) + bend[1]
        return Signature.from_samples(t, x, y, t < 1)

    return [sign() for _ in range(7)]


HANDS = {name: hand(seed) for seed, name in enumerate(["anna", "bob", "cleo", "dora"])}


def drifted(seed, share, noise=0.05):
    """The loops of a hand that grows rounder and slants by the share."""
    one = loops(seed, noise)
    x = one.x + 0.5 * share * np.sin(11 * one.t) + 0.3 * share * one.y
    return Signature.from_samples(one.t, x, one.y, one.pen)


def knowing_strangers(verifier):
    """A verifier whose limit lies between two signatures of one hand and those of several."""
    matcher = verifier.model.matcher
    signed = [verifier.model.represent(hand) for hand in HANDS.values()]
    own = max(widest_gap(matcher.distances(one, one)) for one in signed)
    others = min(matcher.distances(*two).min() for two in combinations(signed, 2))
    assert own < others
    norms = replace(verifier.model.norms, strangers=(own + others) / 2, odd=-1e9)
    return Verifier(replace(verifier.model, norms=norms))


# Scores


def test_a_signature_becomes_the_vector_of_the_network(model):
    found = model.represent(REFERENCES)
    wanted = model.encoder.encode(np.stack([preprocess(s) for s in REFERENCES]))
    assert found.shape == (6, 20)
    np.testing.assert_array_equal(found, wanted)


def test_no_signatures_give_no_vectors(model):
    assert model.represent([]).shape == (0, 20)


def test_score_from_the_definition(model):
    verifier = Verifier(model)
    questioned = loops(7, noise=0.1)
    score = verifier.score(verifier.reference(REFERENCES), questioned)

    vectors = model.represent(REFERENCES).astype(np.float64)
    variance = max(vectors.var(axis=0, ddof=1).mean(), model.matcher.variance_floor)
    density = norm.logpdf(model.represent([questioned])[0], vectors.mean(axis=0), variance**0.5)
    # The template is rounded to 7 bits.
    assert score.raw == pytest.approx(density.sum() - 3.5, rel=0.02)
    assert score.log_odds == pytest.approx(0.25 * score.raw - 0.75)
    assert score.score == pytest.approx(1 / (1 + np.exp(-score.log_odds)))


@pytest.mark.parametrize("number", ["raw", "log_odds", "score"])
def test_the_three_numbers_have_one_order_and_higher_is_more_genuine(any_verifier, number):
    record = any_verifier.reference(REFERENCES)
    scores = [any_verifier.score(record, loops(9, noise)) for noise in (0.02, 0.3, 1.0, 3.0)]
    by_raw = sorted(scores, key=attrgetter("raw"))
    assert sorted(scores, key=attrgetter(number)) == by_raw
    assert getattr(scores[0], number) > getattr(scores[-1], number)


def test_the_papers_score_has_the_same_order(model):
    verifier = Verifier(model)
    record = verifier.reference(REFERENCES)
    raw = np.array([verifier.score(record, loops(9, n)).raw for n in (0.02, 0.3, 1.0, 3.0)])
    found = paper_score(raw)
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-raw)))
    assert (np.argsort(found, kind="stable") == np.argsort(raw, kind="stable")).all()


def test_the_variance_floor_of_the_matcher_holds(model):
    verifier = Verifier(model)
    alike = [
        Signature.from_samples(one.t, one.x + 1e-6 * n, one.y, one.pen)
        for n, one in enumerate([REFERENCES[0]] * 6)
    ]
    template = template_of(verifier, verifier.reference(alike))
    assert template.variance == np.float32(0.001)
    assert template.count == 6


def test_a_template_scores_the_same_after_its_bytes(model):
    verifier = Verifier(model)
    questioned = [loops(7), loops(8, noise=1.0)]
    template = model.matcher.enroll(model.represent(REFERENCES))
    wanted = model.matcher.compare(template, model.represent(questioned))
    found = verifier.score_many(verifier.reference(REFERENCES), questioned)
    assert [score.raw for score in found] == wanted.tolist()


def test_one_at_a_time_scores_as_many_at_once(any_verifier):
    record = any_verifier.reference(REFERENCES)
    questioned = [loops(7), loops(8, noise=1.0)]
    many = any_verifier.score_many(record, questioned)
    one = [any_verifier.score(record, signature) for signature in questioned]
    # The last bits of a vector depend on how many are encoded together.
    np.testing.assert_allclose([s.raw for s in one], [s.raw for s in many], rtol=1e-5)


def test_only_the_components_of_the_template_count(model):
    few = replace(model.matcher, components=(3, 5), low=(-2.0, -2.0), high=(2.0, 2.0))
    verifier = Verifier(replace(model, matcher=few))
    template = template_of(verifier, verifier.reference(REFERENCES))
    wanted = model.represent(REFERENCES)[:, [3, 5]].mean(axis=0)
    np.testing.assert_allclose(template.mean, wanted, atol=4 / 127 / 2)


def test_agrees_with_the_system_that_is_evaluated(any_verifier):
    model = any_verifier.model
    signatures = [*REFERENCES, loops(7), loops(8, noise=1.0)]
    count = len(signatures)
    rows = [(f"f{i}", "c", "c/1", "c/1", "genuine", None, i) for i in range(count)]
    recordings = pd.DataFrame(rows, columns=IDENTITY_COLUMNS)
    corpus = Corpus.from_signatures(recordings, signatures, {"c": Collection("c", False, True)})
    system = model_system("system", model, RowRepresentations(model.represent, corpus))
    raw = system.compare(system.enroll(np.arange(6)), np.arange(6, count))

    record = any_verifier.reference(REFERENCES)
    wanted = [any_verifier.score(record, signature) for signature in signatures[6:]]
    np.testing.assert_allclose(raw, [s.raw for s in wanted], rtol=1e-5)
    np.testing.assert_allclose(system.log_odds(raw, 6), [s.log_odds for s in wanted], rtol=1e-4)


# Verdicts


def test_accepted_from_the_threshold_on(any_verifier):
    record = any_verifier.reference(REFERENCES)
    score = any_verifier.score(record, loops(7))
    on, above = (
        any_verifier.verify(record, loops(7), threshold)
        for threshold in (score.score, np.nextafter(score.score, 1))
    )
    assert (on.accepted, above.accepted) == (True, False)
    assert on.as_dict() == {
        "raw": score.raw,
        "log_odds": score.log_odds,
        "score": score.score,
        "threshold": score.score,
        "accepted": True,
        "reason": None,
        "where": None,
    }


def test_only_a_rejection_has_a_reason(any_verifier):
    record = any_verifier.reference(REFERENCES)
    questioned = loops(8, noise=3.0)
    rejected = any_verifier.verify(record, questioned, 1.0)
    found = any_verifier.difference(record, questioned)
    assert (rejected.reason, rejected.where) == found
    assert rejected.reason in GROUPS
    accepted = any_verifier.verify(record, questioned, 0.0)
    assert (accepted.reason, accepted.where) == (None, None)


def test_the_habits_tell_the_reason_of_a_matcher_that_does_not(model):
    verifier, questioned = Verifier(model), loops(8, noise=3.0)
    record = verifier.reference(REFERENCES)
    rejected = verifier.verify(record, questioned, 1.0)
    furthest = Habits.of(traits_of(REFERENCES)).furthest(
        traits_of([questioned])[0], np.array(model.norms.habits)
    )
    assert (rejected.reason, rejected.where) == (furthest, None)
    bare = SignerRecord.imported(record.template)
    assert verifier.verify(bare, questioned, 1.0) == replace(rejected, reason=None)


def test_the_elastic_matcher_tells_the_reason_of_an_imported_template(elastic):
    verifier, questioned = Verifier(elastic), loops(8, noise=3.0)
    record = verifier.reference(REFERENCES)
    bare = SignerRecord.imported(record.template)
    rejected = verifier.verify(record, questioned, 1.0)
    assert verifier.verify(bare, questioned, 1.0) == rejected
    start, end = rejected.where
    assert 0 <= start < end <= questioned.duration


def test_two_signatures_differ_as_one_from_a_reference(elastic, model):
    one, other = loops(0), loops(8, noise=3.0)
    verifier = Verifier(elastic)
    wanted = verifier.difference(verifier.reference([one]), other)
    assert verifier.difference_of(one, other) == wanted
    assert Verifier(model).difference_of(one, other).group in GROUPS


def test_thresholds_are_scores_of_the_calibrations_raw_numbers(any_verifier):
    calibration = any_verifier.model.calibrations.of(6)
    for asked in ({}, {"far": 0.05}, {"fr": 0.5}, {"far_random": 0.01}):
        raw = np.array(calibration.threshold(**asked))
        assert any_verifier.threshold(**asked) == calibration.score(raw)
    assert any_verifier.threshold() < any_verifier.threshold(far=0.05)
    with pytest.raises(ThresholdError, match="20 forgeries"):
        any_verifier.threshold(far=0.04)


# Enrolment


def test_an_enrolment_goes_on_from_the_record(any_verifier):
    record, state = any_verifier.enroll(REFERENCES[:2])
    early = any_verifier.model.matcher.min_references <= 2
    assert (record.template is not None, record.habits is not None) == (early, early)
    assert (record.given, state.given, state.complete, record.complete) == (2, 2, False, False)

    record, state = any_verifier.enroll(REFERENCES[2:4], record)
    assert record.template == record.first is not None
    assert (record.given, record.complete) == (4, False)
    assert any_verifier.score(record, loops(7)).score > 0

    record, state = any_verifier.enroll(REFERENCES[4:], record)
    assert state.complete
    assert (record.given, record.updates, record.pending) == (6, 0, None)
    assert record == any_verifier.enroll(REFERENCES)[0]


def test_a_complete_enrolment_holds_what_the_references_make(any_verifier):
    record, _ = any_verifier.enroll(REFERENCES)
    wanted = any_verifier.reference(REFERENCES)
    assert record == wanted
    matcher, model = any_verifier.model.matcher, any_verifier.model
    template = matcher.enroll(model.represent(REFERENCES))
    assert record.template == record.first == pack(matcher, template, model.id)
    assert record.habits == Habits.of(traits_of(REFERENCES)).to_bytes()
    assert record.model == model.id


def test_as_many_as_wanted_complete_it(any_verifier):
    record, state = any_verifier.enroll(REFERENCES[:4], wanted=4)
    assert state.complete
    assert record.complete
    fewer = any_verifier.model.matcher.min_references - 1
    with pytest.raises(EnrolmentError, match=f"{fewer} signatures wanted"):
        any_verifier.enroll(REFERENCES, wanted=fewer)


def test_a_signature_that_is_there_already_counts_once(any_verifier):
    record, state = any_verifier.enroll([REFERENCES[0], REFERENCES[1], REFERENCES[0]])
    assert state.given == 2
    assert any_verifier.enroll(REFERENCES[:2], record) == (record, state)


def test_a_new_signature_takes_the_place_of_an_odd_one(any_verifier):
    record, state = any_verifier.enroll([*REFERENCES[:3], ODD, *REFERENCES[3:5]])
    assert (state.given, state.odd, state.complete) == (6, 3, False)
    assert not record.complete
    record, state = any_verifier.enroll(REFERENCES[5:], record)
    assert (state.given, state.odd, state.complete) == (6, None, True)
    order = [REFERENCES[place] for place in (0, 1, 2, 5, 3, 4)]
    assert record == any_verifier.enroll(order)[0]


def test_a_complete_enrolment_takes_no_more(any_verifier):
    record, _ = any_verifier.enroll(REFERENCES)
    with pytest.raises(
        SignerExistsError, match="the signer is enrolled already; use 'verify --update'"
    ):
        any_verifier.enroll([loops(7)], record)


def test_another_model_does_not_go_on(model, elastic):
    record, _ = Verifier(model).enroll(REFERENCES[:2])
    with pytest.raises(OtherModelError, match="enrolled with another model"):
        Verifier(elastic).enroll(REFERENCES[2:], record)


def test_damaged_pending_signatures_are_refused(any_verifier):
    record, _ = any_verifier.enroll(REFERENCES[:2])
    with pytest.raises(TemplateError, match="the pending signatures are damaged"):
        any_verifier.enroll(REFERENCES[2:], replace(record, pending=record.pending[:-1]))


def test_one_reference_is_not_enough_for_a_density(model):
    with pytest.raises(EnrolmentError, match="at least 2"):
        Verifier(model).reference(REFERENCES[:1])


def test_no_reference_is_not_enough_for_anybody(any_verifier):
    with pytest.raises(EnrolmentError):
        any_verifier.reference([])


# Updates


def confident_from(verifier, raw):
    norms = replace(verifier.model.norms, confident=raw)
    return Verifier(replace(verifier.model, norms=norms))


def test_a_confident_acceptance_updates_the_template(model):
    verifier, questioned = Verifier(model), loops(7)
    record, _ = verifier.enroll(REFERENCES)
    raw = verifier.score(record, questioned).raw
    updated = confident_from(verifier, raw - 1e-3).update(record, questioned)
    assert (updated.updates, updated.given) == (1, 6)
    assert (updated.first, updated.habits) == (record.first, record.habits)
    assert template_of(verifier, updated).count == 7
    assert verifier.score(updated, questioned).raw > raw
    assert confident_from(verifier, raw + 1e-3).update(record, questioned) is record


def test_an_update_is_the_same_wherever_it_is_made(model):
    verifiers = [confident_from(Verifier(model), -1e9) for _ in range(2)]
    record = verifiers[0].reference(REFERENCES)
    one, other = (verifier.update(record, loops(7)) for verifier in verifiers)
    assert one == other


def test_what_the_first_template_does_not_know_updates_no_later_one(model):
    verifier, questioned = Verifier(model), loops(7, noise=2.0)
    first = verifier.reference(REFERENCES)
    vectors = model.represent([questioned] * 3)
    later = replace(first, template=verifier.template(vectors + np.float32([[-0.1], [0.1], [0]])))
    near, far = (verifier.score(record, questioned).raw for record in (later, first))
    assert near > far + 1
    assert confident_from(verifier, far + 1e-3).update(later, questioned) is later
    assert confident_from(verifier, far - 1e-3).update(later, questioned).updates == 1


def test_an_unfinished_enrolment_is_not_updated(model):
    record, _ = Verifier(model).enroll(REFERENCES[:3])
    assert confident_from(Verifier(model), -1e9).update(record, REFERENCES[0]) is record


def test_an_elastic_template_learns_and_keeps_half_of_what_it_was_enrolled_with(elastic):
    verifier = confident_from(Verifier(elastic), -1e9)
    record = verifier.reference(REFERENCES)
    later = [loops(n) for n in range(7, 12)]
    for count, one in enumerate(later, start=1):
        record = verifier.update(record, one)
        assert record.updates == count
    wanted = elastic.matcher.enroll(elastic.represent([*REFERENCES[:3], *later[-3:]]))
    first = elastic.matcher.enroll(elastic.represent(REFERENCES))
    assert wanted.spread != first.spread
    wanted = replace(wanted, spread=first.spread)
    assert record.template == pack(elastic.matcher, wanted, elastic.id)
    assert record.first == pack(elastic.matcher, first, elastic.id)


def test_a_single_reference_does_not_learn(elastic):
    verifier = confident_from(Verifier(elastic), -1e9)
    record = verifier.reference(REFERENCES[:1])
    assert verifier.update(record, loops(7)) is record


def test_a_signer_who_drifts_is_followed(elastic):
    verifier = Verifier(replace(elastic, norms=replace(elastic.norms, confident=-1.6)))
    start = record = verifier.reference([drifted(n, 0) for n in range(6)])
    for n in range(6, 60):
        record = verifier.update(record, drifted(n, n / 60))
    assert record.updates > 40
    followed, still = (verifier.score(one, drifted(99, 1)).raw for one in (record, start))
    assert followed == pytest.approx(still + elastic.matcher.headroom)


def between(seed, share):
    """A signature on the way from the loops to those of another hand."""
    one, rng = loops(seed), np.random.default_rng(seed)
    bend = 0.05 * np.cumsum(rng.normal(size=(2, len(one))), axis=1)
    x, y = np.sin(14 * one.t) + one.t + bend[0], np.cos(7 * one.t) + bend[1]
    x, y = (1 - share) * one.x + share * x, (1 - share) * one.y + share * y
    return Signature.from_samples(one.t, x, y, one.pen)


def test_who_approaches_step_by_step_does_not_take_over(elastic):
    verifier = Verifier(elastic)
    record = verifier.reference([between(n, 0) for n in range(6)])
    for n in range(60):
        record = verifier.update(record, between(n + 10, n / 60))
    assert 0 < record.updates < 30
    own, foreign = (verifier.score(record, between(99, share)).raw for share in (0, 1))
    assert own > -1.0  # the usual threshold of this model
    assert foreign < -1.0


def test_an_impostor_does_not_take_over_an_elastic_template(elastic):
    verifier = Verifier(elastic)
    record = verifier.reference(REFERENCES)
    for n in range(30):
        record = verifier.update(record, loops(n, noise=0.3))
    assert record.updates == 0


# Replays


@pytest.mark.parametrize(
    "copied",
    [
        lambda one: one,
        lambda one: Signature.from_samples(one.t, 300 + 2 * one.x, 2 * one.y, one.pen),
        lambda one: Signature.from_samples(one.t, np.round(one.x, 3), np.round(one.y, 3), one.pen),
    ],
    ids=["the same", "moved and enlarged", "rounded"],
)
def test_the_recording_of_a_reference_is_rejected_and_never_learnt_from(elastic, copied):
    verifier = Verifier(elastic)
    record = verifier.reference(REFERENCES)
    replay = copied(REFERENCES[2])
    verdict = verifier.verify(record, replay, 0.0)
    assert (verdict.accepted, verdict.reason) == (False, "replay")
    assert confident_from(verifier, -1e9).update(record, replay) is record
    genuine = verifier.verify(record, loops(7), 0.0)
    assert (genuine.accepted, genuine.reason) == (True, None)


# Several people under one name


def test_different_people_under_one_name_are_refused(any_verifier):
    strict = knowing_strangers(any_verifier)
    assert strict.enroll(HANDS["bob"][:6])[1].given == 6
    six = [hand[n] for hand in HANDS.values() for n in range(2)][:6]
    for people in ([one[0] for one in HANDS.values()], six, HANDS["bob"][:4] + HANDS["cleo"][:2]):
        with pytest.raises(
            StrangersError,
            match=f"these {len(people)} signatures differ as those of different people do; give",
        ):
            strict.enroll(people)


def test_a_single_stranger_is_odd(any_verifier):
    strict = knowing_strangers(any_verifier)
    signed = HANDS["bob"]
    record, state = strict.enroll([*signed[:2], HANDS["cleo"][0], *signed[2:5]])
    assert (state.odd, state.consistent, state.complete) == (2, False, False)
    record, state = strict.enroll([signed[5]], record)
    assert state.complete


def test_an_enrolment_that_others_join_is_refused_and_stays_what_it_was(any_verifier):
    strict = knowing_strangers(any_verifier)
    record, _ = strict.enroll(HANDS["bob"][:3])
    with pytest.raises(StrangersError):
        strict.enroll(HANDS["cleo"][:2], record)
    assert strict.enroll(HANDS["bob"][3:6], record)[1].complete


def test_a_reference_given_twice_counts_once(any_verifier):
    once, twice = (any_verifier.reference(some) for some in (REFERENCES, 2 * REFERENCES))
    assert once == twice
    assert any_verifier.references(twice) == 6


# Identification


@pytest.fixture
def records(any_verifier):
    return {name: any_verifier.reference(signed[:6]) for name, signed in HANDS.items()}


@pytest.mark.parametrize("name", HANDS)
def test_the_writer_comes_first_with_the_score_of_a_verification(any_verifier, records, name):
    questioned = HANDS[name][6]
    found = any_verifier.identify(questioned, records, k=4)
    assert found[0][0] == name
    wanted = {who: any_verifier.score(record, questioned) for who, record in records.items()}
    assert [who for who, _ in found] == sorted(wanted, key=lambda who: -wanted[who].raw)
    for who, score in found:
        assert score.raw == pytest.approx(wanted[who].raw)
        assert score.log_odds == pytest.approx(wanted[who].log_odds)
        assert score.score == pytest.approx(wanted[who].score)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (3, 3), (9, 4)])
def test_no_more_are_named_than_asked_for_and_known(any_verifier, records, k, count):
    questioned = HANDS["bob"][6]
    every = any_verifier.identify(questioned, records, k=4)
    assert any_verifier.identify(questioned, records, k=k) == every[:count]


def test_equals_come_in_the_order_given(any_verifier, records):
    same = dict.fromkeys(("zoë", "anna", "mia"), records["bob"])
    found = any_verifier.identify(HANDS["bob"][6], same)
    assert [name for name, _ in found] == ["zoë", "anna", "mia"]


def test_whoever_has_no_template_is_passed_over(any_verifier, records):
    begun = SignerRecord(any_verifier.model.id, pending=b"")
    found = any_verifier.identify(HANDS["bob"][6], {**records, "eve": begun})
    assert {name for name, _ in found} == set(HANDS)
    assert any_verifier.identify(HANDS["bob"][6], {"eve": begun}) == []
    assert any_verifier.identify(HANDS["bob"][6], {}) == []


def test_a_record_that_cannot_be_used_is_named(any_verifier, records):
    records["cleo"] = replace(records["cleo"], template=records["cleo"].template[:-3])
    with pytest.raises(TemplateError, match=r"^'cleo': "):
        any_verifier.identify(HANDS["bob"][6], records)


# Refusals


def test_a_record_of_another_model_is_refused(model, elastic):
    record = Verifier(elastic).reference(REFERENCES)
    verifier = Verifier(model)
    for use in (verifier.score, verifier.update):
        with pytest.raises(OtherModelError, match=elastic.id.hex()):
            use(record, loops(7))
    with pytest.raises(OtherModelError, match="'anna': enrolled with another model"):
        verifier.identify(loops(7), {"anna": record})
    # Its bytes tell it, too.
    with pytest.raises(OtherModelError, match="template of another model"):
        verifier.score(replace(record, model=model.id), loops(7))


def test_a_record_without_template_is_refused(any_verifier):
    record, needed = SignerRecord(any_verifier.model.id, pending=b""), any_verifier.model.matcher
    with pytest.raises(
        SignerError,
        match=rf"0 signature\(s\), verification needs {needed.min_references}; enrol more",
    ):
        any_verifier.score(record, loops(7))


def test_a_model_with_the_habits_of_other_traits_is_refused(model, tmp_path):
    other = replace(model, norms=replace(model.norms, habits=(0.1, 0.2)))
    with pytest.raises(DamagedModelError, match=r"^the model knows the habits of 2 traits"):
        Verifier(other)
    save_model(other, tmp_path / "model.safetensors")
    with pytest.raises(DamagedModelError, match=f"^{tmp_path}: .*this sigtdnn has 16; train"):
        Verifier.load(tmp_path)


def test_a_questioned_signature_without_size_is_refused(model):
    verifier = Verifier(model)
    with pytest.raises(PreprocessingError, match="y does not vary"):
        verifier.score(verifier.reference(REFERENCES), FLAT)


# Files


def test_loads_the_model_of_a_file_or_run_folder(tmp_path, any_verifier):
    save_model(any_verifier.model, tmp_path / "model.safetensors")
    wanted = any_verifier.reference(REFERENCES)
    for path in (tmp_path, tmp_path / "model.safetensors"):
        assert Verifier.load(path).reference(REFERENCES) == wanted


def written(path, signature):
    path.write_bytes(plain_csv.write(signature))
    return path


def test_reads_the_signatures_of_files(tmp_path, any_verifier):
    files = [written(tmp_path / f"{n}.csv", loops(n)) for n in range(2)]
    for found, file in zip(any_verifier.read([files[0], str(files[1])]), files, strict=True):
        np.testing.assert_array_equal(found.x, read_signature(file).x)
    assert any_verifier.read([]) == []


def test_a_file_that_cannot_be_represented_is_named(tmp_path, model, elastic):
    files = [written(tmp_path / "g.csv", loops(0)), written(tmp_path / "flat.csv", FLAT)]
    with pytest.raises(FormatError, match=f"^{files[1]}: y does not vary"):
        Verifier(elastic).read(files)
    with pytest.raises(FormatError, match=f"^{tmp_path / 'absent'}: cannot be read"):
        Verifier(model).read([files[0], tmp_path / "absent"])

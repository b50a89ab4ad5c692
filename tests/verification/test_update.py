"""Updates by the model that ships, on artificial signers: drift, patient forgers, replays."""

from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import StrangersError, TemplateError
from sigtdnn.synthesis.signer import Session, begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import draw_tablet, record
from sigtdnn.synthesis.variation import vary
from sigtdnn.verification import Verifier

STEPS = 40


@pytest.fixture(scope="module")
def verifier():
    return Verifier.default()


def hand(seed, far):
    """What signs, by the share of the way to another hand that lies `far` times a day off."""
    rng = np.random.default_rng([1, seed])
    signer = invent_signer(rng)
    day, tablet = begin_session(signer, rng), draw_tablet(rng)

    def at(share):
        plan = vary(day.plan, signer.between.times(share * far), np.random.default_rng([2, seed]))
        return record(sign(signer, Session(plan, day.within), tablet.rate, rng), tablet, rng)

    return at


def approached(verifier, at):
    """The record of references, then after signatures that approach the other hand stepwise."""
    first = latest = verifier.reference([at(0) for _ in range(5)])
    for step in range(STEPS):
        latest = verifier.update(latest, at(step / (STEPS - 1)))
    return first, latest


def raw_of(verifier, record, signatures):
    return np.array([score.raw for score in verifier.score_many(record, signatures)])


# Patience


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_who_approaches_step_by_step_gains_no_more_than_the_headroom(verifier, seed):
    at = hand(seed, far=7)
    first, latest = approached(verifier, at)
    assert latest.updates > 5
    assert (first.given, latest.first) == (5, first.template)
    questioned, matcher = [at(1) for _ in range(3)], verifier.model.matcher
    before, after = (raw_of(verifier, one, questioned) for one in (first, latest))
    np.testing.assert_allclose(after, before + matcher.headroom)
    # Without the bound they would pass.
    bare = replace(latest, first=latest.template)
    unbound = raw_of(verifier, bare, questioned)
    assert (unbound > after + 0.05).all()
    calibration = verifier.model.calibrations.of(5)
    for one, raw in zip(questioned, unbound, strict=True):
        threshold = float(calibration.score(raw - 0.01))
        assert verifier.verify(bare, one, threshold).accepted
        assert not verifier.verify(latest, one, threshold).accepted


def test_who_is_identified_has_the_score_of_a_verification_after_updates(verifier):
    at = hand(0, far=7)
    first, latest = approached(verifier, at)
    questioned = at(1)
    records = {"still": first, "updated": latest, "other": verifier.reference([hand(9, 1)(0)])}
    found = dict(verifier.identify(questioned, records))
    for name, one in records.items():
        assert found[name].raw == pytest.approx(verifier.score(one, questioned).raw)
    assert found["updated"].raw == pytest.approx(found["still"].raw + 0.1)


# Drift


@pytest.mark.parametrize("seed", range(3))
def test_a_hand_that_drifts_is_followed(verifier, seed):
    at = hand(seed, far=3)
    first, latest = approached(verifier, at)
    assert latest.updates > STEPS / 2
    questioned = [at(1) for _ in range(4)]
    before, after = (raw_of(verifier, one, questioned).mean() for one in (first, latest))
    assert after > before + 0.05


# Replays and recordings that are there already


def with_one_unit_more(one):
    x = one.x.copy()
    x[len(x) // 2] += 1.0
    return replace(one, x=x)


@pytest.mark.parametrize("changed", [lambda one: one, with_one_unit_more], ids=["same", "one unit"])
@pytest.mark.parametrize("seed", range(3))
def test_no_recording_is_learnt_twice(verifier, seed, changed):
    at = hand(seed, far=0)
    references = [at(0) for _ in range(5)]
    latest = verifier.reference(references)
    learnt = []
    while latest.updates < 2:
        signed = at(0)
        before, latest = latest, verifier.update(latest, signed)
        learnt += [signed] * (latest is not before)
    for one in (*references, *learnt):
        assert verifier.update(latest, changed(one)) is latest
        assert verifier.verify(latest, changed(one), 0.0).reason == "replay"


def test_a_recording_that_has_made_room_is_not_learnt_again(verifier):
    at = hand(0, far=0)
    latest = verifier.reference([at(0) for _ in range(5)])
    learnt = []
    while latest.updates < 4:
        signed = at(0)
        before, latest = latest, verifier.update(latest, signed)
        learnt += [signed] * (latest is not before)
    assert len(latest.learnt) == 4 * 64
    gone = with_one_unit_more(learnt[0])
    # Of five references two are replaced: the template knows the first no longer.
    assert verifier.verify(latest, gone, 0.0).accepted
    assert verifier.update(latest, gone) is latest
    assert verifier.update(replace(latest, learnt=None), gone).updates == 5
    with pytest.raises(TemplateError, match="what was learnt from is damaged"):
        verifier.update(replace(latest, learnt=latest.learnt[:-1]), gone)


# Few references


@pytest.mark.parametrize("count", [2, 3])
def test_different_people_make_no_template(verifier, count):
    strangers = [hand(seed, far=0)(0) for seed in range(count)]
    with pytest.raises(StrangersError, match=f"these {count} signatures differ as those of"):
        verifier.enroll(strangers, wanted=count)
    with pytest.raises(StrangersError):
        verifier.reference(strangers)
    at = hand(0, far=0)
    own = [at(0) for _ in range(count)]
    assert verifier.enroll(own, wanted=count)[1].complete
    assert verifier.references(verifier.reference(own)) == count


def test_a_single_signature_is_enrolled_with_a_word_of_caution(verifier):
    record, state = verifier.enroll([hand(0, far=0)(0)], wanted=1)
    assert (record.complete, state.consistent) == (True, None)
    assert state.words == (
        "1 signature, 1 was wanted: complete. So few tell little of the signer: want more, six "
        "are best."
    )

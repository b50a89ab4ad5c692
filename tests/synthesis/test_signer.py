import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigtdnn.synthesis.forger import CAREFUL, CARELESS, PRACTISED, WITNESS, forge, study_specimen
from sigtdnn.synthesis.signer import CONSISTENCY_OF_DAY, begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import NCR_5990, Tablet, draw_tablet, record

TABLETS = (
    NCR_5990,
    Tablet(rate=100.0, resolution=2540.0, noise=0.0, levels=255, air=False, pad=(8.0, 5.0)),
    *(draw_tablet(np.random.default_rng(seed)) for seed in range(8)),
)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from([CARELESS, CAREFUL, PRACTISED, WITNESS]),
    st.sampled_from(TABLETS),
)  # fmt: skip
def test_whoever_signs_on_whatever_the_signature_is_valid(seed, effort, device):
    rng = np.random.default_rng(seed)
    signer = invent_signer(rng)
    genuine = sign(signer, begin_session(signer, rng), device.rate, rng)
    forged = forge(study_specimen(genuine, effort, rng), device.rate, rng)
    for movement in (genuine, forged):
        signature = record(movement, device, rng)
        assert signature.repaired == 0
        assert signature.strokes >= 1
        assert 0.1 < signature.duration < 60


def test_a_plan_begins_and_ends_on_the_paper():
    for seed in range(30):
        plan = invent_signer(np.random.default_rng(seed)).plan
        assert plan.pen[0]
        assert plan.pen[-1]
        assert len(plan.targets) == len(plan.pen) + 1


def test_a_doubtful_lift_is_sometimes_left_out():
    rng = np.random.default_rng(1)
    signer = next(s for s in map(invent_signer, [rng] * 100) if s.joins.max() > 0.2)
    session = begin_session(signer, rng)
    counts = {record(sign(signer, session, 200.0, rng), NCR_5990, rng).strokes for _ in range(25)}
    assert len(counts) > 1


def test_the_same_generator_signs_the_same():
    one, other = (
        sign(signer, begin_session(signer, rng), 200.0, rng)
        for rng in (np.random.default_rng(7), np.random.default_rng(7))
        for signer in [invent_signer(rng)]
    )
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.force, other.force)


def test_most_days_are_near_the_habit_and_few_far():
    rng = np.random.default_rng(5)
    signer = invent_signer(rng)
    days = [begin_session(signer, rng).plan.targets - signer.plan.targets for _ in range(200)]
    distance = [np.linalg.norm(day) for day in days]
    low, middle, high = np.percentile(distance, (2, 50, 98))
    assert high - middle > 1.5 * (middle - low)


def test_some_days_are_more_even_than_others():
    rng = np.random.default_rng(5)
    signer = invent_signer(rng)
    tempo = [begin_session(signer, rng).within.tempo for _ in range(200)]
    assert np.std(np.log(tempo)) == pytest.approx(CONSISTENCY_OF_DAY, rel=0.2)


def test_who_writes_fast_writes_less_evenly():
    signers = [invent_signer(np.random.default_rng(seed)) for seed in range(200)]
    interval = [np.median(signer.plan.interval[1:]) for signer in signers]
    assert np.corrcoef(np.log(interval), [np.log(s.within.tempo) for s in signers])[0, 1] < -0.4

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sigtdnn.synthesis.forger import CAREFUL, CARELESS, PRACTISED, WITNESS, forge, study_specimen
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import NCR_5990, Tablet, record

TABLETS = (
    NCR_5990,
    Tablet(rate=100.0, resolution=2540.0, noise=0.0, levels=255, air=False, pad=(8.0, 5.0)),
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

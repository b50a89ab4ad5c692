from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.synthesis.forger import (
    CAREFUL,
    CARELESS,
    EFFORTS,
    PRACTISED,
    WITNESS,
    draw_effort,
    forge,
    study_specimen,
)
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign


def test_rehearsing_brings_the_line_nearer():
    """Without other errors, a rehearsed copy passes nearer to the specimen's ink."""

    def distance(rehearsals, seed):
        rng = np.random.default_rng(seed)
        signer = invent_signer(rng)
        specimen = sign(signer, begin_session(signer, rng), 200.0, rng)
        sure = replace(
            CAREFUL, place=0.0, likeness=0.0, disorder=0.0, repeat=0.0, rehearsals=rehearsals
        )
        forged = forge(study_specimen(specimen, sure, rng), 200.0, rng)
        ink = np.column_stack([specimen.x, specimen.y])[specimen.pen][::8]
        line = np.column_stack([forged.x, forged.y])[forged.pen]
        gaps = np.linalg.norm(ink[:, None] - line[None], axis=2).min(axis=1)
        return gaps.mean()

    pairs = [(distance(0, seed), distance(3, seed)) for seed in range(8)]
    assert np.mean([with_ < without for without, with_ in pairs]) > 0.7


@pytest.mark.parametrize("effort", [CARELESS, CAREFUL, PRACTISED, WITNESS])
def test_forgers_are_slower(effort):
    ratios = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        signer = invent_signer(rng)
        specimen = sign(signer, begin_session(signer, rng), 200.0, rng)
        forged = forge(study_specimen(specimen, effort, rng), 200.0, rng)
        ratios.append(forged.t[-1] / specimen.t[-1])
    assert np.median(ratios) > 0.85 * effort.slowness
    assert np.median(ratios) > 1.1


def test_disorder_turns_components_about(corner):
    rng = np.random.default_rng(0)
    keen = replace(CAREFUL, place=0.0, likeness=0.0, disorder=0.0)
    muddled = replace(keen, disorder=1.0)
    in_order = study_specimen(corner, keen, np.random.default_rng(0)).plan
    out_of_order = study_specimen(corner, muddled, rng).plan
    assert in_order.targets[0, 0] < 5
    assert out_of_order.targets[0, 0] > 15


def test_efforts_are_drawn_by_their_shares():
    rng = np.random.default_rng(0)
    drawn = [draw_effort(rng) for _ in range(2000)]
    assert sum(share for _, share in EFFORTS) == pytest.approx(1)
    for effort, share in EFFORTS:
        assert drawn.count(effort) / 2000 == pytest.approx(share, abs=0.03)


def test_forgers_keep_more_to_their_own_speed_than_to_the_signers():
    """A specimen at twice the speed takes a forger more than half the time."""
    steady = replace(CAREFUL, pause=0.0, rests=0.0)
    rng = np.random.default_rng(4)
    signer = invent_signer(rng)
    specimen = sign(signer, begin_session(signer, rng), 200.0, rng)
    slow, fast = (
        study_specimen(specimen._replace(t=t), steady, np.random.default_rng(0)).plan
        for t in (specimen.t, specimen.t / 2)
    )
    assert fast.interval.sum() > 0.8 * slow.interval.sum()

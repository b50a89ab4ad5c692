from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.synthesis.forger import (
    CAREFUL,
    CARELESS,
    PRACTISED,
    WITNESS,
    forge,
    study_specimen,
)
from sigtdnn.synthesis.observation import see
from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign


def corner():
    """Right, then up; slow at the corner; then a quarter circle after a lift."""
    leg = 10 * (1 - np.cos(np.linspace(0, np.pi, 60))) / 2
    turn = np.linspace(0, np.pi / 2, 60)
    x = np.concatenate([leg, np.full(60, 10.0), np.linspace(10, 20, 20), 20 + 5 * np.sin(turn)])
    y = np.concatenate([np.zeros(60), leg, np.linspace(10, 0, 20), 5 * (1 - np.cos(turn))])
    pen = np.array([True] * 120 + [False] * 20 + [True] * 60)
    return Movement(np.arange(200) / 200, x, y, pen, pen * 0.5)


def test_the_eye_finds_components_and_corners():
    first, second = see(corner(), detail=2.0)
    np.testing.assert_allclose(first.ends, [(0, 0), (10, 0), (10, 10)], atol=0.5)
    np.testing.assert_allclose(first.bend, 0, atol=0.2)
    np.testing.assert_allclose(first.time, 0.3, atol=0.03)
    assert len(second.bend) == 1
    # A quarter turn to the left.
    assert second.bend[0] == pytest.approx(np.pi / 2, abs=0.1)


def test_who_dares_less_sees_more_and_smaller_steps():
    assert len(see(corner(), detail=0.2)[1].bend) > 2


def test_a_reversed_component_is_the_same_line():
    steps = see(corner(), detail=2.0)[1]
    back = steps.reversed()
    np.testing.assert_array_equal(back.ends[0], steps.ends[-1])
    assert back.bend[0] == -steps.bend[0]


def test_rehearsing_brings_the_line_nearer():
    """Without other errors, a rehearsed copy passes nearer to the specimen's ink."""

    def distance(rehearsals, seed):
        rng = np.random.default_rng(seed)
        signer = invent_signer(rng)
        specimen = sign(signer, signer.plan, 200.0, rng)
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
    assert np.median(ratios) > 0.9 * effort.slowness
    assert np.median(ratios) > 1.1


def test_disorder_turns_components_about():
    rng = np.random.default_rng(0)
    keen = replace(CAREFUL, place=0.0, likeness=0.0, disorder=0.0)
    muddled = replace(keen, disorder=1.0)
    in_order = study_specimen(corner(), keen, np.random.default_rng(0)).plan
    out_of_order = study_specimen(corner(), muddled, rng).plan
    assert in_order.targets[0, 0] < 5
    assert out_of_order.targets[0, 0] > 15

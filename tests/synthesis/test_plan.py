from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.synthesis.plan import Hand, Plan, perform

STEADY = Hand(tremor=0.0, tremor_rate=9.0, unsteady=0.0)


@pytest.fixture
def plan():
    """Two lines and the way through the air between them."""
    n = 3
    return Plan(
        targets=np.array([(0, 0), (10, 0), (10, 10), (20, 10)], dtype=np.float64),
        bend=np.zeros(n),
        pen=np.array([True, False, True]),
        interval=np.array([0.0, 0.4, 0.4]),
        mu=np.full(n, -2.0),
        sigma=np.full(n, 0.2),
        force=np.array([0.5, 0.5, 0.7]),
    )


def test_the_pen_goes_from_target_to_target(plan):
    movement = perform(plan, STEADY, 200.0, np.random.default_rng(0))
    assert movement.x[0] == pytest.approx(0, abs=0.3)
    assert movement.x[-1] == pytest.approx(20, abs=0.3)
    assert movement.y.max() == pytest.approx(10, abs=0.01)
    assert np.abs(movement.y[: len(movement.y) // 4]).max() < 0.01


def test_samples_are_evenly_spaced_from_0(plan):
    movement = perform(plan, STEADY, 200.0, np.random.default_rng(0))
    np.testing.assert_array_equal(movement.t, np.arange(len(movement.t)) / 200)


def test_the_pen_is_up_on_the_way_through_the_air(plan):
    movement = perform(plan, STEADY, 200.0, np.random.default_rng(0))
    lifts = np.flatnonzero(np.diff(movement.pen.astype(int)))
    assert movement.pen[0]
    assert movement.pen[-1]
    assert len(lifts) == 2
    assert (movement.force[~movement.pen] == 0).all()


def test_the_force_is_the_plans_and_fades_at_either_end_of_contact(plan):
    movement = perform(plan, STEADY, 200.0, np.random.default_rng(0))
    first = movement.force[: np.flatnonzero(~movement.pen)[0]]
    assert first.max() == pytest.approx(0.5, abs=0.01)
    assert first[0] < 0.3
    assert first[-1] < 0.3


def test_tremor_shakes_by_its_amplitude(plan):
    still = perform(plan, STEADY, 200.0, np.random.default_rng(0))
    shaken = perform(plan, Hand(0.2, 9.0, 0.0), 200.0, np.random.default_rng(0))
    off = np.concatenate([shaken.x - still.x, shaken.y - still.y])
    assert 0.05 < off.std() < 0.4
    assert len(shaken.t) == len(still.t)


def test_a_later_step_that_starts_earlier_does_not_confuse_the_pen(plan):
    # The way through the air is slow, so that the last line begins while it goes on.
    hasty = replace(plan, mu=np.array([-2.0, -0.7, -2.0]), interval=np.array([0.0, 0.05, 0.05]))
    movement = perform(hasty, STEADY, 200.0, np.random.default_rng(0))
    assert movement.pen[0]
    assert movement.pen[-1]
    assert len(np.flatnonzero(np.diff(movement.pen.astype(int)))) == 2

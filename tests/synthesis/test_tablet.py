from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.tablet import LEVELS, NCR_5990, RATES, draw_tablet, record

# Right along the paper, back through the air, right again; a millimetre a sample.
PEN = np.array([True] * 10 + [False] * 4 + [True] * 10)
X = np.concatenate([np.arange(10), [10, 9, 8, 7], np.arange(6, 16)]).astype(float)
MOVEMENT = Movement(np.arange(24) / 200, X, np.sin(X), PEN, np.where(PEN, 0.5, 0.0))
EXACT = replace(NCR_5990, noise=0.0)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_coordinates_are_whole_units_of_the_resolution(rng):
    signature = record(MOVEMENT, EXACT, rng)
    assert (signature.x == signature.x.round()).all()
    assert np.ptp(signature.x) == pytest.approx(15 * 300 / 25.4, abs=1)


def test_the_writing_lies_in_the_middle_of_the_pad(rng):
    signature = record(MOVEMENT, EXACT, rng)
    assert (signature.x.min() + signature.x.max()) / 2 == pytest.approx(5.5 * 300 / 2, abs=1)


def test_what_leaves_the_pad_stays_at_its_edge(rng):
    signature = record(MOVEMENT, replace(EXACT, pad=(0.2, 1.0)), rng)
    assert signature.x.min() == 0
    assert signature.x.max() == 60


def test_force_comes_in_levels(rng):
    signature = record(MOVEMENT, replace(EXACT, levels=3), rng)
    assert set(signature.pressure) == {0.0, 2 / 3}


def test_noise_shakes_the_coordinates(rng):
    noisy = record(MOVEMENT, replace(NCR_5990, noise=3.0), rng)
    assert 1.5 < (noisy.x - record(MOVEMENT, EXACT, rng).x).std() < 5


def test_the_air_is_seen(rng):
    signature = record(MOVEMENT, EXACT, rng)
    assert len(signature) == 24
    assert (signature.pen == PEN).all()


def test_without_air_a_lift_is_a_gap(rng):
    signature = record(MOVEMENT, replace(EXACT, air=False), rng)
    # The sample that the pen left the paper at ends the stroke.
    assert len(signature) == 21
    assert signature.strokes == 2
    assert np.diff(signature.t).max() == pytest.approx(4 / 200)
    assert not signature.pen[10]
    assert signature.pen[11]


def test_a_tablet_may_not_report_the_force(rng):
    assert record(MOVEMENT, replace(EXACT, levels=None), rng).pressure is None


def test_the_writing_is_turned_on_the_pad(rng):
    upright = record(MOVEMENT, replace(EXACT, turn=np.pi / 2), rng)
    level = record(MOVEMENT, EXACT, rng)
    np.testing.assert_allclose(np.diff(upright.y), np.diff(level.x), atol=1.01)
    np.testing.assert_allclose(np.diff(upright.x), -np.diff(level.y), atol=1.01)


def test_tablets_differ_as_real_ones_do(rng):
    tablets = [draw_tablet(rng) for _ in range(400)]
    rates = [tablet.rate for tablet in tablets]
    assert RATES[0] <= min(rates) < 70
    assert 180 < max(rates) <= RATES[1]
    assert {tablet.levels for tablet in tablets} == {None, *LEVELS}
    assert sum(tablet.levels is None for tablet in tablets) == pytest.approx(100, abs=35)
    assert sum(tablet.air for tablet in tablets) == pytest.approx(240, abs=40)
    assert np.std([tablet.turn for tablet in tablets]) == pytest.approx(0.12, rel=0.2)

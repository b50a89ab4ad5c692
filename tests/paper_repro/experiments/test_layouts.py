import numpy as np
import pytest

from paper_repro.experiments.layouts import RANGE, State, in_our_bytes, in_paper_bytes, measure

LOW, HIGH = np.full(38, -RANGE), np.full(38, RANGE)


def vectors(deviation, signers=30, updates=10):
    rng = np.random.default_rng(0)
    mean = rng.uniform(-1, 1, (signers, 1, 38))
    return mean + deviation * rng.normal(size=(signers, 6 + updates, 38))


def test_one_byte_rounds_to_half_a_step():
    mean = np.linspace(-1.6, 1.6, 38)
    found = in_paper_bytes(State(mean, mean**2), LOW, HIGH)
    assert np.abs(found.mean - mean).max() <= RANGE / 255 * 1.0001
    assert np.abs(found.second - mean**2).max() <= RANGE**2 / 255 / 2 * 1.0001


def test_our_bytes_keep_the_variance():
    found = in_our_bytes(State(np.zeros(38), np.array([1e-6])), LOW, HIGH)
    assert found.second[0] == np.float32(1e-6)
    assert np.abs(found.mean).max() <= 2 * RANGE / (2**7 - 1) * 1.0001


def test_the_papers_layout_loses_the_variance_of_a_consistent_hand_and_ours_does_not():
    found = measure(vectors(0.01), LOW, HIGH)
    assert found["paper"].shape == found["ours"].shape == (30, 11)
    assert np.abs(found["paper"][:, 0] - 1).max() > 1
    assert found["ours"][:, 0] == pytest.approx(1, abs=1e-6)


def test_our_updates_keep_the_variance_of_a_hand_of_some_steps():
    assert measure(vectors(0.1), LOW, HIGH)["ours"][:, -1] == pytest.approx(1, abs=0.2)


def test_wide_enough_hands_survive_one_byte():
    found = measure(vectors(0.3), LOW, HIGH)
    assert found["paper"][:, 0] == pytest.approx(1, abs=0.05)

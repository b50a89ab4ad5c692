from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.corpus.build import build_corpus
from sigtdnn.evaluation.figures import estimates
from sigtdnn.evaluation.systems import run
from sigtdnn.matching.elastic.dtw import (
    DTW,
    fill_distances,
    functions_of_time,
    lifted,
    pair_distances,
)
from sigtdnn.signature import Signature
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS


def distance_by_recursion(one: np.ndarray, other: np.ndarray) -> float:
    """The definition, read aloud."""

    @cache
    def path(i: int, j: int) -> float:
        if i < 0 or j < 0:
            return float("inf")
        cost = float(np.abs(one[i] - other[j]).sum())
        if i == j == 0:
            return cost
        return cost + min(path(i - 1, j), path(i, j - 1), path(i - 1, j - 1))

    return path(len(one) - 1, len(other) - 1) / (len(one) + len(other))


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(pair_distances([one, other], np.array([[0, 1]]))[0])


def test_hand_made_distance() -> None:
    # The path may repeat the 1: only the last point costs, 5 - 4, over 3 + 2 points.
    assert distance(np.array([[0.0], [1.0], [5.0]]), np.array([[0.0], [4.0]])) == 2 / 5
    assert distance(np.array([[0.0], [1.0], [1.0], [4.0]]), np.array([[0.0], [1.0], [4.0]])) == 0


def test_cost_is_the_sum_of_absolute_differences() -> None:
    assert distance(np.array([[0.0, 0.0]]), np.array([[3.0, -4.0]])) == 7 / 2


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10_000))
def test_distance_agrees_with_its_definition(n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=(n, 3)), rng.normal(size=(m, 3))
    assert distance(one, other) == pytest.approx(distance_by_recursion(one, other))
    assert distance(other, one) == pytest.approx(distance(one, other))


def test_loop_gives_the_same_uncompiled() -> None:
    rng = np.random.default_rng(0)
    stretches = [rng.normal(size=(n, 2)) for n in (5, 7, 3)]
    pairs = np.array([[0, 1], [2, 0], [1, 1]])
    lengths = np.array([5, 7, 3])
    plain = np.empty(3)
    fill_distances(np.concatenate(stretches), np.cumsum(lengths) - lengths, lengths, pairs, plain)
    np.testing.assert_allclose(pair_distances(stretches, pairs), plain)
    assert plain[2] == 0


def test_progress_ends_with_all_pairs() -> None:
    seen: list[tuple[int, int]] = []
    pairs = np.zeros((1200, 2), np.intp)
    pair_distances([np.zeros((1, 1))], pairs, lambda done, total: seen.append((done, total)))
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]


def test_functions_have_mean_0_and_deviation_1_on_a_10_ms_grid() -> None:
    t = np.linspace(0, 1, 34)
    signature = Signature.from_samples(
        t, np.cos(6 * t), np.sin(9 * t), np.ones(34), 0.5 + 0.1 * np.sin(20 * t)
    )
    functions = functions_of_time(signature)
    assert functions.shape == (101, 6)
    np.testing.assert_allclose(functions.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(functions.std(axis=0), 1)
    # x = cos 6t: the second difference runs against x, the first a quarter behind it.
    inner = slice(10, -10)
    x = np.cos(6 * np.linspace(0, 1, 101))
    assert np.corrcoef(functions[inner, 2], x[inner])[0, 1] < -0.95


def test_place_and_size_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 20)).cumsum(axis=1)
    t, pen, pressure = np.arange(20) * 0.013, np.ones(20), rng.uniform(size=20)
    one = functions_of_time(Signature.from_samples(t, x, y, pen, pressure))
    other = functions_of_time(Signature.from_samples(t, 7 + 3 * x, 9 + 5 * y, pen, pressure / 2))
    np.testing.assert_allclose(one, other)


def test_lift_seen_as_a_gap_is_a_straight_line_without_pressure() -> None:
    signature = Signature.from_samples(
        [0.0, 0.01, 0.05, 0.06], [0, 1, 5, 5], [0, 0, 8, 9], [1, 0, 1, 1], [0.5, 0.5, 0.5, 0.5]
    )
    grid = np.arange(7) * 0.01
    assert lifted(signature, grid).tolist() == [False, False, True, True, True, False, False]
    pressure = functions_of_time(signature)[:, 4]
    assert len(np.unique(pressure.round(9))) == 2
    assert (pressure[2:5] < 0).all()


def test_without_pressure_its_functions_are_0() -> None:
    signature = Signature.from_samples([0, 0.01, 0.02], [0, 1, 5], [0, 2, 3], [1, 1, 1])
    functions = functions_of_time(signature)
    assert not functions[:, 4:].any()
    assert functions[:, :2].any()


@pytest.mark.parametrize(
    ("protocol", "total", "each"), [("svc2004", 8.4, 3.2), ("mixed", 4.0, 2.4)]
)
def test_error_rates_on_svc2004_task_2_are_the_known_ones(
    datasets: Path, protocol: str, total: float, each: float
) -> None:
    corpus = build_corpus([datasets / "svc2004" / "Task2"]).corpus
    found = estimates(run(DTW(corpus), make_trials(corpus, PROTOCOLS[protocol])), "skilled")
    assert 100 * (found["eer_global"].mean or 0) == pytest.approx(total, abs=0.7)
    assert 100 * (found["eer_per_signer"].mean or 0) == pytest.approx(each, abs=0.7)

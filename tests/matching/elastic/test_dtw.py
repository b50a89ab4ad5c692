from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.corpus.build import build_corpus
from sigtdnn.evaluation.figures import estimates
from sigtdnn.evaluation.systems import dtw_system, run
from sigtdnn.matching.elastic.dtw import distances, fill_distances, pair_distances
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


def test_distances_of_all_to_all_are_those_of_the_pairs() -> None:
    rng = np.random.default_rng(1)
    one, other = ([rng.normal(size=(n, 2)) for n in sizes] for sizes in ((4, 6), (3, 5, 7)))
    found = distances(one, other)
    assert found.tolist() == [[distance(a, b) for b in other] for a in one]


def test_threads_give_the_same() -> None:
    rng = np.random.default_rng(2)
    frames = [rng.normal(size=(n, 2)) for n in rng.integers(2, 9, 40)]
    pairs = np.argwhere(np.ones((40, 40), bool))
    found = pair_distances(frames, pairs, jobs=2)
    assert found.tolist() == pair_distances(frames, pairs).tolist()


def test_progress_ends_with_all_pairs() -> None:
    seen: list[tuple[int, int]] = []
    pairs = np.zeros((1200, 2), np.intp)
    pair_distances([np.zeros((1, 1))], pairs, lambda done, total: seen.append((done, total)))
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]


@pytest.mark.parametrize(
    ("protocol", "total", "each"), [("svc2004", 8.4, 3.2), ("mixed", 4.0, 2.4)]
)
def test_error_rates_on_svc2004_task_2_are_the_known_ones(
    datasets: Path, protocol: str, total: float, each: float
) -> None:
    corpus = build_corpus([datasets / "svc2004" / "Task2"]).corpus
    found = estimates(run(dtw_system(corpus), make_trials(corpus, PROTOCOLS[protocol])), "skilled")
    assert 100 * (found["eer_global"].mean or 0) == pytest.approx(total, abs=0.7)
    assert 100 * (found["eer_per_signer"].mean or 0) == pytest.approx(each, abs=0.7)

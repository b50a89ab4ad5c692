from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.corpus.build import build_corpus
from sigtdnn.evaluation.figures import estimates
from sigtdnn.evaluation.systems import dtw_system, run
from sigtdnn.matching.elastic.dtw import (
    BLOCK,
    NO_PATHS,
    Bundle,
    distances,
    fill,
    known_functions,
    pair_distances,
    warping_path,
)
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS

COSTS: dict[str, Callable[[float], float]] = {
    "absolute": lambda d: d,
    "saturating": lambda d: d / (1 + d),
}
both_costs = pytest.mark.parametrize("cost", ["absolute", "saturating"])


def point_cost(one: np.ndarray, other: np.ndarray, cost: str, own: int) -> float:
    """The definition, read aloud: unknown functions of the first `own` are stood for."""
    parts = [COSTS[cost](abs(a - b)) for a, b in zip(one, other, strict=True)]
    known = [part for part in parts[:own] if not np.isnan(part)]
    return sum(known) * own / len(known) + sum(parts[own:])


def distance_by_recursion(
    one: np.ndarray, other: np.ndarray, cost: str = "absolute", own: int | None = None
) -> float:
    """The least cost of all paths, found by trying them."""
    count = one.shape[1] if own is None else own

    @cache
    def path(i: int, j: int) -> float:
        if i < 0 or j < 0:
            return float("inf")
        here = point_cost(one[i].astype(float), other[j].astype(float), cost, count)
        if i == j == 0:
            return here
        return here + min(path(i - 1, j), path(i, j - 1), path(i - 1, j - 1))

    return path(len(one) - 1, len(other) - 1) / (len(one) + len(other))


def distance(one: np.ndarray, other: np.ndarray, cost: str = "absolute") -> float:
    own = one.shape[1]
    return float(pair_distances([one, other], np.array([[0, 1]]), cost, own)[0])


def random_frames(seed: int, *lengths: int, size: int = 3) -> list[np.ndarray]:
    """Frames of so many functions, of which one may be unknown in each."""
    rng = np.random.default_rng(seed)
    frames = [rng.normal(size=(n, size)).astype(np.float32) for n in lengths]
    for one in frames:
        if rng.random() < 0.4:
            one[:, rng.integers(2)] = np.nan
    return frames


def test_hand_made_distance() -> None:
    # The path may repeat the 1: only the last point costs, 5 - 4, over 3 + 2 points.
    assert distance(np.array([[0.0], [1.0], [5.0]]), np.array([[0.0], [4.0]])) == 2 / 5
    assert distance(np.array([[0.0], [1.0], [1.0], [4.0]]), np.array([[0.0], [1.0], [4.0]])) == 0


def test_cost_is_the_sum_over_the_functions() -> None:
    one, other = np.array([[0.0, 0.0]]), np.array([[3.0, -4.0]])
    assert distance(one, other) == 7 / 2
    assert distance(one, other, "saturating") == pytest.approx((3 / 4 + 4 / 5) / 2)


def test_what_is_known_stands_for_what_is_not() -> None:
    one, other = np.array([[0.0, np.nan, 0.0]]), np.array([[3.0, 9.0, -4.0]])
    assert distance(one, other) == pytest.approx((3 + 4) * 3 / 2 / 2)
    assert distance(other, one) == pytest.approx((3 + 4) * 3 / 2 / 2)
    # Those that are learnt are always known, and stand for nothing.
    learnt = pair_distances([one, other], np.array([[0, 1]]), "absolute", 2)[0]
    assert learnt == pytest.approx((3 * 2 + 4) / 2)


@both_costs
@given(n=st.integers(1, 9), m=st.integers(1, 9), own=st.integers(2, 3), seed=st.integers(0, 10_000))
def test_sweep_and_loop_agree_with_the_definition(
    cost: str, n: int, m: int, own: int, seed: int
) -> None:
    # Two functions at least are `own`, of which one may be unknown in each signature.
    one, other = random_frames(seed, n, m, size=4)
    one[:, 2:], other[:, 2:] = np.nan_to_num(one[:, 2:]), np.nan_to_num(other[:, 2:])
    if own == 2 and np.isnan(one[0] + other[0])[:2].all():
        return
    wanted = distance_by_recursion(one, other, cost, own)
    pairs = np.array([[0, 1], [1, 0]])
    np.testing.assert_allclose(pair_distances([one, other], pairs, cost, own), wanted, rtol=1e-5)
    np.testing.assert_allclose(distances([one], [other], cost, own), wanted, rtol=1e-5)


@both_costs
def test_sweep_agrees_with_the_loop_on_long_signatures(cost: str) -> None:
    frames = random_frames(3, 2 * BLOCK + 5, BLOCK, 1, 130, 7, size=14)
    everyone = np.argwhere(np.ones((5, 5), bool))
    found = distances(frames, frames, cost, 14)
    wanted = pair_distances(frames, everyone, cost, 14).reshape(5, 5)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.diag(found), 0, atol=1e-6)


@both_costs
def test_loop_gives_the_same_uncompiled(cost: str) -> None:
    frames = random_frames(0, 5, 7, 3)
    pairs = np.array([[0, 1], [2, 0], [1, 1]])
    lengths, plain = np.array([5, 7, 3]), np.empty(3)
    fill(
        np.concatenate(frames),
        known_functions(frames),
        3,
        np.cumsum(lengths) - lengths,
        lengths,
        pairs,
        cost == "saturating",
        plain,
        NO_PATHS,
    )
    np.testing.assert_allclose(pair_distances(frames, pairs, cost, 3), plain, rtol=1e-5, atol=1e-6)
    assert plain[2] == pytest.approx(0, abs=1e-6)


def test_a_bundle_gives_the_same_whatever_stands_beside() -> None:
    questioned, *others = random_frames(5, 20, 30, 12, 44, size=6)
    together = Bundle(others, 6).distances(questioned, "saturating")
    alone = [Bundle([one], 6).distances(questioned, "saturating")[0] for one in others]
    np.testing.assert_allclose(together, alone, rtol=1e-6)


@both_costs
@given(n=st.integers(1, 7), m=st.integers(1, 7), seed=st.integers(0, 10_000))
def test_warping_path_costs_the_distance(cost: str, n: int, m: int, seed: int) -> None:
    one, other = (np.nan_to_num(frames) for frames in random_frames(seed, n, m))
    i, j = warping_path(one, other, cost)
    assert (i[0], j[0], i[-1], j[-1]) == (0, 0, n - 1, m - 1)
    steps = set(zip(np.diff(i).tolist(), np.diff(j).tolist(), strict=True))
    assert steps <= {(0, 1), (1, 0), (1, 1)}
    total = sum(point_cost(one[a], other[b], cost, 3) for a, b in zip(i, j, strict=True))
    assert total / (n + m) == pytest.approx(distance_by_recursion(one, other, cost), rel=1e-5)


def test_threads_give_the_same() -> None:
    rng = np.random.default_rng(2)
    frames = random_frames(2, *rng.integers(2, 9, 40))
    pairs = np.argwhere(np.ones((40, 40), bool))
    found = pair_distances(frames, pairs, "saturating", 3, jobs=2)
    assert found.tolist() == pair_distances(frames, pairs, "saturating", 3).tolist()


def test_progress_ends_with_all_pairs() -> None:
    seen: list[tuple[int, int]] = []
    pairs = np.zeros((1200, 2), np.intp)
    pair_distances(
        [np.zeros((1, 1))],
        pairs,
        "absolute",
        1,
        progress=lambda done, total: seen.append((done, total)),
    )
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

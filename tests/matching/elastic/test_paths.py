"""Gradients along warping paths, against finite differences and torch's own."""

import numpy as np
import pytest
import torch

from sigtdnn.arrays import Float32
from sigtdnn.matching.elastic.dtw import Cost, pair_distances, pair_paths, warping_path
from sigtdnn.matching.elastic.paths import PathDistances

LENGTHS = (7, 5, 6)
PAIRS = np.array([[0, 1], [2, 0], [1, 2], [1, 1]])
both_costs = pytest.mark.parametrize("cost", ["absolute", "saturating"])


def given() -> list[Float32]:
    rng = np.random.default_rng(3)
    return [rng.normal(size=(n, 4)).astype(np.float32) for n in LENGTHS]


def learnt() -> Float32:
    return np.random.default_rng(4).normal(size=(sum(LENGTHS), 2)).astype(np.float32)


@both_costs
def test_distances_are_those_of_the_whole_frames(cost: Cost) -> None:
    values = learnt()
    found = PathDistances.apply(torch.from_numpy(values), given(), PAIRS, cost)
    ends = np.cumsum(LENGTHS)[:-1]
    frames = [np.hstack(both) for both in zip(given(), np.split(values, ends), strict=True)]
    np.testing.assert_array_equal(found.numpy(), pair_distances(frames, PAIRS, cost, 4))


@both_costs
def test_the_gradient_is_that_of_the_costs_along_the_path(cost: Cost) -> None:
    values = torch.from_numpy(learnt()).requires_grad_()
    weights = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)
    (PathDistances.apply(values, given(), PAIRS, cost) * weights).sum().backward()
    # The same sum by torch, along the path of `warping_path`.
    again = torch.from_numpy(learnt()).requires_grad_()
    signatures = torch.split(again, LENGTHS)
    total = torch.zeros(())
    for (one, other), weight in zip(PAIRS.tolist(), weights.tolist(), strict=True):
        frames = [np.hstack([given()[k], signatures[k].detach().numpy()]) for k in (one, other)]
        i, j = warping_path(*frames, cost)
        apart = (signatures[one][i] - signatures[other][j]).abs()
        costs = apart / (1 + apart) if cost == "saturating" else apart
        total = total + weight * costs.sum() / (LENGTHS[one] + LENGTHS[other])
    total.backward()
    torch.testing.assert_close(values.grad, again.grad, rtol=1e-4, atol=1e-6)


def test_a_small_step_against_the_gradient_brings_signatures_nearer() -> None:
    values = torch.from_numpy(learnt()).requires_grad_()
    before = PathDistances.apply(values, given(), PAIRS[:1], "saturating")
    before.sum().backward()
    step = values.detach() - 1e-3 * values.grad / values.grad.norm()
    after = PathDistances.apply(step, given(), PAIRS[:1], "saturating")
    wanted = before.item() - 1e-3 * values.grad.norm().item()
    assert after.item() == pytest.approx(wanted, abs=1e-5)
    assert after.item() < before.item()


@both_costs
@pytest.mark.parametrize("jobs", [1, 2])
def test_compiled_paths_are_those_of_the_sweep(cost: Cost, jobs: int) -> None:
    frames = given()
    frames[1][:, 2] = np.nan
    distances, paths = pair_paths(frames, PAIRS, cost, 4, jobs)
    np.testing.assert_array_equal(distances, pair_distances(frames, PAIRS, cost, 4))
    for (one, other), path in zip(PAIRS.tolist(), paths, strict=True):
        i, j = warping_path(frames[one], frames[other], cost)
        steps = path[path[:, 0] >= 0][::-1]
        np.testing.assert_array_equal(steps, np.column_stack([i, j]))

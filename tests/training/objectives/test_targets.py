from itertools import pairwise

import numpy as np
import pytest
import torch

from sigtdnn.training.objectives.targets import Targets
from sigtdnn.training.sampling.sampler import GENUINE, RANDOM, SKILLED, Pairs


def pairs(*kinds):
    rows = np.arange(len(kinds))
    return Pairs(rows, rows, np.array(kinds))


def loss(cosines, kinds, **targets):
    return float(Targets(**targets).loss(torch.tensor(cosines), pairs(*kinds)))


def test_each_kind_of_pair_has_its_target():
    targets = {"genuine": 0.9, "skilled": -0.8, "random": -0.7}
    assert loss([0.9, -0.8, -0.7], [GENUINE, SKILLED, RANDOM], **targets) == 0
    assert loss([-0.8, -0.7, 0.9], [GENUINE, SKILLED, RANDOM], **targets) > 0.1


def test_loss_pair_by_pair():
    rng = np.random.default_rng(0)
    cosines, kinds = rng.uniform(-1, 1, 50), rng.integers(0, 3, 50)
    total = 0.0
    for cosine, kind in zip(cosines, kinds, strict=True):
        target = {GENUINE: 1.0, SKILLED: -0.9, RANDOM: -1.0}[int(kind)]
        total += (cosine - target) ** 2 / 2
    assert loss(cosines, kinds, skilled=-0.9) == pytest.approx(total / 50)


def test_loss_of_the_targets_is_nothing_and_grows_with_the_distance():
    losses = [loss([factor, -factor], [GENUINE, RANDOM]) for factor in (1.0, 0.5, 0.0, -1.0)]
    assert losses[0] == 0
    assert all(before < after for before, after in pairwise(losses))


def test_its_residuals_are_those_that_levenberg_marquardt_takes_the_curvature_from():
    cosines = torch.tensor([0.2, -0.4, 0.9], dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(
        lambda values: Targets().loss(values, pairs(GENUINE, SKILLED, RANDOM)), cosines
    )
    assert Targets.residuals
    torch.testing.assert_close(hessian, torch.eye(3, dtype=torch.float64) / 3)


def test_boundary_is_the_papers_zero_and_moves_with_the_targets():
    assert Targets().boundary == 0
    assert Targets(skilled=-0.8).boundary == pytest.approx(0.1)


def test_the_papers_targets_are_the_defaults():
    assert Targets() == Targets(1.0, -1.0, -1.0)


@pytest.mark.parametrize(("field", "value"), [("genuine", 1.1), ("skilled", -1.1), ("random", 2.0)])
def test_targets_that_no_cosine_reaches_are_refused(field, value):
    with pytest.raises(ValueError, match="targets are cosines"):
        Targets(**{field: value})

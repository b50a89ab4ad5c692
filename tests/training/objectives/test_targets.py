from itertools import pairwise

import numpy as np
import pytest
import torch

from sigtdnn.training.objective import boundary, loss, rates, targets
from sigtdnn.training.sampling import GENUINE, RANDOM, SKILLED
from sigtdnn.training.settings import TrainingSettings


def test_each_kind_of_pair_has_its_target():
    wanted = targets(TrainingSettings(target_genuine=0.9, target_skilled=-0.8, target_random=-0.7))
    assert wanted[[GENUINE, SKILLED, RANDOM]].tolist() == pytest.approx([0.9, -0.8, -0.7])


def test_loss_pair_by_pair():
    rng = np.random.default_rng(0)
    cosines, kinds = rng.uniform(-1, 1, 50), rng.integers(0, 3, 50)
    settings = TrainingSettings(target_skilled=-0.9)
    total = 0.0
    for cosine, kind in zip(cosines, kinds, strict=True):
        target = {GENUINE: 1.0, SKILLED: -0.9, RANDOM: -1.0}[int(kind)]
        total += (cosine - target) ** 2 / 2
    found = loss(torch.from_numpy(cosines), targets(settings)[torch.from_numpy(kinds)])
    assert float(found) == pytest.approx(total / 50)


def test_loss_of_the_targets_is_nothing_and_grows_with_the_distance():
    wanted = torch.tensor([1.0, -1.0])
    losses = [float(loss(wanted * factor, wanted)) for factor in (1.0, 0.5, 0.0, -1.0)]
    assert losses[0] == 0
    assert all(before < after for before, after in pairwise(losses))


def test_boundary_is_the_papers_zero_and_moves_with_the_targets():
    assert boundary(TrainingSettings()) == 0
    assert boundary(TrainingSettings(target_skilled=-0.8)) == pytest.approx(0.1)


def test_a_cosine_on_the_boundary_is_neither_accepted_nor_rejected():
    cosines = torch.tensor([0.2, 0.3, 0.1, 0.2, 0.1, 0.3, 0.0])
    kind = torch.tensor([GENUINE] * 3 + [SKILLED] * 4)
    ga, fr = rates(cosines, kind, float(torch.tensor(0.2)))
    assert ga == pytest.approx(1 / 3)
    assert fr == pytest.approx(2 / 4)


def test_random_pairs_count_in_no_rate():
    cosines = torch.tensor([0.5, -0.5, 0.9, -0.9])
    kind = torch.tensor([GENUINE, SKILLED, RANDOM, RANDOM])
    assert rates(cosines, kind, 0.0) == (1, 1)

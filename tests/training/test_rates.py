import numpy as np
import pytest
import torch

from sigtdnn.training.rates import rates
from sigtdnn.training.sampling.sampler import GENUINE, RANDOM, SKILLED, Pairs


def pairs(*kinds):
    rows = np.arange(len(kinds))
    return Pairs(rows, rows, np.array(kinds))


def test_a_cosine_on_the_boundary_is_neither_accepted_nor_rejected():
    cosines = torch.tensor([0.2, 0.3, 0.1, 0.2, 0.1, 0.3, 0.0])
    ga, fr = rates(cosines, pairs(*[GENUINE] * 3, *[SKILLED] * 4), float(torch.tensor(0.2)))
    assert ga == pytest.approx(1 / 3)
    assert fr == pytest.approx(2 / 4)


def test_random_pairs_count_in_no_rate():
    cosines = torch.tensor([0.5, -0.5, 0.9, -0.9])
    assert rates(cosines, pairs(GENUINE, SKILLED, RANDOM, RANDOM), 0.0) == (1, 1)

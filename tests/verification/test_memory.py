import numpy as np
import pytest

from sigtdnn.errors import TemplateError
from sigtdnn.verification.memory import MOST, is_among, memorized, remembered

USUAL = np.linspace(0.05, 0.2, 16)


def test_what_is_memorized_is_remembered_in_order():
    traits = np.random.default_rng(0).normal(size=(3, 16))
    data = None
    for row in traits:
        data = memorized(row, data)
    assert len(data) == 3 * 64
    np.testing.assert_allclose(remembered(data), traits, rtol=1e-6)
    assert remembered(None).shape == (0, 16)


def test_the_oldest_is_forgotten():
    data = None
    for number in range(MOST + 2):
        data = memorized(np.full(16, float(number)), data)
    assert remembered(data)[:, 0].tolist() == list(range(2, MOST + 2))


def test_what_differs_by_less_than_the_limit_is_the_same():
    traits = np.random.default_rng(1).normal(size=(4, 16))
    assert is_among(traits[2] + 0.049 * USUAL, traits, USUAL)
    assert not is_among(traits[2] + 0.051 * USUAL, traits, USUAL)
    assert not is_among(traits[2], np.empty((0, 16)), USUAL)


def test_cut_bytes_are_refused():
    with pytest.raises(TemplateError, match="what was learnt from is damaged; enrol again"):
        remembered(bytes(63))

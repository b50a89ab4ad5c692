import numpy as np
import pytest

from sigtdnn.signature import Signature


@pytest.fixture
def signature():
    """Loops with a lift in the middle, 1.5 s."""
    s = np.arange(150) / 100
    pen = (s < 0.6) | (s >= 0.8)
    return Signature.from_samples(s, 40 * np.cos(9 * s) + 90 * s, 30 * np.sin(13 * s), pen)


@pytest.fixture
def other():
    """The same path in two thirds of the time."""
    s = np.arange(150) / 100
    pen = (s < 0.6) | (s >= 0.8)
    return Signature.from_samples(s / 1.5, 40 * np.cos(9 * s) + 90 * s, 30 * np.sin(13 * s), pen)

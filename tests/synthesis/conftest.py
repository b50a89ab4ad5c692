import numpy as np
import pytest

from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.study import generate_study


@pytest.fixture(scope="session")
def study():
    return generate_study(0)


@pytest.fixture
def corner():
    """Right, then up; slow at the corner; then a quarter circle after a lift."""
    leg = 10 * (1 - np.cos(np.linspace(0, np.pi, 60))) / 2
    turn = np.linspace(0, np.pi / 2, 60)
    x = np.concatenate([leg, np.full(60, 10.0), np.linspace(10, 20, 20), 20 + 5 * np.sin(turn)])
    y = np.concatenate([np.zeros(60), leg, np.linspace(10, 0, 20), 5 * (1 - np.cos(turn))])
    pen = np.array([True] * 120 + [False] * 20 + [True] * 60)
    return Movement(np.arange(200) / 200, x, y, pen, pen * 0.5)

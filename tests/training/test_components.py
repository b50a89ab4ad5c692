import numpy as np
import pandas as pd
import pytest

from sigtdnn.training.components import choose_components

RECORDINGS = pd.DataFrame(
    {
        "signer": ["a", "a", "a", "b", "b", "b"],
        "kind": ["genuine", "genuine", "skilled", "genuine", "genuine", "skilled"],
    }
)
# Column by column: forgeries 1, 3, 0 and 2 times as far from the mean as the genuines.
VECTORS = np.array(
    [
        [1, 1, 1, 10],
        [-1, -1, -1, -10],
        [1, 3, 0, 20],
        [6, 51, 1, 11],
        [4, 49, -1, -9],
        [6, 47, 0, -19],
    ],
    np.float32,
)


@pytest.mark.parametrize(
    ("count", "wanted"), [(1, (1,)), (2, (1, 3)), (3, (0, 1, 3)), (4, (0, 1, 2, 3))]
)
def test_components_that_separate_best_are_chosen_in_ascending_order(count, wanted):
    assert choose_components(VECTORS, RECORDINGS, count) == wanted


def test_neither_place_nor_size_of_a_component_counts():
    moved = VECTORS * np.array([100, 1, 1, 0.01], np.float32) + np.float32(3)
    assert choose_components(moved, RECORDINGS, 2) == (1, 3)


def test_a_component_that_never_varies_is_not_chosen():
    constant = VECTORS.copy()
    constant[:, 1] = 7
    assert choose_components(constant, RECORDINGS, 1) == (3,)

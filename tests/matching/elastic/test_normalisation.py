import numpy as np
import pytest

from sigtdnn.matching.elastic.normalisation import normalised_distance


def test_hand_made_case() -> None:
    among = np.array([[0.0, 1.0, 3.0], [1.0, 0.0, 5.0], [3.0, 5.0, 0.0]])
    # Least distances to the others: 1, 1, 3; means: 2, 3, 4.
    found = normalised_distance(np.array([[2.0, 4.0, 6.0]]), among)
    assert found == pytest.approx([2 / np.sqrt(5 / 3) + 4 / np.sqrt(3)])


def test_a_signer_who_varies_is_given_room() -> None:
    among = np.array([[0.0, 1.0], [1.0, 0.0]])
    questioned = np.array([[2.0, 3.0]])
    assert normalised_distance(questioned, 4 * among) == normalised_distance(questioned, among) / 2


def test_a_single_reference_leaves_distances_as_they_are() -> None:
    assert normalised_distance(np.array([[3.0], [1.0]]), np.zeros((1, 1))).tolist() == [6, 2]


def test_identical_references_give_large_but_finite_distances() -> None:
    found = normalised_distance(np.array([[1.0, 1.0]]), np.zeros((2, 2)))
    assert np.isfinite(found).all()
    assert found[0] > 1e5

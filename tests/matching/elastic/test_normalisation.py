import numpy as np
import pytest

from sigtdnn.matching.elastic.normalisation import LONGER, Spread, longer, normalised

AMONG = np.array([[0.0, 2.0, 4.0], [2.0, 0.0, 6.0], [4.0, 6.0, 0.0]])


def test_distances_are_in_units_of_those_among_the_references() -> None:
    questioned = np.array([[3.0, 1.0, 5.0], [2.0, 2.0, 2.0]])
    r_min, r_mean = (2 + 2 + 4) / 3, (2 + 4 + 2 + 6 + 4 + 6) / 6
    wanted = [np.log(1) + np.log(3), np.log(2) + np.log(2)] - np.log(r_min * r_mean) / 2
    np.testing.assert_allclose(normalised(questioned, Spread.of(AMONG)), wanted, atol=1e-6)


def test_a_signer_who_varies_is_given_more_room() -> None:
    questioned = np.array([[3.0, 3.0, 3.0]])
    assert normalised(questioned, Spread.of(2 * AMONG)) < normalised(questioned, Spread.of(AMONG))


def test_a_single_reference_has_no_spread() -> None:
    assert Spread.of(np.zeros((1, 1))) == (1, 1)
    found = normalised(np.array([[3.0], [0.5]]), Spread(1, 1))
    np.testing.assert_allclose(found, 2 * np.log([3.0, 0.5]))


def test_identical_references_and_questioned_ones_give_finite_numbers() -> None:
    spread = Spread.of(np.zeros((3, 3)))
    assert np.isfinite(normalised(np.zeros((2, 3)), spread)).all()


@pytest.mark.parametrize(
    ("frames", "wanted"),
    [(100, 0), (200, np.log(2)), (1000, LONGER[1]), (90, np.log(0.9)), (10, LONGER[0])],
)
def test_a_slow_signature_is_longer_and_a_quick_one_gains_little(frames, wanted) -> None:
    found = longer(np.array([float(frames)]), np.array([50.0, 200.0]))
    np.testing.assert_allclose(found, wanted, atol=1e-12)

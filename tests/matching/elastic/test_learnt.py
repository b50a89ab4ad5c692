import numpy as np
import pytest

from sigtdnn.arrays import Float32
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import (
    HIDDEN_SPACING,
    SIZE,
    TAPS,
    in_context,
    neighbours,
    with_learnt,
)

HIDDEN, LEARNT = 4, 3


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def normal(rng: np.random.Generator, *shape: int) -> Float32:
    return rng.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("spacing", [1, 2, 3])
def test_a_frame_stands_with_two_neighbours_on_either_side(spacing: int) -> None:
    functions = np.arange(14.0).reshape(7, 2)
    found = in_context(functions, spacing)
    assert found.shape == (7, 10)
    for place in range(7):
        around = [place + spacing * k for k in (-2, -1, 0, 1, 2)]
        wanted = [functions[min(max(k, 0), 6)] for k in around]
        assert found[place].tolist() == np.concatenate(wanted).tolist()


def test_a_single_frame_is_its_own_neighbour() -> None:
    assert neighbours(1).tolist() == [[0] * TAPS]


def test_linear_functions_stand_beside_the_others(rng: np.random.Generator) -> None:
    functions, projection = normal(rng, 7, 14), normal(rng, SIZE, LEARNT)
    found = with_learnt(functions, projection, None)
    np.testing.assert_array_equal(found[:, :14], functions)
    wanted = in_context(functions[:, ALWAYS_KNOWN]) @ projection
    np.testing.assert_array_equal(found[:, 14:], wanted)
    assert with_learnt(functions, None, None) is functions


def test_functions_of_a_network_are_those_of_two_plain_loops(rng: np.random.Generator) -> None:
    functions = normal(rng, 9, 14)
    weights, projection = normal(rng, SIZE + 1, HIDDEN), normal(rng, TAPS * HIDDEN, LEARNT)
    found = with_learnt(functions, projection, weights)
    assert found.dtype == np.float32

    def tap(values: Float32, place: int, spacing: int, number: int) -> Float32:
        return values[min(max(place + spacing * (number - 2), 0), len(values) - 1)]

    known = functions[:, ALWAYS_KNOWN]
    hidden = np.zeros((9, HIDDEN))
    for n in range(9):
        hidden[n] = weights[-1]
        for k in range(TAPS):
            hidden[n] += tap(known, n, 1, k) @ weights[10 * k : 10 * (k + 1)]
    hidden = np.tanh(hidden)
    for n in range(9):
        wanted = sum(
            tap(hidden, n, HIDDEN_SPACING, k) @ projection[HIDDEN * k : HIDDEN * (k + 1)]
            for k in range(TAPS)
        )
        np.testing.assert_allclose(found[n, 14:], wanted, rtol=1e-4, atol=1e-5)


def test_pressure_changes_nothing_that_is_learnt(rng: np.random.Generator) -> None:
    functions, projection = normal(rng, 6, 14), normal(rng, TAPS * HIDDEN, LEARNT)
    weights = normal(rng, SIZE + 1, HIDDEN)
    other = functions.copy()
    other[:, [k for k in range(14) if k not in ALWAYS_KNOWN]] = np.nan
    found = (with_learnt(one, projection, weights)[:, 14:] for one in (functions, other))
    np.testing.assert_array_equal(*found)

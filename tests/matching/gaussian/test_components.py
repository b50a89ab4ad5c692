import numpy as np
import pytest

from sigtdnn.matching.gaussian.components import choose_components, chosen, mean_variance, ranges
from tests.artificial import examples as examples_of

# Ten signers with six genuines and four forgeries each.
SIGNER = np.repeat(np.arange(10), 10).astype(str)
GENUINE = np.tile([True] * 6 + [False] * 4, 10)


def examples(vectors):
    return examples_of(vectors, SIGNER, GENUINE)


def independent(count, seed=0):
    return np.random.default_rng(seed).normal(size=(100, count)).astype(np.float32)


def distances(vectors):
    """Mean squared distance of each recording from its signer's mean, one by one."""
    found = []
    for row, signer in enumerate(SIGNER):
        own = vectors[(signer == SIGNER) & GENUINE]
        found.append(((vectors[row] - own.mean(axis=0)) ** 2).mean())
    return np.array(found)


# Choosing components


def test_copies_of_a_component_stay_out():
    a, b, c = independent(3).T
    vectors = np.column_stack([a, a, b, a, b, c, c])
    found = choose_components(examples(vectors), 3)
    assert len({int(np.argmax([np.array_equal(vectors[:, i], v) for v in (a, b, c)]))
                for i in found}) == 3  # fmt: skip


def test_a_component_that_never_varies_is_not_chosen():
    vectors = independent(6)
    vectors[:, 2] = 7
    assert 2 not in choose_components(examples(vectors), 5)


def test_the_place_of_a_component_does_not_count():
    vectors = independent(8)
    moved = vectors + np.arange(8, dtype=np.float32)
    assert choose_components(examples(moved), 4) == choose_components(examples(vectors), 4)


def test_the_order_of_signing_does_not_count():
    vectors, order = independent(8), np.random.default_rng(1).permutation(100)
    mixed = examples_of(vectors, SIGNER, GENUINE, order=order)
    assert choose_components(mixed, 4) == choose_components(examples(vectors), 4)


def test_a_component_that_decides_the_distance_comes_first():
    vectors = independent(8) * np.array([1, 1, 1, 1, 1, 20, 1, 1], np.float32)
    assert choose_components(examples(vectors), 1) == (5,)


def test_the_chosen_are_different_ascending_and_as_many_as_asked():
    vectors = independent(12)
    for count in (1, 5, 11, 12):
        found = choose_components(examples(vectors), count)
        assert list(found) == sorted(set(found))
        assert len(found) == count


def test_the_first_is_the_best_of_all_by_its_definition():
    vectors = independent(7, seed=3)
    wanted = distances(vectors)
    near = 1e-3 * wanted.mean()
    missed = [
        np.mean((np.log(distances(vectors[:, [i]]) + near) - np.log(wanted + near)) ** 2)
        for i in range(7)
    ]
    assert choose_components(examples(vectors), 1) == (int(np.argmin(missed)),)


def test_distances_follow_those_of_all_components_more_closely_than_a_random_choice():
    rng = np.random.default_rng(1)
    # Thirty components that are mixtures of eight, as neighbours in time are.
    vectors = (independent(8) @ rng.normal(size=(8, 30))).astype(np.float32)

    def likeness(kept):
        return np.corrcoef(np.log(distances(vectors[:, list(kept)])), np.log(distances(vectors)))[
            0, 1
        ]

    found = likeness(choose_components(examples(vectors), 10))
    others = [likeness(rng.choice(30, 10, replace=False)) for _ in range(20)]
    assert found > max(others)


def test_equal_vectors_give_any_choice_but_no_failure():
    assert len(choose_components(examples(np.ones((100, 5), np.float32)), 3)) == 3


def test_the_chosen_components_of_examples_are_in_the_order_asked():
    whole = examples(independent(5))
    some = chosen(whole, (3, 1))
    np.testing.assert_array_equal(some.representations, whole.representations[:, [3, 1]])
    assert some.signer is whole.signer


# Ranges and variance


def test_ranges_reach_beyond_the_training_vectors_by_half_their_extent():
    vectors = np.array([[0, -1, 5], [2, 3, 5]], np.float32)
    low, high = ranges(vectors)
    assert low == pytest.approx((-1, -3, 5 - 1e-3))
    assert high == pytest.approx((3, 5, 5 + 1e-3))


def test_mean_variance_by_hand():
    vectors = np.array([[0, 0], [2, 4], [1, 1], [3, 1], [99, 99], [5, 5]], np.float32)
    genuine = np.array([True, True, True, True, False, True])
    signer = np.array(["a", "a", "b", "b", "b", "c"])
    # a: (2 + 8) / 2; b: (2 + 0) / 2, without the forgery; c alone has no variance.
    found = mean_variance(examples_of(vectors, signer, genuine))
    assert found == pytest.approx((5 + 1) / 2)

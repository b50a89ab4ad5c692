import numpy as np
import pandas as pd
import pytest

from sigtdnn.training.components import choose_components


@pytest.fixture(scope="module")
def recordings():
    """Ten signers with six genuines and four forgeries each."""
    signers, kinds = np.repeat(np.arange(10), 10), ["genuine"] * 6 + ["skilled"] * 4
    return pd.DataFrame({"signer": signers.astype(str), "kind": kinds * 10})


def independent(count, seed=0):
    return np.random.default_rng(seed).normal(size=(100, count)).astype(np.float32)


def distances(vectors, recordings):
    """Mean squared distance of each recording from its signer's mean, one by one."""
    found = []
    for row, (signer, _) in enumerate(recordings.itertuples(index=False)):
        own = vectors[((recordings["signer"] == signer) & (recordings["kind"] == "genuine"))]
        found.append(((vectors[row] - own.mean(axis=0)) ** 2).mean())
    return np.array(found)


def test_copies_of_a_component_stay_out(recordings):
    a, b, c = independent(3).T
    vectors = np.column_stack([a, a, b, a, b, c, c])
    chosen = choose_components(vectors, recordings, 3)
    assert len({int(np.argmax([np.array_equal(vectors[:, i], v) for v in (a, b, c)]))
                for i in chosen}) == 3  # fmt: skip


def test_a_component_that_never_varies_is_not_chosen(recordings):
    vectors = independent(6)
    vectors[:, 2] = 7
    assert 2 not in choose_components(vectors, recordings, 5)


def test_the_place_of_a_component_does_not_count(recordings):
    vectors = independent(8)
    moved = vectors + np.arange(8, dtype=np.float32)
    chosen = choose_components(vectors, recordings, 4)
    assert choose_components(moved, recordings, 4) == chosen


def test_a_component_that_decides_the_distance_comes_first(recordings):
    vectors = independent(8) * np.array([1, 1, 1, 1, 1, 20, 1, 1], np.float32)
    assert choose_components(vectors, recordings, 1) == (5,)


def test_the_chosen_are_different_ascending_and_as_many_as_asked(recordings):
    vectors = independent(12)
    for count in (1, 5, 11, 12):
        chosen = choose_components(vectors, recordings, count)
        assert list(chosen) == sorted(set(chosen))
        assert len(chosen) == count


def test_the_first_is_the_best_of_all_by_its_definition(recordings):
    vectors = independent(7, seed=3)
    wanted = distances(vectors, recordings)
    near = 1e-3 * wanted.mean()
    missed = [
        np.mean(
            (np.log(distances(vectors[:, [i]], recordings) + near) - np.log(wanted + near)) ** 2
        )
        for i in range(7)
    ]
    assert choose_components(vectors, recordings, 1) == (int(np.argmin(missed)),)


def test_distances_follow_those_of_all_components_more_closely_than_a_random_choice(recordings):
    rng = np.random.default_rng(1)
    # Thirty components that are mixtures of eight, as neighbours in time are.
    vectors = (independent(8) @ rng.normal(size=(8, 30))).astype(np.float32)

    def likeness(chosen):
        kept = distances(vectors[:, list(chosen)], recordings)
        return np.corrcoef(np.log(kept), np.log(distances(vectors, recordings)))[0, 1]

    chosen = likeness(choose_components(vectors, recordings, 10))
    others = [likeness(rng.choice(30, 10, replace=False)) for _ in range(20)]
    assert chosen > max(others)


def test_equal_vectors_give_any_choice_but_no_failure(recordings):
    assert len(choose_components(np.ones((100, 5), np.float32), recordings, 3)) == 3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform

from sigtdnn.matching.grouping import groups, widest_gap


def apart(seed, count):
    return pdist(np.random.default_rng(seed).normal(size=(count, 2)))


@given(st.integers(0, 1000), st.integers(2, 12))
def test_the_widest_gap_is_the_last_link_of_single_linkage(seed, count):
    found = apart(seed, count)
    assert widest_gap(squareform(found)) == pytest.approx(linkage(found, "single")[-1, 2])


@given(st.integers(0, 1000), st.integers(2, 12), st.floats(0, 3))
def test_groups_are_those_of_single_linkage(seed, count, limit):
    found = apart(seed, count)
    wanted = fcluster(linkage(found, "single"), limit, "distance")
    first = [int(np.flatnonzero(wanted == group)[0]) for group in wanted]
    assert groups(squareform(found), limit).tolist() == first


def test_one_signature_is_one_group_without_a_gap():
    assert widest_gap(np.zeros((1, 1))) == 0
    assert groups(np.zeros((1, 1)), 1.0).tolist() == [0]


def test_a_distance_of_the_limit_is_a_link():
    line = np.abs(np.subtract.outer([0.0, 1.0, 3.0], [0.0, 1.0, 3.0]))
    assert groups(line, 1.0).tolist() == [0, 0, 2]
    assert groups(line, 2.0).tolist() == [0, 0, 0]
    assert groups(line, 0.5).tolist() == [0, 1, 2]

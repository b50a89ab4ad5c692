import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sigtdnn.errors import EnrolmentError
from sigtdnn.matching.gaussian.vectors import DIRECT, Prior, WholeVectors
from tests.artificial import CALIBRATION


def vectors(count, size=5, seed=0):
    return np.random.default_rng(seed).normal(0.3, 0.5, (count, size)).astype(np.float32)


def whole(**changes):
    settings = {
        "components": (4, 0, 2),
        "variance_floor": 0.01,
        "prior": Prior(-3.5, 0.4),
        "calibration": CALIBRATION,
    }
    return WholeVectors(**{**settings, **changes})


# p-no


def test_p_no_is_the_mean_density_of_the_forgeries():
    densities = np.array([0.5, 0.02, 0.2])
    prior = Prior.fit(np.log(densities))
    assert math.exp(prior.log_p_no) == pytest.approx(densities.mean())
    assert prior.largest_share == pytest.approx(0.5 / 0.72)


def test_p_no_of_densities_beyond_floating_point():
    prior = Prior.fit(np.array([4000.0, 4000.0, -9000.0]))
    assert prior.log_p_no == pytest.approx(4000 + math.log(2 / 3))
    assert prior.largest_share == pytest.approx(0.5)


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_any_densities_give_a_p_no_that_can_be_stored(forged):
    prior = Prior.fit(np.array(forged))
    assert min(forged) - 1e-6 <= prior.log_p_no <= max(forged) + 1e-6
    assert 0 < prior.largest_share <= 1 + 1e-12


@pytest.mark.parametrize("numbers", [(math.nan, 0.5), (0.0, math.inf), (-math.inf, 1.0)])
def test_a_p_no_that_is_no_number_is_refused(numbers):
    with pytest.raises(ValueError, match="not finite"):
        Prior(*numbers)


# Whole vectors


def test_whole_vectors_are_compared_as_they_are():
    references, questioned = vectors(6), vectors(3, seed=1)
    kept = references[:, [4, 0, 2]].astype(np.float64)
    deviation = math.sqrt(kept.var(axis=0, ddof=1).mean())
    wanted = norm.logpdf(questioned[:, [4, 0, 2]], kept.mean(axis=0), deviation).sum(axis=1) + 3.5
    comparator = whole()
    found = comparator.compare(comparator.enroll(references), questioned)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_a_single_reference_is_compared_with_the_least_variance():
    reference, questioned = vectors(1), vectors(2, seed=1)
    comparator = whole()
    wanted = norm.logpdf(questioned[:, [4, 0, 2]], reference[:, [4, 0, 2]], 0.1).sum(axis=1) + 3.5
    found = comparator.compare(comparator.enroll(reference), questioned)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_a_single_reference_without_a_floor_is_refused():
    with pytest.raises(EnrolmentError, match="no least variance"):
        whole(variance_floor=0.0).enroll(vectors(1))


@pytest.mark.parametrize("components", [(), (0, 1, 1), (-1, 0)])
def test_components_are_different_outputs(components):
    with pytest.raises(ValueError, match="components must be different outputs"):
        whole(components=components)


@pytest.mark.parametrize("floor", [-0.1, math.nan, math.inf])
def test_a_floor_that_is_none_is_refused(floor):
    with pytest.raises(ValueError, match="variance floor"):
        whole(variance_floor=floor)


# Direct comparisons


def test_cosine_is_the_mean_over_the_references():
    references, questioned = vectors(2).astype(float), vectors(1, seed=1)[0].astype(float)
    wanted = np.mean(
        [v @ questioned / np.linalg.norm(v) / np.linalg.norm(questioned) for v in references]
    )
    cosine = DIRECT["cosine"]
    assert cosine.compare(cosine.enroll(references), questioned[None]) == pytest.approx([wanted])


def test_distances_are_in_units_of_those_among_the_references():
    # Among the references 3, 4 and 5; least 3, 3, 4 and means 3.5, 4, 4.5.
    references = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    questioned = np.array([[0.0, -1.0]])
    apart = [1.0, math.sqrt(10), 5.0]
    among = [(3, 4), (3, 5), (4, 5)]
    r_min, r_mean = np.mean([min(a) for a in among]), np.mean(among)
    wanted = math.log(r_min * r_mean) / 2 - math.log(min(apart)) - math.log(np.mean(apart))
    normalised = DIRECT["normalised"]
    assert normalised.compare(references, questioned) == pytest.approx([wanted])


@pytest.mark.parametrize("name", DIRECT)
def test_the_like_are_more_genuine(name):
    references = vectors(6) * 0.1 + 1
    like, unlike = references.mean(axis=0), references.mean(axis=0) - [2, 0, 0, 0, 0]
    comparator = DIRECT[name]
    found = comparator.compare(comparator.enroll(references), np.array([like, unlike]))
    assert found[0] > found[1]

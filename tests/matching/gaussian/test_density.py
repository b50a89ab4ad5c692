import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from sigtdnn.errors import EnrolmentError
from sigtdnn.matching.gaussian.density import (
    Density,
    fit_density,
    log_densities,
    log_density,
    reach,
    single_density,
)


def vectors(count, size, seed=0):
    return np.random.default_rng(seed).normal(0.3, 0.5, (count, size)).astype(np.float32)


def test_density_of_two_by_hand():
    density = fit_density(np.array([[1, 2], [3, 6]], np.float32), floor=0.0)
    assert density.mean.tolist() == [2, 4]
    # Squares 1 + 1 and 4 + 4, over (2 - 1) x 2 degrees of freedom.
    assert density.variance == 5
    assert density.count == 2


def test_the_variance_is_unbiased_and_pooled_over_the_features():
    references = vectors(6, 304)
    density = fit_density(references, floor=0.0)
    pooled = references.astype(np.float64).var(axis=0, ddof=1).mean()
    assert density.variance == pytest.approx(pooled)


def test_the_floor_is_the_least_variance():
    references = vectors(6, 10)
    own = fit_density(references, floor=0.0).variance
    assert fit_density(references, floor=own / 2).variance == own
    assert fit_density(references, floor=2 * own).variance == 2 * own


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_references_are_refused(count):
    with pytest.raises(EnrolmentError, match=rf"{count} reference signature\(s\)"):
        fit_density(vectors(count, 5), floor=1.0)


def test_equal_references_take_the_floor():
    assert fit_density(np.ones((6, 5), np.float32), floor=0.25).variance == 0.25


def test_equal_references_without_a_floor_are_refused():
    with pytest.raises(EnrolmentError, match="do not differ"):
        fit_density(np.ones((6, 5), np.float32), floor=0.0)


def test_a_single_reference_takes_the_floor_for_its_variance():
    vector = vectors(1, 5)
    density = single_density(vector, floor=0.25)
    assert density.mean.tolist() == vector[0].astype(np.float64).tolist()
    assert density.variance == 0.25
    assert density.count == 1


def test_a_single_reference_without_a_floor_is_refused():
    with pytest.raises(EnrolmentError, match="no least variance"):
        single_density(vectors(1, 5), floor=0.0)


@given(st.integers(1, 40), st.floats(1e-3, 1e3), st.integers(0, 2**32 - 1))
def test_density_is_that_of_independent_normals_of_one_variance(size, variance, seed):
    mean = vectors(1, size, seed)[0].astype(np.float64)
    questioned = vectors(4, size, seed + 1)
    found = log_density(Density(mean, variance, 6), questioned)
    one_by_one = norm.logpdf(questioned, mean, math.sqrt(variance)).sum(axis=1)
    together = multivariate_normal.logpdf(questioned, mean, variance * np.eye(size))
    assert found.shape == (4,)
    np.testing.assert_allclose(found, one_by_one, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found, together, rtol=1e-6, atol=1e-6)


def test_density_in_many_dimensions_stays_finite_where_the_density_itself_overflows():
    density = Density(np.zeros(304), 1e-6, 6)
    found = log_density(density, np.array([np.zeros(304), np.full(304, 1.7)], np.float32))
    assert np.isfinite(found).all()
    assert found[0] > math.log(np.finfo(np.float64).max)


def test_the_mean_is_the_likeliest_and_distance_lowers_the_density():
    density = Density(np.zeros(3), 0.5, 6)
    found = log_density(density, np.array([[0, 0, 0], [0, 1, 0], [2, 0, 0]], np.float32))
    assert found[0] > found[1] > found[2]
    # Half the squared distance over the variance.
    assert found[0] - found[2] == pytest.approx(4 / (2 * 0.5))


@given(st.integers(1, 20), st.integers(1, 10), st.integers(0, 2**32 - 1))
def test_many_densities_of_one_vector_are_those_of_each(count, size, seed):
    rng = np.random.default_rng(seed)
    means, variances = rng.normal(size=(count, size)), rng.uniform(1e-3, 10, count)
    vector = vectors(1, size, seed)[0]
    one_by_one = [
        float(log_density(Density(mean, variance, 6), vector))
        for mean, variance in zip(means, variances, strict=True)
    ]
    np.testing.assert_allclose(log_densities(vector - means, variances), one_by_one, rtol=1e-9)


@given(st.integers(1, 76), st.floats(1e-4, 10), st.floats(0, 50))
def test_a_vector_at_the_reach_is_as_likely_as_was_asked(size, variance, distance):
    density = Density(np.zeros(size), variance, 6)
    vector = np.full(size, math.sqrt(distance), np.float32)
    log_p = float(log_density(density, vector))
    assert reach(variance, size, log_p) == pytest.approx(distance, rel=1e-4, abs=1e-6 * variance)


def test_no_vector_is_likelier_than_the_mean():
    density = Density(np.zeros(5), 0.3, 6)
    assert reach(0.3, 5, float(log_density(density, density.mean)) + 1) < 0

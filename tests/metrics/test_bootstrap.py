import numpy as np
import pytest

from sigtdnn.metrics.bootstrap import interval, signer_weights


def test_every_sample_draws_as_many_signers_as_there_are() -> None:
    weights = signer_weights(7, seed=0, samples=50)
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert (weights == weights.round()).all()


def test_weights_follow_from_the_seed() -> None:
    same = signer_weights(5, seed=3, samples=9)
    np.testing.assert_array_equal(signer_weights(5, seed=3, samples=9), same)
    assert (signer_weights(5, seed=4, samples=9) != same).any()


def test_interval_of_a_mean_is_that_of_the_normal_approximation() -> None:
    values = np.random.default_rng(0).normal(size=400)
    weights = signer_weights(400, seed=1, samples=4000)
    means = weights @ values / 400
    found = interval(means)
    assert found is not None
    deviation = values.std() / 20
    assert found == pytest.approx(
        (values.mean() - 1.96 * deviation, values.mean() + 1.96 * deviation), abs=0.1 * deviation
    )


def test_interval_leaves_out_samples_without_a_figure() -> None:
    assert interval(np.array([np.nan, 0.5, np.nan])) == (0.5, 0.5)
    assert interval(np.array([np.nan])) is None

import numpy as np
import pytest

from sigtdnn.metrics import bootstrap_interval, eer, interval, min_cllr, signer_weights
from sigtdnn.metrics.bootstrap import mean_of_signers
from sigtdnn.metrics.likelihood import min_cllr_of_points
from sigtdnn.metrics.operating_points import operating_points_by_signer
from sigtdnn.metrics.rates import eer_of_points


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


def test_mean_of_signers_leaves_out_those_without_a_figure() -> None:
    values = np.array([0.1, np.nan, 0.3])
    weights = np.array([[1.0, 1.0, 1.0], [3.0, 5.0, 1.0], [0.0, 3.0, 0.0]])
    means = mean_of_signers(values, weights)
    assert means[:2] == pytest.approx([0.2, 0.15])
    assert np.isnan(means[2])


@pytest.mark.parametrize(
    ("figure", "of_points"), [(eer, eer_of_points), (min_cllr, min_cllr_of_points)]
)
def test_repeating_trials_gives_the_interval_of_weighted_signers(figure, of_points) -> None:
    rng = np.random.default_rng(0)
    genuine, impostor = rng.normal(1.0, 1.0, 60), rng.normal(0.0, 1.0, 40)
    signers = rng.integers(0, 6, 60), rng.integers(0, 6, 40)
    names = [np.array(list("abcdef"))[own] for own in signers]
    found = bootstrap_interval(figure, genuine, names[0], impostor, names[1], seed=3)
    points = operating_points_by_signer(genuine, signers[0], impostor, signers[1], 6)
    wanted = interval(of_points(points.weighted(signer_weights(6, seed=3))))
    assert found == pytest.approx(wanted)
    assert found[0] < figure(genuine, impostor) < found[1]


def test_samples_without_a_kind_are_left_out_of_the_interval() -> None:
    # Only signer b has an impostor; samples without b have no EER.
    assert bootstrap_interval(eer, [1.0, 1.0], ["a", "b"], [0.0], ["b"]) == (0.0, 0.0)
    assert bootstrap_interval(eer, [1.0], ["a"], [], []) is None

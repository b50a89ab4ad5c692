import numpy as np
import pytest

from sigtdnn.preprocessing import FEATURES, preprocess_batch
from sigtdnn.preprocessing.features import features as features_of
from sigtdnn.signature import Signature
from sigtdnn.training.augmentation import Augmentation

PUD, X, Y = (FEATURES.index(name) for name in ("pud", "x", "y"))


def signature(seed):
    """Evenly sampled in 200 points, so that resampling and normalising again change nothing."""
    rng = np.random.default_rng(seed)
    t = np.arange(200) / 100
    x, y = (rng.normal(size=6) @ np.sin(np.outer(np.arange(1, 7), 4 * t) + k) for k in (0, 1))
    return Signature.from_samples(t, x, y, (t * 7 + seed) % 3 < 2)


ORIGINALS = preprocess_batch([signature(seed) for seed in range(12)])


STEP = np.ones(len(ORIGINALS), np.float32)


def varied(seed=0, **strengths):
    return Augmentation(**strengths).apply(ORIGINALS, STEP, np.random.default_rng(seed))


def distance(copies):
    """Root mean square shift of the points, in deviations of y; one a signature."""
    shift = (copies - ORIGINALS)[:, [X, Y]]
    return np.sqrt((shift**2).sum(axis=1).mean(axis=1))


def test_no_variation_changes_nothing():
    np.testing.assert_allclose(varied(), ORIGINALS, atol=2e-4)
    np.testing.assert_array_equal(varied()[:, PUD], ORIGINALS[:, PUD])


def test_copies_are_single_precision_in_the_shape_of_the_originals():
    copies = varied(warp=0.1, shear=0.1, drift=0.1)
    assert copies.dtype == np.float32
    assert copies.shape == ORIGINALS.shape
    assert np.isfinite(copies).all()


def test_originals_are_left_alone():
    before = ORIGINALS.copy()
    varied(warp=0.3, shear=0.3, drift=0.3)
    np.testing.assert_array_equal(ORIGINALS, before)


@pytest.mark.parametrize("kind", ["warp", "shear", "drift"])
def test_any_strength_varies_and_a_negative_one_is_refused(kind):
    assert Augmentation().is_identity
    assert not Augmentation(**{kind: 0.1}).is_identity
    with pytest.raises(ValueError, match=f"{kind}.* 0 or more"):
        Augmentation(**{kind: -0.1})


@pytest.mark.parametrize("kind", ["warp", "shear", "drift"])
def test_the_seed_decides_the_copies(kind):
    first, same, other = (varied(seed, **{kind: 0.2}) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.allclose(first[:, Y], other[:, Y], atol=1e-3)


@pytest.mark.parametrize("kind", ["warp", "shear", "drift"])
def test_stronger_settings_bend_more_and_small_ones_little(kind):
    small, large = (
        np.mean([distance(varied(seed, **{kind: s})).mean() for seed in range(8)])
        for s in (0.03, 0.3)
    )
    assert 0.001 < small < 0.25
    assert 2 * small < large < 2


@pytest.mark.parametrize("kind", ["warp", "shear", "drift"])
def test_every_copy_is_bent_in_its_own_way(kind):
    same = np.repeat(ORIGINALS[:1], 5, axis=0)
    copies = Augmentation(**{kind: 0.2}).apply(same, STEP[:5], np.random.default_rng(0))
    for i in range(5):
        for j in range(i):
            assert not np.allclose(copies[i], copies[j], atol=1e-3)


def test_features_of_a_copy_are_those_of_its_curve():
    copies = varied(warp=0.2, shear=0.2, drift=0.2)
    again = features_of(copies[:, X] + 1j * copies[:, Y], copies[:, PUD] > 0, STEP)
    np.testing.assert_allclose(again, copies, atol=1e-4)
    np.testing.assert_allclose(copies[:, Y].std(axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(copies[:, [X, Y]].mean(axis=2), 0, atol=1e-3)


def test_copies_keep_the_time_between_frames():
    speed = FEATURES.index("spd")
    seconds = Augmentation().apply(ORIGINALS, STEP / 100, np.random.default_rng(0))
    np.testing.assert_allclose(seconds[:, speed], 100 * ORIGINALS[:, speed], atol=1e-3)


def test_only_warping_moves_the_lifts_of_the_pen():
    np.testing.assert_array_equal(varied(shear=0.5, drift=0.5)[:, PUD], ORIGINALS[:, PUD])
    moved = varied(warp=0.3)[:, PUD]
    assert set(np.unique(moved)) == {-1, 1}
    assert (moved != ORIGINALS[:, PUD]).any()


def test_warping_keeps_both_ends():
    copies = varied(warp=0.3)
    np.testing.assert_array_equal(copies[:, PUD, [0, -1]], ORIGINALS[:, PUD, [0, -1]])

from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import CorpusError
from sigtdnn.models.file import load_model, save_model
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings
from sigtdnn.training.division import divide
from sigtdnn.training.experiment import Experiment, material, measure_scales
from sigtdnn.training.recipe import Recipe
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import OptimiserSettings


@pytest.fixture
def recipe(network):
    return Recipe(
        network,
        sampling=PairSampler(pairs=300, validation_pairs=100),
        optimiser=OptimiserSettings(passes=5, batch=16, curvature_pairs=8, averaging=0.5),
    )


def halves(corpus):
    """The first signers to train on, the last three to validate on."""
    signers = sorted(set(corpus.recordings["signer"]))
    return divide(corpus.recordings, test=(), validation=signers[-3:])


def test_from_a_corpus_to_a_model(make_corpus, recipe, tmp_path):
    corpus = make_corpus(signers=10)
    experiment = Experiment(corpus, halves(corpus), recipe, seed=4)
    experiment.training.run()
    losses = [record.val_loss for record in experiment.training.history]
    still = replace(recipe, optimiser=replace(recipe.optimiser, passes=1, rate=1e-9))
    untrained = Experiment(corpus, halves(corpus), still, seed=4)
    untrained.training.run()
    assert min(losses) < 0.75 * untrained.training.history[0].val_loss

    model = experiment.model()
    assert model.name == "small"
    assert model.encoder.network == recipe.network
    assert model.encoder.preprocessing == recipe.preprocessing
    np.testing.assert_array_equal(model.encoder.scales, experiment.scales)
    assert model.matcher.kind == "gaussian"
    assert model.matcher.whole.components == tuple(range(recipe.network.feature_vector))
    assert model.provenance.training_signers == tuple(f"made/{i}" for i in range(7))
    assert model.provenance.validation_signers == tuple(f"made/{i}" for i in (7, 8, 9))
    assert model.provenance.forgers == tuple(f"made/f{i}" for i in range(10))
    assert model.provenance.corpus == "made"
    assert model.provenance.seed == 4
    assert model.provenance.passes == experiment.training.best_pass
    assert model.matcher.whole.prior.log_p_no != 0
    assert len(model.matcher.components) == 20
    assert model.matcher.prior.log_p_no != 0
    for name, weight in experiment.training.best.items():
        np.testing.assert_array_equal(model.encoder.weights[name], weight)

    save_model(model, tmp_path / "model.safetensors")
    assert load_model(tmp_path).fingerprint == model.fingerprint


def test_a_model_can_be_had_before_training(make_corpus, recipe):
    corpus = make_corpus(signers=8)
    model = Experiment(corpus, halves(corpus), recipe, seed=4).model()
    assert model.provenance.passes == 0


def test_the_variance_floor_is_a_share_of_the_mean_over_training_signers(make_corpus, recipe):
    corpus = make_corpus(signers=8)
    division = halves(corpus)
    model = Experiment(corpus, division, recipe, seed=0).model()
    training = corpus.select(division.training)
    vectors = model.encoder.encode(training.features(recipe.preprocessing))
    variances = [
        vectors[((training.recordings["signer"] == f"made/{i}") & genuine).to_numpy()]
        .astype(float)
        .var(axis=0, ddof=1)
        .mean()
        for genuine in [training.recordings["kind"] == "genuine"]
        for i in range(5)
    ]
    wanted = recipe.matcher.variance_floor * np.mean(variances)
    # A template has all 20 components.
    for comparator in (model.matcher, model.matcher.whole):
        assert comparator.variance_floor == pytest.approx(wanted, rel=1e-5)


def test_features_follow_the_preprocessing_of_the_recipe(make_corpus, recipe):
    corpus = make_corpus(signers=8)
    no_air = replace(recipe, preprocessing=PreprocessingSettings(air="removed"))
    experiments = [Experiment(corpus, halves(corpus), r, seed=0) for r in (recipe, no_air)]
    assert not np.allclose(experiments[0].scales, experiments[1].scales)
    assert experiments[1].model().encoder.preprocessing.air == "removed"


@pytest.mark.parametrize("air", ["kept", "removed"])
def test_time_between_frames_is_that_of_the_features(make_corpus, recipe, air):
    corpus = make_corpus(signers=2)
    settings = PreprocessingSettings(clock="seconds", air=air)
    found = material(corpus, replace(recipe, preprocessing=settings))
    frames = replace(settings, clock="frames")
    spd = FEATURES.index("spd")
    wanted = corpus.features(frames)[:, spd] / found.step[:, None]
    np.testing.assert_allclose(found.features[:, spd], wanted, rtol=1e-5)
    assert found.step.dtype == np.float32


def test_cleaning_is_left_to_the_recipe(make_corpus, recipe):
    corpus = make_corpus(signers=8)
    # A signer with five genuines is against the paper's third rule.
    few = (corpus.recordings["signer"] == "made/0") & (corpus.recordings["number"] >= 5)
    corpus = corpus.select(~few.to_numpy())
    uncleaned = replace(recipe, data=replace(recipe.data, cleaned=False))
    signers = [
        Experiment(corpus, halves(corpus), r, seed=0).model().provenance.training_signers
        for r in (recipe, uncleaned)
    ]
    assert "made/0" not in signers[0]
    assert "made/0" in signers[1]


def test_a_share_of_the_training_signers_is_drawn_by_seed(make_corpus, recipe):
    corpus = make_corpus(signers=11)
    half = replace(recipe, data=replace(recipe.data, training_share=0.5))
    models = [Experiment(corpus, halves(corpus), half, seed).model() for seed in (0, 0, 1, 2)]
    drawn = [set(model.provenance.training_signers) for model in models]
    assert [len(signers) for signers in drawn] == [4, 4, 4, 4]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2] or drawn[0] != drawn[3]
    assert all(len(model.provenance.validation_signers) == 3 for model in models)


def test_too_little_to_train_on_is_refused(make_corpus, recipe):
    corpus = make_corpus(signers=4)
    with pytest.raises(CorpusError, match="too few for the paper's mix"):
        Experiment(corpus, halves(corpus), recipe, seed=0)


# Scales


def test_a_scale_is_a_percentile_of_the_absolute_value_of_its_input(recipe):
    features = np.zeros((2, 10, 200), np.float32)
    features[:, 1] = -np.arange(400).reshape(2, 200)  # x
    features[:, 2] = 7  # y
    features[:, 0] = np.where(features[:, 1] < -100, -1, 1)  # pud
    scales = measure_scales(features, recipe)
    # The inputs are x, y, pud and spd; the speed is 0 throughout.
    assert scales.tolist() == pytest.approx([0.95 * 399, 7, 1, 1])
    assert scales.dtype == np.float32


def test_most_of_every_input_falls_between_plus_and_minus_one(make_corpus, recipe):
    features = make_corpus(signers=4).features(PreprocessingSettings())
    scaled = features[:, recipe.network.rows] / measure_scales(features, recipe)[:, None]
    shares = (np.abs(scaled) <= 1).mean(axis=(0, 2))
    assert (shares >= 0.949).all()
    assert shares[0] == pytest.approx(0.95, abs=0.001)

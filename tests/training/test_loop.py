from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity

from sigtdnn.errors import CorpusError
from sigtdnn.networks.encoder import Encoder
from sigtdnn.training.loop import VALIDATION_PAIRS, Material, Training
from sigtdnn.training.sampling import pairs as pairs_module
from sigtdnn.training.sampling.pairs import draw_pairs

OPTIMISERS = {"levenberg-marquardt": 0.05, "sgd": 0.5, "adam": 0.01}


def without_time(history):
    return [{**asdict(record), "seconds": None} for record in history]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_each_optimiser_lowers_the_loss(start, changed, name):
    training = start(changed(optimiser={"kind": name, "rate": OPTIMISERS[name], "passes": 12}))
    training.run()
    losses = [record.train_loss for record in training.history]
    assert losses[-1] < 0.75 * losses[0]


def test_one_pair_at_a_time_learns_too(start, changed):
    training = start(changed(optimiser={"batch": 1, "rate": 0.01, "passes": 3}))
    training.run()
    losses = [record.train_loss for record in training.history]
    assert losses[-1] < 0.75 * losses[0]


@pytest.fixture(scope="module")
def finished(start, recipe):
    """A run of three passes, and what was told of them."""
    training, told = start(recipe), []
    training.run(told.append)
    return training, told


def test_history_has_a_line_a_pass_and_is_told_as_it_grows(finished):
    training, told = finished
    assert [record.number for record in training.history] == [1, 2, 3]
    assert told == training.history
    for record in told:
        assert 0 <= record.val_ga <= 1
        assert 0 <= record.val_fr <= 1
        assert record.seconds > 0


def test_the_seed_decides_everything(start, changed):
    recipe = changed(augmentation={"warp": 0.1, "drift": 0.1})
    runs = [start(recipe, seed) for seed in (1, 1, 2)]
    for training in runs:
        training.run()
    first, same, other = (without_time(training.history) for training in runs)
    assert first == same
    assert first != other
    for name, weight in runs[0].best.items():
        assert weight.tobytes() == runs[1].best[name].tobytes()


def test_the_weights_of_the_lowest_validation_error_are_kept(start, changed, worsen):
    training = start(changed(optimiser={"passes": 5}))
    worsen(training)
    assert training.best_pass == 0
    seen = {}
    training.run(lambda record: seen.update({record.number: training._weights()}))
    assert training.best_pass == 3
    for name, weight in training.best.items():
        np.testing.assert_array_equal(weight, seen[3][name])
        assert not np.array_equal(weight, seen[5][name])


def test_the_last_weights_are_kept_if_wanted(start, changed, worsen):
    training = start(changed(optimiser={"passes": 5, "keep": "last"}))
    worsen(training)
    training.run()
    assert training.best_pass == 5
    for name, weight in training.average.module.state_dict().items():
        np.testing.assert_array_equal(training.best[name], weight.numpy())


def test_without_averaging_the_weights_are_those_of_the_last_update(start, changed):
    training = start(changed(optimiser={"averaging": 0.0}))
    training.run()
    for one, other in zip(
        training.siamese.branch.parameters(), training.average.module.parameters(), strict=True
    ):
        assert torch.equal(one, other)


def test_every_update_keeps_its_share_of_the_average(start, changed, monkeypatch):
    training = start(changed(optimiser={"passes": 1, "averaging": 0.75}))
    weight = training.siamese.branch.layers[0].weight
    seen = []
    monkeypatch.setattr(
        training.optimiser,
        "step",
        lambda step=training.optimiser.step: (step(), seen.append(weight.detach().clone())),
    )
    training.run()
    # The first update begins the average.
    wanted = seen[0]
    for later in seen[1:]:
        wanted = 0.75 * wanted + 0.25 * later
    assert len(seen) == 4
    torch.testing.assert_close(training.average.module.layers[0].weight.detach(), wanted)


def test_the_rate_falls_along_half_a_cosine(start, changed, monkeypatch):
    training = start(changed(optimiser={"passes": 2, "rate": 0.08, "batch": 30}))
    group, rates = training.optimiser.param_groups[0], []
    monkeypatch.setattr(
        training.optimiser,
        "step",
        lambda step=training.optimiser.step: (rates.append(group["lr"]), step()),
    )
    training.run()
    wanted = [0.04 * (1 + np.cos(np.pi * done)) for done in (0, 0.25, 0.5, 0.75)]
    assert rates == pytest.approx(wanted)


def test_validation_is_measured_on_the_kept_weights_as_the_encoder_computes_them(
    start, changed, materials
):
    recipe = changed(optimiser={"keep": "last"})
    training = start(recipe, seed=3)
    training.run()
    pairs = draw_pairs(
        materials[1].recordings,
        recipe.sampling.validation_pairs,
        np.random.default_rng([3, VALIDATION_PAIRS]),
    )
    encoder = Encoder(recipe.network, recipe.preprocessing, training.best, training._scales)
    vectors = torch.from_numpy(encoder.encode(materials[1].features))
    cosines = cosine_similarity(vectors[pairs.first], vectors[pairs.second])
    record = training.history[-1]
    loss = recipe.objective.loss(cosines, pairs)
    assert record.val_loss == pytest.approx(float(loss), abs=1e-5)
    assert record.val_ga == pytest.approx(float((cosines[pairs.kind == 0] > 0).float().mean()))
    assert record.val_fr == pytest.approx(float((cosines[pairs.kind == 1] < 0).float().mean()))


@pytest.mark.parametrize(("fresh", "draws"), [(True, 5), (False, 2)])
def test_fresh_pairs_are_drawn_for_every_pass(start, changed, monkeypatch, fresh, draws):
    drawn = []

    def noted(*arguments):
        drawn.append(draw_pairs(*arguments))
        return drawn[-1]

    monkeypatch.setattr(pairs_module, "draw_pairs", noted)
    start(changed(sampling={"fresh": fresh})).run()
    assert len(drawn) == len({pairs.first.tobytes() for pairs in drawn}) == draws


def test_a_finished_run_has_nothing_left_to_do(finished):
    training, _ = finished
    training.run(lambda record: pytest.fail("another pass"))
    assert len(training.history) == 3


def test_material_without_forgeries_is_refused(materials, recipe):
    recordings = materials[0].recordings
    genuine = (recordings["kind"] == "genuine").to_numpy()
    lacking = Material(
        recordings[genuine].reset_index(),
        materials[0].features[genuine],
        materials[0].step[genuine],
    )
    with pytest.raises(CorpusError, match="only some have forgeries"):
        Training(recipe, np.ones(4, np.float32), materials[0], lacking, 0)

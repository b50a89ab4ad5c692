from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.matching.gaussian.density import fit_density
from sigtdnn.models.decision import Curve
from sigtdnn.models.file import Model, Provenance
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.card import NO_CARD, make_card, ranges
from sigtdnn.training.components import choose_components
from sigtdnn.training.decision import UNDECIDED, measure_curve
from sigtdnn.training.population import CHANGED, MIN_HABIT, measure_habits
from sigtdnn.training.spread import mean_variance
from sigtdnn.verification import Verifier
from sigtdnn.verification.enrolment import left_out_distances
from sigtdnn.verification.traits import STATISTICS, statistics_of


@pytest.fixture(scope="module")
def made(network, make_corpus):
    """A model without a card, training and validation corpus, and the card."""
    rng = np.random.default_rng(0)
    model = Model(
        network=network,
        preprocessing=PreprocessingSettings(),
        weights={
            name: rng.normal(0, 0.2, shape).astype(np.float32)
            for name, shape in network.weight_shapes.items()
        },
        scales=np.ones(4, np.float32),
        components=tuple(range(network.feature_vector)),
        decision=UNDECIDED,
        card=NO_CARD,
        provenance=Provenance("", (), (), (), 0, 0, ""),
    )
    training = make_corpus(signers=5, genuine=8, seed=0)
    validation = make_corpus(signers=3, genuine=13, seed=1)
    return model, training, validation, make_card(model, training, validation, 0.2)


def test_components_are_those_that_separate_the_training_signers(made):
    model, training, _, card = made
    outputs = model.outputs(training.features)
    # The network has 20 outputs, fewer than a card holds.
    assert card.components == tuple(range(20))
    wide = np.hstack([outputs, outputs[:, ::-1] ** 2, outputs**3])
    assert len(choose_components(wide, training.recordings, 38)) == 38


def test_ranges_reach_beyond_the_training_vectors_by_half_their_extent():
    vectors = np.array([[0, -1, 5], [2, 3, 5]], np.float32)
    low, high = ranges(vectors)
    assert low == pytest.approx((-1, -3, 5 - 1e-3))
    assert high == pytest.approx((3, 5, 5 + 1e-3))


def test_new_signers_stay_within_the_ranges(made):
    model, _, validation, card = made
    outputs = model.outputs(validation.features)[:, list(card.components)]
    # Nearly: there are few training signers here.
    assert ((outputs >= card.low) & (outputs <= card.high)).mean() > 0.98


def test_the_decision_is_that_of_the_80_byte_templates(made):
    model, training, validation, card = made
    vectors = model.outputs(training.features)[:, list(card.components)]
    assert card.decision.variance_floor == pytest.approx(
        0.2 * mean_variance(vectors, training.recordings)
    )
    verifier = Verifier(replace(model, card=card))
    genuine, forged = [], []
    for _, rows in validation.recordings.groupby("signer"):
        own = [validation.signature(i) for i in rows.index[rows["kind"] == "genuine"]]
        others = [validation.signature(i) for i in rows.index[rows["kind"] == "skilled"]]
        template = verifier.enroll(own[-6:])
        genuine += [s.log_odds for s in verifier.score_many(template, own[:-6])]
        forged += [s.log_odds for s in verifier.score_many(template, others)]
    assert (card.curve.genuines, card.curve.forgeries) == (len(genuine), len(forged))
    # p-no is the mean density of the forgeries: their mean odds are even.
    assert np.mean(np.exp(forged)) == pytest.approx(1)
    for threshold, far in zip(card.curve.log_odds[1:-1], card.curve.far[1:-1], strict=True):
        assert np.mean(np.array(forged) >= threshold) == pytest.approx(far, abs=1.1 / len(forged))
    assert card.curve.far[0] == 1


# Curve


def test_the_curve_keeps_the_least_threshold_of_every_percentage():
    genuine, forged = np.array([2.5, 5.0, 9.0]), np.array([0.0, 1.0, 2.0, 3.0])
    curve = measure_curve(genuine, forged)
    assert curve == Curve(
        log_odds=(0.0, 1.0, 2.0, 2.5, 5.0),
        far=(1.0, 0.75, 0.5, 0.25, 0.0),
        frr=(0.0, 0.0, 0.0, 0.0, 1 / 3),
        forgeries=4,
        genuines=3,
    )


def test_where_a_forgery_scores_highest_the_last_threshold_lies_just_above():
    curve = measure_curve(np.array([0.0]), np.array([1.0, 2.0]))
    assert curve.log_odds[-1] == np.nextafter(2.0, 3.0)
    assert (curve.far[-1], curve.frr[-1]) == (0, 1)


def test_a_curve_of_many_forgeries_is_thinned_to_percentages():
    rng = np.random.default_rng(0)
    forged = rng.normal(size=5000)
    curve = measure_curve(rng.normal(2, 1, 3000), forged)
    assert len(curve.log_odds) == 101
    for share in (0.29, 0.07, 0.5):
        at = next(t for t, f in zip(curve.log_odds, curve.far, strict=True) if f <= share)
        assert np.mean(forged >= at) == pytest.approx(share, abs=1e-3)


# Population


def groups(model, corpus):
    vectors = model.outputs(corpus.features)
    for _, rows in corpus.recordings.groupby("signer"):
        yield tuple(
            vectors[rows.index[rows["kind"] == kind].to_numpy()] for kind in ("genuine", "skilled")
        )


def test_what_is_odd_one_genuine_enrolment_in_twenty_exceeds(made):
    model, training, validation, card = made
    floor = card.decision.variance_floor
    found = []
    for corpus in (training, validation):
        for genuine, _ in groups(model, corpus):
            for start in range(0, len(genuine) - 5, 6):
                found.append(left_out_distances(genuine[start : start + 6], floor).max())
    assert len(found) == 5 + 2 * 3
    assert card.population.odd == pytest.approx(np.quantile(found, 0.95), rel=1e-5)


def test_drift_and_widening_are_of_halves_in_signing_order(made):
    model, training, validation, card = made
    floor = card.decision.variance_floor
    drift, widening = [], []
    for corpus in (training, validation):
        for genuine, _ in groups(model, corpus):
            half = len(genuine) // 2
            early, late = fit_density(genuine[:half], floor), fit_density(genuine[half:], floor)
            drift.append(((late.mean - early.mean) ** 2).mean() / early.variance)
            widening.append(late.variance / early.variance)
    population = card.population
    assert population.drift == pytest.approx(np.quantile(drift, 1 - CHANGED), rel=1e-5)
    assert population.widening == pytest.approx(
        max(np.quantile(widening, 1 - CHANGED), 1), rel=1e-5
    )


def test_forgeries_and_widest_spread_are_of_validation_signers(made):
    model, _, validation, card = made
    floor = card.decision.variance_floor
    distances, spreads = [], []
    for genuine, skilled in groups(model, validation):
        mean = genuine[-6:].astype(float).mean(axis=0)
        distances += ((skilled - mean) ** 2).mean(axis=1).tolist()
        spreads += [fit_density(genuine[i : i + 6], floor).variance for i in (0, 6)]
    population = card.population
    assert population.forged[0] == pytest.approx(min(distances), rel=1e-5)
    assert population.forged[10] == pytest.approx(np.median(distances), rel=1e-5)
    assert population.forged[-1] == pytest.approx(max(distances), rel=1e-5)
    assert population.widest == pytest.approx(np.quantile(spreads, 0.95), rel=1e-5)


def test_the_threshold_of_an_update_is_stricter(made):
    card = made[3]
    assert card.population.update >= card.decision.threshold_fr80
    at = card.curve.log_odds.index(card.population.update)
    assert card.curve.far[at] <= 0.01


def test_habits_are_deviations_within_signers(made):
    _, training, _, card = made
    statistics = statistics_of(list(training.signatures()))
    own = [
        statistics[rows.index[rows["kind"] == "genuine"]].var(axis=0, ddof=1)
        for _, rows in training.recordings.groupby("signer")
    ]
    wanted = np.maximum(np.sqrt(np.mean(own, axis=0)), MIN_HABIT)
    assert card.population.habits == pytest.approx(wanted)
    # Every signature there has two strokes.
    assert card.population.habits[list(STATISTICS).index("strokes")] == MIN_HABIT
    assert measure_habits(training) == card.population.habits

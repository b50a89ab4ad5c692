import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from sigtdnn.errors import CorpusError
from sigtdnn.models.file import Model, Provenance
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.card import NO_CARD
from sigtdnn.training.decision import UNDECIDED, calibrate, decide, decision_from
from sigtdnn.trials.protocols import PROTOCOLS, make_trials
from sigtdnn.verification import fit_density, log_density


def decided(genuine, forged):
    return decision_from(np.array(genuine, float), np.array(forged, float), UNDECIDED)


# p-no


def test_p_no_is_the_mean_density_of_the_forgeries():
    densities = np.array([0.5, 0.02, 0.2])
    decision = decided([1.0], np.log(densities))
    assert math.exp(decision.log_p_no) == pytest.approx(densities.mean())
    assert decision.p_no_largest_share == pytest.approx(0.5 / 0.72)


def test_p_no_of_densities_beyond_floating_point():
    decision = decided([5000.0], [4000.0, 4000.0, -9000.0])
    assert decision.log_p_no == pytest.approx(4000 + math.log(2 / 3))
    assert decision.p_no_largest_share == pytest.approx(0.5)


# Thresholds


def test_threshold_of_80_per_cent_is_the_smallest_score_that_detects_so_many():
    # Of ten forgeries eight lie below 8; the genuine 8.5 is higher than needed.
    decision = decided([3.5, 8.5, 20.0], range(10))
    assert decision.threshold_fr80 == pytest.approx(8 - decision.log_p_no)


def test_threshold_of_80_per_cent_may_be_a_genuine_score():
    decision = decided([7.5, 20.0], [0, 1, 2, 3, 4, 5, 6, 7, 9, 10])
    assert decision.threshold_fr80 == pytest.approx(7.5 - decision.log_p_no)


def test_where_no_score_detects_enough_the_highest_detects_most():
    decision = decided([0.0], [1.0, 2.0, 3.0])
    assert decision.threshold_fr80 == pytest.approx(3 - decision.log_p_no)


def test_threshold_of_equal_errors():
    # At 3: one of four genuines below, one of four forgeries at or above.
    decision = decided([2.5, 4.0, 5.0, 6.0], [0.0, 1.0, 2.0, 3.0])
    assert decision.threshold_eer == pytest.approx(3 - decision.log_p_no)


def test_thresholds_do_not_move_with_the_density_of_the_network():
    near = decided([2.5, 4.0, 5.0, 6.0], [0.0, 1.0, 2.0, 3.0])
    far = decided([702.5, 704.0, 705.0, 706.0], [700.0, 701.0, 702.0, 703.0])
    assert far.threshold_fr80 == pytest.approx(near.threshold_fr80)
    assert far.threshold_eer == pytest.approx(near.threshold_eer)
    assert (far.slope, far.offset) == pytest.approx((near.slope, near.offset), rel=1e-4)


# Calibration


def reference(genuine, forged):
    """Slope and offset by scikit-learn: Platt's targets as weights of two labels a score."""
    n, m = len(genuine), len(forged)
    high, low = 1 - 1 / (n + 2), 1 / (m + 2)
    scores = np.concatenate([genuine, genuine, forged, forged])[:, None]
    labels = np.repeat([1, 0, 1, 0], [n, n, m, m])
    weights = np.repeat([high / n, (1 - high) / n, low / m, (1 - low) / m], [n, n, m, m])
    fit = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000)
    fit.fit(scores, labels, sample_weight=1000 * weights)
    return fit.coef_[0, 0], fit.intercept_[0]


@pytest.mark.parametrize(("n", "m"), [(50, 50), (200, 30), (12, 300)])
def test_calibration_agrees_with_logistic_regression(n, m):
    rng = np.random.default_rng(n)
    genuine, forged = rng.normal(1, 1.5, n), rng.normal(-1, 2, m)
    assert calibrate(genuine, forged) == pytest.approx(reference(genuine, forged), rel=1e-2)


def test_calibration_is_the_best_on_a_grid():
    rng = np.random.default_rng(0)
    genuine, forged = rng.normal(1, 1, 20), rng.normal(-1, 1, 40)

    def cost(slope, offset):
        def entropy(scores, wanted):
            p = 1 / (1 + np.exp(-(slope * scores + offset)))
            return -(wanted * np.log(p) + (1 - wanted) * np.log(1 - p)).mean()

        return entropy(genuine, 1 - 1 / 22) + entropy(forged, 1 / 42)

    best = cost(*calibrate(genuine, forged))
    grid = [cost(a, b) for a in np.linspace(0.2, 4, 39) for b in np.linspace(-2, 2, 41)]
    assert best <= min(grid) + 1e-6
    assert best == pytest.approx(min(grid), abs=1e-3)


def test_calibration_does_not_lean_towards_the_kind_with_more_trials():
    rng = np.random.default_rng(3)
    genuine, forged = rng.normal(2, 1, 4000), rng.normal(-2, 1, 400)
    slope, offset = calibrate(genuine, forged)
    assert offset / slope == pytest.approx(0, abs=0.15)
    assert slope == pytest.approx(4, rel=0.15)


def test_kinds_that_do_not_overlap_keep_a_finite_slope():
    slope, offset = calibrate(np.array([900.0, 1000.0]), np.array([-1000.0, -900.0]))
    assert 0 < slope < 1
    assert abs(offset) < 1


def test_the_slope_stays_above_nothing_where_forgeries_look_more_genuine():
    slope, offset = calibrate(np.array([-2.0, -1.0]), np.array([1.0, 2.0]))
    assert 0 < slope < 1e-3
    assert offset == pytest.approx(0, abs=0.01)


def test_scores_that_are_all_equal_say_even_odds():
    slope, offset = calibrate(np.full(5, 3.0), np.full(5, 3.0))
    assert slope > 0
    assert slope * 3 + offset == pytest.approx(0, abs=1e-4)


finite = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)


@given(finite, finite)
def test_any_scores_give_a_decision_that_can_be_stored(genuine, forged):
    # `Decision` itself refuses numbers that cannot decide.
    decision = decided(genuine, forged)
    assert decision.slope > 0
    assert 0 < decision.p_no_largest_share <= 1 + 1e-12


# On a corpus


@pytest.fixture
def model(network):
    rng = np.random.default_rng(0)
    return Model(
        network=network,
        preprocessing=PreprocessingSettings(),
        weights={
            name: rng.normal(0, 0.2, shape).astype(np.float32)
            for name, shape in network.weight_shapes.items()
        },
        scales=np.ones(4, np.float32),
        components=tuple(range(network.feature_vector)),
        decision=replace(UNDECIDED, variance_floor=0.01, log_p_no=77.0, slope=9.0),
        card=NO_CARD,
        provenance=Provenance("", (), (), (), 0, 0, ""),
    )


def test_a_model_is_decided_on_the_papers_protocol(model, make_corpus):
    corpus = make_corpus(signers=3, genuine=9, skilled=4)
    vectors = model.encode(corpus.features)
    genuine, forged = [], []
    for _, rows in corpus.recordings.groupby("signer"):
        own = rows.index[rows["kind"] == "genuine"]
        density = fit_density(vectors[own[-6:]], 0.01)
        genuine += log_density(density, vectors[own[:-6]]).tolist()
        forgeries = rows.index[rows["kind"] == "skilled"]
        forged += log_density(density, vectors[forgeries]).tolist()
    assert (len(genuine), len(forged)) == (9, 12)
    decision, wanted = decide(model, corpus), decided(genuine, forged)
    assert decision.references == PROTOCOLS["paper"].references == 6
    assert decision.variance_floor == 0.01
    for name in ("log_p_no", "p_no_largest_share", "slope", "offset", "threshold_fr80"):
        assert getattr(decision, name) == pytest.approx(getattr(wanted, name), rel=1e-3), name


def test_what_the_model_had_decided_before_does_not_count(model, make_corpus):
    corpus = make_corpus(signers=3, genuine=9, skilled=4)
    fresh = replace(model, decision=replace(UNDECIDED, variance_floor=0.01))
    assert decide(model, corpus) == decide(fresh, corpus)


def test_signers_without_forgeries_decide_nothing(model, make_corpus):
    corpus = make_corpus(signers=3, genuine=9, skilled=0)
    assert len(make_trials(corpus, PROTOCOLS["paper"]).rows)
    with pytest.raises(CorpusError, match="9 genuines to question and 0 forgeries"):
        decide(model, corpus)

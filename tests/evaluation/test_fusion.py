from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.fusion import RIDGE, Fusion, fit_fusion, logistic_regression
from sigtdnn.evaluation.systems import RowRepresentations, System, dtw_system, model_system
from sigtdnn.models.model import Model
from sigtdnn.trials.protocols import PROTOCOLS

MakeModel = Callable[..., Model]


def parts(corpus: Corpus, model: Model) -> list[System]:
    represented = RowRepresentations(model.represent, corpus)
    return [model_system("g", model, represented), dtw_system(corpus)]


def test_regression_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    genuine = np.arange(60) < 20
    scores = rng.normal(size=(60, 2)) + genuine[:, None] * [1.0, 0.5]
    standard = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    # Its cost is a sum over trials of weight 1, ours a mean with the kinds at 1/2.
    other = LogisticRegression(C=1 / (2 * RIDGE), tol=1e-8)
    other.fit(standard, genuine, np.where(genuine, 0.5 / 20, 0.5 / 40))
    weights, offset = logistic_regression(scores, genuine)
    np.testing.assert_allclose(
        scores @ weights + offset, other.decision_function(standard), atol=1e-3
    )


def test_a_useless_system_gets_no_weight_and_separated_kinds_finite_ones() -> None:
    genuine = np.array([True, True, False, False])
    scores = np.array([[2.0, 1.0], [3.0, 1.0], [-2.0, 1.0], [-3.0, 1.0]])
    weights, offset = logistic_regression(scores, genuine)
    assert weights[1] == 0
    assert 0 < weights[0] < 100
    assert offset == pytest.approx(0, abs=1e-3)


def test_fused_scores_are_weighted_sums_of_the_parts(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    one_signer = signed_corpus.select((signed_corpus.recordings["signer"] == "set/0").to_numpy())
    fitted = fit_fusion(one_signer, parts(one_signer, make_model()), PROTOCOLS["paper"])
    systems = parts(signed_corpus, make_model())
    found = evaluate(signed_corpus, [*systems, Fusion(systems, fitted)], PROTOCOLS["paper"])
    assert found.guard.left_out == ("set/0",)
    one, other, fused = (
        found.scores[found.scores["system"] == name] for name in ("g", "dtw", "fusion")
    )
    expected = (
        fitted.weights[0] * one["raw"].to_numpy()
        + fitted.weights[1] * other["raw"].to_numpy()
        + fitted.offset
    )
    np.testing.assert_allclose(fused["raw"], expected)
    np.testing.assert_array_equal(fused["log_odds"], fused["raw"])
    np.testing.assert_allclose(fused["score"], 1 / (1 + np.exp(-expected)))


def test_fitting_on_the_tested_signers_is_refused(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    systems = parts(signed_corpus, make_model())
    fused = Fusion(systems, fit_fusion(signed_corpus, systems, PROTOCOLS["paper"]))
    with pytest.raises(ProtocolError, match="all 4 signers of the corpus were trained"):
        evaluate(signed_corpus, [fused], PROTOCOLS["paper"])


def test_signers_a_part_was_trained_on_do_not_serve_for_the_weights(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    systems = parts(signed_corpus, make_model(trained=("set/0",)))
    fitted = fit_fusion(signed_corpus, systems, PROTOCOLS["paper"])
    assert fitted.signers == {"set/1", "set/2", "set/3"}
    assert Fusion(systems, fitted).trained_on == {"set/0", "set/1", "set/2", "set/3"}


def test_what_a_fusion_needs_is_asked_for(signed_corpus: Corpus) -> None:
    with pytest.raises(ProtocolError, match="needs at least two systems"):
        fit_fusion(signed_corpus, [dtw_system(signed_corpus)], PROTOCOLS["paper"])
    unforged = signed_corpus.select((signed_corpus.recordings["kind"] == "genuine").to_numpy())
    with pytest.raises(ProtocolError, match="no skilled forgeries"):
        fit_fusion(unforged, [dtw_system(unforged), dtw_system(unforged)], PROTOCOLS["paper"])

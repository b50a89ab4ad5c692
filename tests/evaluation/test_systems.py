from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ModelError
from sigtdnn.evaluation.comparisons import Cosine, Normalised
from sigtdnn.evaluation.systems import Carded, Encoded, Gaussian, System, run
from sigtdnn.matching.elastic.dtw import DTW, functions_of_time, pair_distances
from sigtdnn.matching.elastic.normalisation import normalised_distance
from sigtdnn.models.file import Model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier, fit_density, log_density


def systems(corpus: Corpus, model: Model) -> dict[str, System]:
    encoded = Encoded(model, corpus)
    return {
        "gaussian": Gaussian("gaussian", encoded),
        "card": Carded("card", encoded),
        "cosine": Cosine("cosine", encoded),
        "normalised": Normalised("normalised", encoded),
        "dtw": DTW(corpus),
    }


@pytest.mark.parametrize("name", ["gaussian", "card", "cosine", "normalised", "dtw"])
def test_scores_have_a_line_for_every_questioned_recording(
    name: str, signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["mixed"])
    scores = run(systems(signed_corpus, make_model())[name], trials)
    questioned = trials.table[trials.table["role"] != "reference"]
    assert scores["questioned"].tolist() == questioned["file"].tolist()
    assert scores["kind"].tolist() == questioned["role"].tolist()
    assert scores["signer"].tolist() == questioned["signer"].tolist()
    assert scores["draw"].tolist() == questioned["draw"].tolist()
    assert set(scores["system"]) == {name}
    assert np.isfinite(scores["raw"]).all()


@pytest.mark.parametrize("name", ["gaussian", "card", "cosine", "normalised", "dtw"])
def test_higher_means_more_genuine(
    name: str, signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["paper"])
    scores = run(systems(signed_corpus, make_model())[name], trials)
    mean = scores.groupby("kind")["raw"].mean()
    assert mean["genuine"] > mean["skilled"]
    assert mean["genuine"] > mean["random"]


def test_card_scores_are_those_of_the_verifier(
    signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    model = make_model()
    trials = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/0"])
    scores = run(Carded("c", Encoded(model, signed_corpus)), trials)
    verifier = Verifier(model)
    template = verifier.enroll([signed_corpus.signature(row) for row in range(3, 9)])
    for row, (_, line) in zip((0, 1, 2, 9, 10), scores.iterrows(), strict=True):
        expected = verifier.score(template, signed_corpus.signature(row))
        found, wanted = (line["raw"], line["score"]), (expected.log_odds, expected.score)
        assert found == pytest.approx(wanted, rel=1e-3)
        assert 1 / (1 + np.exp(-line["log_odds"])) == pytest.approx(line["score"])


def test_a_probability_rounded_to_one_has_large_but_finite_log_odds(
    signed_corpus: Corpus, make_model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gaussian, "probabilities", lambda self, raw: (raw, np.ones_like(raw)))
    trials = make_trials(signed_corpus, PROTOCOLS["paper"])
    scores = run(Gaussian("g", Encoded(make_model(), signed_corpus)), trials)
    assert scores["log_odds"].to_numpy() == pytest.approx(53 * np.log(2))


@pytest.mark.parametrize("name", ["gaussian", "cosine", "normalised", "dtw"])
def test_a_single_reference_serves(
    name: str, signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["one"])
    scores = run(systems(signed_corpus, make_model())[name], trials)
    assert np.isfinite(scores["raw"]).all()
    mean = scores.groupby("kind")["raw"].mean()
    assert mean["genuine"] > mean["random"]


def test_a_single_reference_is_scored_with_the_least_variance(
    signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    model = make_model()
    encoded = Encoded(model, signed_corpus)
    system = Gaussian("g", encoded)
    reference, questioned = encoded.of(np.array([3, 0])).astype(np.float64)
    floor = model.decision.variance_floor
    density = norm.logpdf(questioned, reference, np.sqrt(floor)).sum()
    found = system.score(system.enroll(np.array([3])), np.array([0]))
    assert found == pytest.approx(density - model.decision.log_p_no)


def test_a_template_of_80_bytes_is_not_made_of_a_single_reference(
    signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["one"])
    with pytest.raises(ModelError, match="a template needs at least 2"):
        run(Carded("c", Encoded(make_model(), signed_corpus)), trials)


def test_full_vectors_are_scored_as_they_are(
    signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    model = make_model()
    encoded = Encoded(model, signed_corpus)
    system = Gaussian("g", encoded)
    density = fit_density(encoded.of(np.arange(3, 9)), model.decision.variance_floor)
    wanted = log_density(density, encoded.of(np.array([0, 9]))) - model.decision.log_p_no
    found = system.score(system.enroll(np.arange(3, 9)), np.array([0, 9]))
    assert found.tolist() == wanted.tolist()


@pytest.mark.parametrize("kind", [Gaussian, Carded])
def test_a_model_brings_its_validation_threshold_and_whom_it_has_seen(
    kind: Any, signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    system = kind("g", Encoded(make_model(trained=("set/1", "set/2")), signed_corpus))
    assert system.threshold == 30.0
    assert system.trained_on == {"set/1", "set/2"}


def test_each_recording_is_encoded_once(
    signed_corpus: Corpus, make_model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    outputs = Model.outputs

    def counted(self: Model, features: Any) -> Any:
        counts.append(len(features))
        return outputs(self, features)

    monkeypatch.setattr(Model, "outputs", counted)
    encoded = Encoded(make_model(), signed_corpus)
    trials = make_trials(signed_corpus, PROTOCOLS["mixed"])
    run(Gaussian("g", encoded), trials)
    run(Cosine("c", encoded), trials)
    run(Carded("k", encoded), trials)
    assert counts == [len(signed_corpus)]


def test_cosine_is_the_mean_over_the_references(
    signed_corpus: Corpus, make_model: Callable[..., Model]
) -> None:
    model = make_model()
    encoded = Encoded(model, signed_corpus)
    vectors = encoded.of(np.array([0, 1, 2])).astype(float)
    system = Cosine("c", encoded)
    found = system.score(system.enroll(np.array([0, 1])), np.array([2]))
    cosines = [v @ vectors[2] / np.linalg.norm(v) / np.linalg.norm(vectors[2]) for v in vectors[:2]]
    assert found == pytest.approx([np.mean(cosines)])


def test_dtw_scores_are_normalised_distances(signed_corpus: Corpus) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/1"])
    scores = run(DTW(signed_corpus), trials)
    draw, signer, references, questioned = next(trials.enrolments())
    functions = [functions_of_time(signature) for signature in signed_corpus.signatures()]

    def matrix(rows: Any) -> Any:
        pairs = np.array([[row, reference] for row in rows for reference in references])
        return pair_distances(functions, pairs).reshape(len(rows), len(references))

    expected = -normalised_distance(matrix(questioned.index), matrix(references))
    assert (draw, signer) == (0, "set/1")
    np.testing.assert_allclose(scores["raw"], expected)
    assert scores[["log_odds", "score"]].isna().all(axis=None)


def test_dtw_computes_each_distance_once(signed_corpus: Corpus) -> None:
    totals: list[int] = []

    def progress(done: int, total: int) -> None:
        if done == total:
            totals.append(total)

    system = DTW(signed_corpus, progress)
    paper = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/0"])
    first = run(system, paper)
    # 6 references among one another, themselves included, and 3 genuines and 2 forgeries.
    assert totals == [6 * 7 // 2 + 6 * 5]
    assert run(system, paper)["raw"].tolist() == first["raw"].tolist()
    assert len(totals) == 1
    first5 = make_trials(signed_corpus, PROTOCOLS["first5"], signers=["set/0"])
    later = run(system, first5)["raw"]
    assert later.tolist() == run(DTW(signed_corpus), first5)["raw"].tolist()
    assert totals[1] < 5 * 6 // 2 + 5 * 6

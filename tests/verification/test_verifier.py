from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.errors import ModelError, PreprocessingError
from sigtdnn.evaluation.systems import Carded, Encoded
from sigtdnn.models.file import save_model
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature
from sigtdnn.verification import Verifier


def drawn(seed, noise=0.05):
    """A made-up signature: the same loops every time, less the noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(150) / 100
    x = np.cos(9 * t) + 2 * t + noise * np.cumsum(rng.normal(size=150))
    y = np.sin(13 * t) + noise * np.cumsum(rng.normal(size=150))
    return Signature.from_samples(t, x, y, np.arange(150) % 50 < 40)


REFERENCES = [drawn(seed) for seed in range(6)]


def test_a_signature_becomes_the_vector_of_the_model(model):
    found = Verifier(model).vectors(REFERENCES)
    wanted = model.encode(np.stack([preprocess(s) for s in REFERENCES]))
    assert found.shape == (6, 20)
    np.testing.assert_array_equal(found, wanted)


def test_no_signatures_give_no_vectors(model):
    assert Verifier(model).vectors([]).shape == (0, 20)


def test_score_from_the_definition(model):
    verifier = Verifier(model)
    questioned = drawn(7, noise=0.1)
    score = verifier.score(verifier.enroll(REFERENCES), questioned)

    vectors = verifier.vectors(REFERENCES).astype(np.float64)
    variance = max(vectors.var(axis=0, ddof=1).mean(), model.decision.variance_floor)
    density = norm.logpdf(verifier.vectors([questioned])[0], vectors.mean(axis=0), variance**0.5)
    log_odds = density.sum() - model.decision.log_p_no
    # The template is rounded to 7 bits.
    assert score.log_odds == pytest.approx(log_odds, rel=0.02)
    assert score.paper_score == pytest.approx(1 / (1 + np.exp(-score.log_odds)))
    assert score.score == pytest.approx(1 / (1 + np.exp(0.75 - 0.25 * score.log_odds)))


def test_the_three_numbers_have_one_order_and_higher_is_more_genuine(model):
    verifier = Verifier(model)
    template = verifier.enroll(REFERENCES)
    scores = [verifier.score(template, drawn(9, noise)) for noise in (0.02, 0.3, 1.0, 3.0)]
    assert [s.log_odds for s in scores] == sorted((s.log_odds for s in scores), reverse=True)
    assert [s.score for s in scores] == sorted((s.score for s in scores), reverse=True)
    assert [s.paper_score for s in scores] == sorted((s.paper_score for s in scores), reverse=True)
    assert scores[0].log_odds > scores[-1].log_odds


def test_the_variance_floor_of_the_model_holds(model):
    template = Verifier(model).enroll([REFERENCES[0]] * 6)
    assert template.variance == np.float32(model.card.decision.variance_floor)
    assert template.count == 6


def test_a_template_scores_the_same_after_its_80_bytes(model):
    verifier = Verifier(model)
    template = verifier.enroll(REFERENCES)
    read = verifier.template(template.to_bytes())
    questioned = [drawn(7), drawn(8, noise=1.0)]
    assert verifier.score_many(read, questioned) == verifier.score_many(template, questioned)
    assert verifier.score(read, questioned[0]).score == pytest.approx(
        verifier.score_many(read, questioned)[0].score
    )


def test_vectors_are_the_components_of_the_card(model):
    card = replace(model.card, components=(3, 5), low=(-2.0, -2.0), high=(2.0, 2.0))
    every = Verifier(model).vectors(REFERENCES)
    found = Verifier(replace(model, card=card, components=(1,))).vectors(REFERENCES)
    np.testing.assert_array_equal(found, every[:, [3, 5]])


def confident_from(model, log_odds):
    population = replace(model.card.population, update=log_odds)
    return Verifier(replace(model, card=replace(model.card, population=population)))


def test_a_confident_acceptance_updates_the_template(model):
    first = Verifier(model).enroll(REFERENCES)
    questioned = drawn(7)
    log_odds = Verifier(model).score(first, questioned).log_odds
    updated = confident_from(model, log_odds - 1e-3).update(first, questioned, first)
    assert updated.count == 7
    assert Verifier(model).score(updated, questioned).log_odds > log_odds
    assert confident_from(model, log_odds + 1e-3).update(first, questioned, first) is None


def test_what_the_first_template_does_not_know_updates_no_later_one(model):
    first = Verifier(model).enroll(REFERENCES)
    questioned = drawn(7, noise=2.0)
    vectors = Verifier(model).vectors([questioned] * 3)
    later = Verifier(model).enroll_vectors(vectors + np.float32([[-0.1], [0.1], [0]]))
    near, far = (Verifier(model).score(t, questioned).log_odds for t in (later, first))
    assert near > far + 1
    assert confident_from(model, far + 1e-3).update(later, questioned, first) is None
    assert confident_from(model, far - 1e-3).update(later, questioned, first) is not None


def test_the_verifier_tells_the_state_of_an_enrolment(model):
    verifier = Verifier(model)
    state = verifier.enrolment([*REFERENCES[:5], drawn(1, noise=20.0)])
    assert (state.given, state.odd) == (6, 5)
    assert verifier.enrolment(REFERENCES[:4], wanted=4).complete


def test_a_model_with_the_habits_of_other_statistics_is_refused(model):
    population = replace(model.card.population, habits=(0.1, 0.2))
    with pytest.raises(ModelError, match="habits of 2 statistics, this sigtdnn has 16"):
        Verifier(replace(model, card=replace(model.card, population=population)))


def test_one_reference_is_not_enough(model):
    with pytest.raises(ModelError, match="at least 2"):
        Verifier(model).enroll(REFERENCES[:1])


def test_a_questioned_signature_without_size_is_refused(model):
    verifier = Verifier(model)
    t = np.arange(50) / 100
    flat = Signature.from_samples(t, t**2, np.zeros(50), np.ones(50, bool))
    with pytest.raises(PreprocessingError, match="y does not vary"):
        verifier.score(verifier.enroll(REFERENCES), flat)


def test_loads_the_model_of_a_file_or_run_folder(tmp_path, model):
    save_model(model, tmp_path / "model.safetensors")
    for path in (tmp_path, tmp_path / "model.safetensors"):
        np.testing.assert_array_equal(
            Verifier.load(path).vectors(REFERENCES), Verifier(model).vectors(REFERENCES)
        )


def test_agrees_with_the_system_that_is_evaluated(model):

    signatures = [*REFERENCES, drawn(7), drawn(8, noise=1.0)]
    count = len(signatures)
    recordings = pd.DataFrame(
        {
            "file": [f"f{i}" for i in range(count)],
            "collection": "c",
            "signer": "c/1",
            "writer": "c/1",
            "kind": "genuine",
            "session": pd.array([pd.NA] * count, dtype="Int64"),
            "number": pd.array(range(count), dtype="Int64"),
        }
    )
    corpus = Corpus.from_signatures(recordings, signatures, {"c": Collection("c", False, True)})
    system = Carded("small", Encoded(model, corpus))
    found = system.score(system.enroll(np.arange(6)), np.arange(6, count))
    paper, calibrated = system.probabilities(found)

    verifier = Verifier(model)
    template = verifier.enroll(REFERENCES)
    wanted = [verifier.score(template, signature) for signature in signatures[6:]]
    np.testing.assert_allclose(found, [s.log_odds for s in wanted], rtol=1e-5)
    np.testing.assert_allclose(paper, [s.paper_score for s in wanted], rtol=1e-4)
    np.testing.assert_allclose(calibrated, [s.score for s in wanted], rtol=1e-4)

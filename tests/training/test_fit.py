from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest

from sigtdnn.errors import ConfigurationError, CorpusError, TooFewExamplesError
from sigtdnn.matching.calibration import Calibration
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.reference import rounded
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.matcher import GaussianSettings
from sigtdnn.matching.matcher import Comparisons
from sigtdnn.models.file import load_model, save_model
from sigtdnn.models.norms import Norms
from sigtdnn.parallel import PART
from sigtdnn.preprocessing import PreprocessingSettings, preprocess_batch
from sigtdnn.training.fit import examples_of, fit_model
from sigtdnn.verification import Verifier
from sigtdnn.verification.traits import traits_of, usual_deviations
from tests.artificial import random_encoder

KINDS = ("gaussian", "elastic")


@pytest.fixture(scope="module")
def encoder(network):
    # Not as the features of a corpus are made.
    return random_encoder(network, preprocessing=PreprocessingSettings(air="removed"))


@pytest.fixture(scope="module")
def corpora(make_corpus):
    """Signers to train on, and others to validate on."""
    return make_corpus(signers=4, genuine=8, seed=0), make_corpus(signers=3, genuine=9, seed=1)


@pytest.fixture(scope="module")
def fitted(encoder, corpora):
    """A model of each kind of matcher; the elastic one has no encoder."""
    return {
        "gaussian": fit_model("net", encoder, {"kind": "gaussian"}, *corpora, seed=7, passes=3),
        "elastic": fit_model("dtw", None, {"kind": "elastic"}, *corpora, seed=8),
    }


def test_a_model_is_what_it_was_made_of(fitted, encoder):
    network, elastic = fitted["gaussian"], fitted["elastic"]
    assert (network.name, elastic.name) == ("net", "dtw")
    assert network.encoder is encoder
    assert elastic.encoder is None
    assert isinstance(network.matcher, Gaussian)
    assert elastic.matcher == Elastic()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fitted_model_is_read_back_as_it_was(kind, fitted, tmp_path):
    model = fitted[kind]
    save_model(model, tmp_path / "model.safetensors")
    found = load_model(tmp_path)
    assert found.fingerprint == model.fingerprint
    for part in ("name", "matcher", "calibrations", "norms", "provenance"):
        assert getattr(found, part) == getattr(model, part)


def test_provenance_names_the_signers(fitted):
    for kind, seed, passes in (("gaussian", 7, 3), ("elastic", 8, 0)):
        found = fitted[kind].provenance
        assert found.corpus == "made"
        assert found.training_signers == tuple(f"made/{i}" for i in range(4))
        assert found.validation_signers == tuple(f"made/{i}" for i in range(3))
        assert found.forgers == tuple(f"made/f{i}" for i in range(4))
        assert (found.seed, found.passes) == (seed, passes)
        assert found.sigtdnn == version("sigtdnn")


def own_and_forged(corpus, signer):
    rows = corpus.recordings[corpus.recordings["signer"] == signer]
    return [
        [corpus.signature(i) for i in rows.index[rows["kind"] == kind]]
        for kind in ("genuine", "skilled")
    ]


def test_a_gaussian_is_calibrated_on_what_verification_says_of_validation_signers(fitted, corpora):
    model, verifier = fitted["gaussian"], Verifier(fitted["gaussian"])
    signers = {f"made/{i}": own_and_forged(corpora[1], f"made/{i}") for i in range(3)}
    genuine, skilled, random = [], [], []
    for signer, (own, forged) in signers.items():
        record = verifier.reference(own[-6:])
        others = [first[0] for other, (first, _) in signers.items() if other != signer]
        genuine += [score.raw for score in verifier.score_many(record, own[:-6])]
        skilled += [score.raw for score in verifier.score_many(record, forged)]
        random += [score.raw for score in verifier.score_many(record, others)]
    (found,) = model.calibrations.measured
    wanted = Calibration.fit(Comparisons(*map(np.array, (genuine, skilled, random))))
    assert (found.skilled.forgeries, found.random.forgeries) == (15, 6)
    # One at a time, a network sums in another order.
    assert found.skilled.usual == pytest.approx(wanted.skilled.usual, rel=1e-4)
    assert found.random.usual == pytest.approx(wanted.random.usual, rel=1e-4)
    assert (found.slope, found.offset) == pytest.approx((wanted.slope, wanted.offset), rel=1e-2)


def in_two_sessions(corpus, first):
    """The same, the first genuines of each signer in one session and all others in the next."""
    later = corpus.recordings["number"] >= first
    genuine = corpus.recordings["kind"] == "genuine"
    sessions = later.astype("Int64").where(genuine)
    return replace(corpus, recordings=corpus.recordings.assign(session=sessions))


def test_an_elastic_matcher_is_calibrated_with_one_to_six_references_of_a_session(corpora):
    validation = in_two_sessions(corpora[1], 3)  # 3 genuines of each signer, then 6
    model = fit_model("dtw", None, {"kind": "elastic"}, corpora[0], validation, seed=8)
    # Sets of a signer; each meets 5 forgeries of three signers, and 2 others' first genuines.
    sets = {1: 9, 2: 4, 3: 3, 4: 1, 5: 1, 6: 1}
    found = model.calibrations.measured
    assert {one.references: one.skilled.forgeries for one in found} == {
        count: 3 * 5 * number for count, number in sets.items()
    }
    assert [one.random.forgeries for one in found] == [3 * 2 * number for number in sets.values()]


@pytest.mark.parametrize("count", [1, 3])
def test_an_elastic_matcher_is_calibrated_on_what_verification_says(count, fitted, corpora):
    model, verifier = fitted["elastic"], Verifier(fitted["elastic"])
    signers = {f"made/{i}": own_and_forged(corpora[1], f"made/{i}") for i in range(3)}
    found = Comparisons([], [], [])
    for signer, (own, forged) in signers.items():
        others = [first[0] for other, (first, _) in signers.items() if other != signer]
        for start in range(0, 10 - count, count):
            record = verifier.reference(own[start : start + count])
            rest = own[:start] + own[start + count :]
            for raw, questioned in zip(found, (rest, forged, others), strict=True):
                raw += [score.raw for score in verifier.score_many(record, questioned)]
    wanted = Calibration.fit(Comparisons(*map(np.array, found)), count)
    found = model.calibrations.of(count)
    # The compiled loop sums in another order.
    assert (found.slope, found.offset) == pytest.approx((wanted.slope, wanted.offset), rel=1e-3)
    assert found.skilled.usual == pytest.approx(wanted.skilled.usual, rel=1e-4)
    assert found.random.usual == pytest.approx(wanted.random.usual, rel=1e-4)


def test_numbers_of_references_that_no_session_holds_are_left_out(corpora):
    validation = in_two_sessions(corpora[1], 4)  # 4 genuines of each signer, then 5
    model = fit_model("dtw", None, {"kind": "elastic"}, corpora[0], validation, seed=8)
    assert [one.references for one in model.calibrations.measured] == [1, 2, 3, 4, 5]
    assert model.calibrations.of(6).references == 5


def test_progress_of_learning_and_calibration_is_told(corpora):
    seen = []
    fit_model(
        "dtw", None, {"kind": "elastic"}, *corpora, seed=8,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    # Nothing is learnt in steps; few distances are computed at once.
    assert seen == [(2 * PART, 2 * PART)]


def test_a_matcher_is_fitted_on_training_and_validation_signers(fitted, corpora, encoder):
    learnt, known = (examples_of(corpus, encoder) for corpus in corpora)
    assert fitted["gaussian"].matcher == Gaussian.fit(GaussianSettings(), learnt, known)


@pytest.mark.parametrize("kind", KINDS)
def test_norms_are_those_of_the_matcher_with_six_references(kind, fitted, corpora):
    model = fitted[kind]
    learnt, known = (examples_of(c, model.encoder or model.matcher) for c in corpora)
    found = known.comparisons(
        model.matcher.enroll, model.matcher.compare, model.matcher.reference_sets(known)[6]
    )
    habits = np.array(model.norms.habits)
    wanted = Norms.fit(model.matcher, found, learnt, known, habits)
    for name in ("odd", "widest", "strangers", "confident"):
        assert getattr(model.norms, name) == pytest.approx(getattr(wanted, name), rel=1e-4)
    assert model.norms.habits == wanted.habits


def test_habits_are_those_of_genuine_training_signatures(fitted, corpora):
    training = corpora[0]
    rows = np.flatnonzero(training.recordings["kind"] == "genuine")
    traits = traits_of([training.signature(row) for row in rows])
    signer = training.recordings["signer"].to_numpy(str)[rows]
    for model in fitted.values():
        assert model.norms.habits == tuple(usual_deviations(traits, signer).tolist())


def test_a_setting_reaches_the_matcher(encoder, corpora, fitted):
    matcher = {"kind": "gaussian", "variance_floor": 0.4}
    found = fit_model("net", encoder, matcher, *corpora, seed=0)
    usual = fitted["gaussian"].matcher.variance_floor
    assert found.matcher.variance_floor == pytest.approx(2 * usual)
    assert matcher == {"kind": "gaussian", "variance_floor": 0.4}


@pytest.mark.parametrize("column", ["kind", "signer"])
@pytest.mark.parametrize("matcher", KINDS)
def test_recordings_of_unknown_signer_or_kind_teach_nothing(
    column, matcher, encoder, corpora, make_corpus, fitted
):
    larger, validation = make_corpus(signers=5, genuine=8, skilled=4), corpora[1]
    unknown = larger.recordings["signer"] == "made/4"
    larger.recordings.loc[unknown, column] = ""
    with_it, without = (
        fit_model("net", encoder if matcher == "gaussian" else None, {"kind": matcher},
                  training, validation, seed=0)
        for training in (larger, larger.select(~unknown.to_numpy()))
    )  # fmt: skip
    for part in ("matcher", "calibrations", "norms"):
        assert getattr(with_it, part) == getattr(without, part)


def test_signers_of_forgeries_alone_teach_nothing(encoder, corpora, make_corpus):
    larger = make_corpus(signers=5, genuine=8, skilled=4)
    of_last = larger.recordings["signer"] == "made/4"
    forged_alone = larger.select(~(of_last & (larger.recordings["kind"] == "genuine")).to_numpy())
    with_them, without = (
        fit_model("net", encoder, {"kind": "gaussian"}, training, corpora[1], seed=0)
        for training in (forged_alone, larger.select(~of_last.to_numpy()))
    )
    assert with_them.matcher == without.matcher
    assert "made/4" in with_them.provenance.signers


# Examples


def test_examples_are_what_the_encoder_takes_in_order_of_signing(encoder, make_corpus):
    corpus = make_corpus(signers=2, genuine=3, skilled=1)
    # The first signer's genuines were signed last one first.
    recordings = corpus.recordings.assign(number=[2, 1, 0, 0, 0, 1, 2, 0])
    corpus = type(corpus)(**{**vars(corpus), "recordings": recordings})
    found = examples_of(corpus, encoder)
    assert found.genuine.tolist() == [True, True, True, False] * 2
    assert found.signer.tolist() == ["made/0"] * 4 + ["made/1"] * 4
    assert [own.tolist() for own, _ in found.by_signer()] == [[2, 1, 0], [4, 5, 6]]
    assert [forged.tolist() for _, forged in found.by_signer()] == [[3], [7]]
    features = preprocess_batch(list(corpus.signatures()), encoder.preprocessing)
    np.testing.assert_array_equal(found.representations, encoder.encode(features))
    assert not np.array_equal(features, corpus.features(PreprocessingSettings()))


def test_without_an_encoder_the_matcher_represents(make_corpus):
    corpus = make_corpus(signers=2, genuine=2, skilled=1)
    found = examples_of(corpus, Elastic()).representations
    for functions, signature in zip(found, corpus.signatures(), strict=True):
        np.testing.assert_array_equal(functions, rounded(functions_of_time(signature)))


# Refused


@pytest.mark.parametrize(
    ("matcher", "problem"),
    [
        ({"kind": "cosine"}, "'cosine' is none of 'gaussian', 'elastic'"),
        ({}, "key 'kind' is missing; add it, one of 'gaussian', 'elastic'"),
        ({"kind": ["elastic"]}, "is none of 'gaussian', 'elastic'"),
        ({"kind": "gaussian", "floor": 0.2}, "matcher: unknown key 'floor'.*variance_floor"),
        ({"kind": "gaussian", "variance_floor": "0.2"}, "matcher, variance_floor: float is wanted"),
        ({"kind": "gaussian", "variance_floor": -0.1}, "variance_floor is 0 or more"),
    ],
)
def test_an_unknown_matcher_or_setting_is_refused_by_name(matcher, problem, encoder, corpora):
    with pytest.raises(ConfigurationError, match=problem):
        fit_model("net", encoder, matcher, *corpora, seed=0)


@pytest.mark.parametrize("matcher", KINDS)
def test_training_signers_of_one_signature_each_are_refused(matcher, encoder, corpora, make_corpus):
    few = make_corpus(signers=4, genuine=1, skilled=1)
    with pytest.raises(TooFewExamplesError, match="no training signer has two genuine signatures"):
        fit_model("net", encoder, {"kind": matcher}, few, corpora[1], seed=0)


def test_unknown_settings_of_the_elastic_matcher_are_refused(corpora):
    with pytest.raises(ConfigurationError, match="matcher: unknown key 'band'"):
        fit_model("dtw", None, {"kind": "elastic", "band": 10}, *corpora, seed=0)


def test_a_matcher_is_fitted_on_what_it_can_compare(encoder, corpora):
    with pytest.raises(ConfigurationError, match="the matcher 'gaussian' needs an encoder"):
        fit_model("net", None, {"kind": "gaussian"}, *corpora, seed=0)
    with pytest.raises(ConfigurationError, match="the matcher 'elastic' takes functions"):
        fit_model("net", encoder, {"kind": "elastic"}, *corpora, seed=0)


@pytest.mark.parametrize(
    ("kind", "signed", "problem"),
    [
        ("gaussian", {"genuine": 9, "skilled": 0}, "9 genuines to question and 0 forgeries"),
        ("gaussian", {"genuine": 6, "skilled": 5}, "0 genuines to question and 0 forgeries"),
        ("elastic", {"genuine": 3, "skilled": 0}, "18 genuines to question and 0 forgeries"),
        ("elastic", {"genuine": 1, "skilled": 5}, "0 genuines to question and 0 forgeries"),
    ],
)
def test_validation_signers_that_calibrate_nothing_are_refused(
    kind, signed, problem, encoder, corpora, make_corpus
):
    validation = make_corpus(signers=3, **signed)
    with pytest.raises(CorpusError, match=problem):
        fit_model(
            "net",
            encoder if kind == "gaussian" else None,
            {"kind": kind},
            corpora[0],
            validation,
            seed=0,
        )

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from sigtdnn.errors import ConfigurationError, CorpusError, EnrolmentError
from sigtdnn.evaluation.systems import RowRepresentations, model_system, run
from sigtdnn.matching.calibration import Calibration, Calibrations
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.gaussian.components import choose_components, ranges
from sigtdnn.matching.gaussian.density import fit_density, log_density
from sigtdnn.matching.gaussian.matcher import GaussianSettings, paper_score
from sigtdnn.matching.gaussian.vectors import DIRECT
from sigtdnn.matching.matcher import REFERENCES
from sigtdnn.tables import settings_from
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier
from tests.artificial import examples

NAN, INF = float("nan"), float("inf")
WIDE = np.concatenate([-np.logspace(8, -8, 200), [0.0], np.logspace(-8, 8, 200)])


def vectors(count, size=20, seed=0):
    return np.random.default_rng(seed).normal(0.2, 0.1, (count, size)).astype(np.float32)


# The paper's score


def test_paper_score_is_p_yes_over_the_sum_of_p_yes_and_p_no():
    p_yes, p_no = np.array([0.2, 0.5, 0.001]), 0.1
    found = paper_score(np.log(p_yes) - np.log(p_no))
    np.testing.assert_allclose(found, p_yes / (p_yes + p_no))


def test_paper_score_keeps_the_order_and_saturates_into_ties():
    scores = paper_score(WIDE)
    assert (np.diff(scores) >= 0).all()
    assert scores[0] == 0
    assert paper_score(np.array([50.0, 5000.0])).tolist() == [1, 1]


def test_paper_score_still_tells_poor_forgeries_apart():
    low = paper_score(np.array([-700.0, -699.0, -60.0, -59.0]))
    assert (np.diff(low) > 0).all()


# Enrolled and compared


def test_raw_is_the_density_of_the_rounded_template_against_p_no(make_matcher):
    matcher = make_matcher(20, components=(3, 7, 19), low=(-1.0,) * 3, high=(1.0,) * 3)
    references, questioned = vectors(6), vectors(4, seed=1)
    template = matcher.enroll(references)
    step = 2 / 127
    mean = references[:, [3, 7, 19]].mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(template.mean, -1 + np.round((mean + 1) / step) * step, atol=1e-9)
    density = fit_density(references[:, [3, 7, 19]], 1e-6)
    assert template.variance == np.float32(density.variance)
    wanted = log_density(template, questioned[:, [3, 7, 19]]) - 20.0
    assert matcher.compare(template, questioned).tolist() == wanted.tolist()
    assert matcher.count(template) == 6


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_references_are_refused(make_matcher, count):
    with pytest.raises(EnrolmentError, match="a template needs at least 2"):
        make_matcher(20).enroll(vectors(count))


def test_one_vector_is_compared_with_many_templates_as_with_each(make_matcher):
    matcher = make_matcher(20)
    templates = [matcher.enroll(vectors(6, seed=seed)) for seed in range(5)]
    questioned = vectors(1, seed=9)[0]
    each = [matcher.compare(template, questioned[None])[0] for template in templates]
    np.testing.assert_allclose(matcher.compare_each(templates, questioned), each, rtol=1e-6)


def test_likeness_is_minus_the_distance_from_the_others_in_their_variance(make_matcher):
    # Without 4 the others have mean 1 and variance (1 + 0 + 1) / 2, expected 1 x (1 + 1/3).
    values = np.array([[0.0], [1.0], [2.0], [4.0]], np.float32)
    found = make_matcher(1).leave_one_out(values)
    assert found[3] == pytest.approx(-9 / (4 / 3))
    # Without 1: mean 2, variance (4 + 0 + 4) / 2.
    assert found[1] == pytest.approx(-1 / (4 * 4 / 3))


def test_likeness_of_one_signer_is_minus_one_on_average(make_matcher):
    matcher = make_matcher(20)
    found = [matcher.leave_one_out(vectors(6, seed=seed)) for seed in range(200)]
    assert np.mean(found) == pytest.approx(-1, rel=0.05)


def test_likeness_takes_the_floor(make_matcher):
    wide = make_matcher(1, variance_floor=100.0)
    found = wide.leave_one_out(np.array([[0.0], [1.0], [2.0], [4.0]], np.float32))
    assert found[3] == pytest.approx(-9 / (100 * 4 / 3))


def test_dispersion_is_the_pooled_variance(make_matcher):
    own = vectors(6)
    wanted = own.astype(float).var(axis=0, ddof=1).mean()
    assert make_matcher(20).dispersion(own) == pytest.approx(wanted)
    assert make_matcher(20, variance_floor=9.0).dispersion(own) == 9.0


def test_protection_is_the_share_of_forgeries_beyond_the_reach(make_matcher):
    # Known forgeries at even shares, distances 0, 0.1, 0.2, 0.4 and 0.8.
    matcher = make_matcher(20)
    template = matcher.enroll(vectors(6))

    def threshold(distance):
        """The raw number of a vector so far from the template."""
        vector = (template.mean + math.sqrt(distance)).astype(np.float32)
        return float(matcher.compare(template, vector[None])[0])

    for distance, share in ((0.1, 0.75), (0.3, 0.375), (0.8, 0.0), (2.0, 0.0)):
        found = matcher.protection(template, threshold(distance))
        assert found == pytest.approx(share, abs=1e-4)


def test_protection_is_not_known_where_the_signer_would_be_rejected_too(make_matcher):
    matcher = make_matcher(20)
    template = matcher.enroll(vectors(6))
    near = (template.mean + math.sqrt(template.variance / 2)).astype(np.float32)
    assert matcher.protection(template, float(matcher.compare(template, near[None])[0])) is None


def test_variants_are_whole_vectors_and_the_direct_comparisons(make_matcher):
    matcher = make_matcher(20)
    assert matcher.variants() == {
        "whole": (matcher.whole, Calibrations((matcher.whole.calibration,))),
        "cosine": (DIRECT["cosine"], None),
        "normalised": (DIRECT["normalised"], None),
    }


# Refused


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"components": ()}, "1 to 76 components"),
        ({"components": tuple(range(77))}, "1 to 76 components"),
        ({"components": (0, 1, 1)}, "ascending"),
        ({"components": (1, 0, 2)}, "ascending"),
        ({"components": (-1, 0, 2)}, "ascending"),
        ({"low": (0.0, 0.0)}, "one range a component"),
        ({"high": (1.0, 1.0, 1.0, 1.0)}, "one range a component"),
        ({"high": (0.0, 1.0, 1.0)}, "range is empty or not finite"),
        ({"low": (2.0, 0.0, 0.0)}, "range is empty or not finite"),
        ({"low": (NAN, 0.0, 0.0)}, "range is empty or not finite"),
        ({"high": (1.0, INF, 1.0)}, "range is empty or not finite"),
        ({"low": (-1e308, 0.0, 0.0), "high": (1e308, 1.0, 1.0)}, "range is empty or not finite"),
        ({"low": (1.0, 0.0, 0.0), "high": (float(np.nextafter(1, 2)), 1.0, 1.0)}, "range is empty"),
        ({"forged": (0.5,)}, "distances of forgeries"),
        ({"forged": (0.5, 0.2)}, "distances of forgeries"),
        ({"forged": (-0.1, 0.2)}, "distances of forgeries"),
        ({"forged": (NAN, 0.2)}, "distances of forgeries"),
        ({"forged": (0.0, NAN)}, "distances of forgeries"),
        ({"forged": (0.0, INF)}, "not finite"),
        ({"variance_floor": -0.1}, "below 0"),
        ({"variance_floor": NAN}, "not finite"),
        ({"variance_floor": INF}, "not finite"),
    ],
    ids=str,
)
def test_a_matcher_that_holds_no_template_is_refused(make_matcher, change, problem):
    matcher = replace(make_matcher(20), components=(0, 1, 2), low=(0.0,) * 3, high=(1.0,) * 3)
    with pytest.raises(ValueError, match=problem):
        replace(matcher, **change)


def test_components_must_be_outputs_of_the_network(make_matcher):
    matcher = make_matcher(20)
    matcher.require_size(20)
    for size in (19, None):
        with pytest.raises(ValueError, match=r"outputs of the network, 0\.\.18|needs an encoder"):
            matcher.require_size(size)
    wider = replace(matcher, whole=replace(matcher.whole, components=(0, 20)))
    with pytest.raises(ValueError, match="outputs of the network"):
        wider.require_size(20)


# Fitted


def groups(examples):
    """Genuine and forged vectors of each signer, in the order of the corpus."""
    vectors = np.asarray(examples.representations)
    for signer in sorted(set(examples.signer)):
        own = examples.signer == signer
        yield vectors[own & examples.genuine], vectors[own & ~examples.genuine]


def represented(model, corpus):
    """The recordings of a corpus as the model itself represents them."""
    return examples(
        model.represent(list(corpus.signatures())),
        corpus.recordings["signer"],
        corpus.recordings["kind"] == "genuine",
    )


@pytest.fixture(scope="module")
def known(fitted):
    """The validation signers, represented."""
    return represented(fitted.model, fitted.validation)


@pytest.fixture(scope="module")
def learnt(fitted):
    """The training signers, represented."""
    return represented(fitted.model, fitted.training)


def test_all_outputs_are_kept_where_they_are_fewer_than_a_template_holds(fitted):
    assert fitted.model.matcher.components == tuple(range(30))
    assert fitted.model.matcher.whole.components == tuple(range(30))


def test_components_and_ranges_are_chosen_on_the_training_signers(learnt, known):
    mixing = np.random.default_rng(0).normal(size=(30, 90)).astype(np.float32)
    wide = [
        replace(part, representations=part.representations @ mixing) for part in (learnt, known)
    ]
    matcher = Gaussian.fit(GaussianSettings(), *wide)
    assert matcher.components == choose_components(wide[0], 76)
    assert matcher.components != choose_components(wide[1], 76)
    assert matcher.components != tuple(range(76))
    kept = wide[0].representations[:, list(matcher.components)]
    assert (matcher.low, matcher.high) == ranges(kept)
    assert matcher.whole.components == tuple(range(90))


def test_new_signers_stay_within_the_ranges(fitted, known):
    matcher = fitted.model.matcher
    outputs = known.representations[:, list(matcher.components)]
    # Nearly: there are few training signers here.
    assert ((outputs >= matcher.low) & (outputs <= matcher.high)).mean() > 0.98


def test_the_variance_floor_is_a_share_of_the_mean_over_training_signers(fitted, learnt):
    variances = [own.astype(float).var(axis=0, ddof=1).mean() for own, _ in groups(learnt)]
    assert fitted.model.matcher.variance_floor == pytest.approx(0.2 * np.mean(variances), rel=1e-5)
    assert fitted.model.matcher.whole.variance_floor == pytest.approx(
        0.2 * np.mean(variances), rel=1e-5
    )


def test_p_no_and_calibration_are_those_of_the_80_byte_templates(fitted):
    model, validation = fitted.model, fitted.validation
    verifier = Verifier(model)
    genuine, forged = [], []
    for _, rows in validation.recordings.groupby("signer"):
        own = [validation.signature(i) for i in rows.index[rows["kind"] == "genuine"]]
        others = [validation.signature(i) for i in rows.index[rows["kind"] == "skilled"]]
        record = verifier.reference(own[-6:])
        assert len(record.template) == 80
        genuine += [s.raw for s in verifier.score_many(record, own[:-6])]
        forged += [s.raw for s in verifier.score_many(record, others)]
    (calibration,) = model.calibrations.measured
    assert calibration.references == 6
    assert calibration.skilled.forgeries == len(forged)
    # Each of three signers is compared with the others' first.
    assert calibration.random.forgeries == 6
    # p-no is the mean density of the forgeries: their mean odds are even.
    assert np.mean(np.exp(forged)) == pytest.approx(1)
    usual = calibration.skilled.usual
    assert np.mean(np.array(forged) >= usual) == pytest.approx(0.2, abs=1.1 / len(forged))


def test_whole_vectors_have_a_p_no_and_a_calibration_of_their_own(fitted, known):
    whole = fitted.model.matcher.whole
    genuine, forged = [], []
    for own, skilled in groups(known):
        density = fit_density(own[-6:], whole.variance_floor)
        genuine += log_density(density, own[:-6]).tolist()
        forged += log_density(density, skilled).tolist()
    assert whole.prior.log_p_no == pytest.approx(logsumexp(forged) - math.log(15), abs=1e-2)
    assert whole.prior.log_p_no != pytest.approx(fitted.model.matcher.prior.log_p_no, abs=0.1)
    largest = math.exp(max(forged) - logsumexp(forged))
    assert whole.prior.largest_share == pytest.approx(largest, rel=1e-2)
    assert whole.calibration.skilled.forgeries == len(forged) == 15
    observed = np.concatenate([genuine, forged]) - whole.prior.log_p_no
    assert np.abs(whole.calibration.skilled.usual - observed).min() < 1e-3


def test_a_model_is_fitted_on_the_papers_protocol(fitted, known):
    model, corpus = fitted.model, fitted.validation
    assert PROTOCOLS["paper"].references == REFERENCES == 6
    scores = run(
        model_system("m", model, RowRepresentations(model.represent, corpus)),
        make_trials(corpus, PROTOCOLS["paper"]),
    )
    found = known.comparisons(model.matcher.enroll, model.matcher.compare)
    for raw, kind in zip(found, ("genuine", "skilled", "random"), strict=True):
        wanted = scores["raw"][scores["kind"] == kind]
        np.testing.assert_allclose(np.sort(raw), np.sort(wanted), rtol=1e-4)
    assert model.calibrations == Calibrations((Calibration.fit(found),))


def test_distances_of_forgeries_are_of_validation_signers(fitted, known):
    distances = []
    for own, skilled in groups(known):
        distances += ((skilled - own[-6:].astype(float).mean(axis=0)) ** 2).mean(axis=1).tolist()
    forged = fitted.model.matcher.forged
    assert len(forged) == 21
    assert forged[0] == pytest.approx(min(distances), rel=1e-5)
    assert forged[10] == pytest.approx(np.median(distances), rel=1e-5)
    assert forged[-1] == pytest.approx(max(distances), rel=1e-5)


def test_bounds_of_an_update_are_of_training_and_validation_signers(fitted, learnt, known):
    matcher = fitted.model.matcher
    drift, widening = [], []
    for own, _ in (*groups(learnt), *groups(known)):
        early, late = (
            fit_density(half, matcher.variance_floor)
            for half in (own[: len(own) // 2], own[len(own) // 2 :])
        )
        drift.append(((late.mean - early.mean) ** 2).mean() / early.variance)
        widening.append(late.variance / early.variance)
    assert matcher.bounds.drift == pytest.approx(np.quantile(drift, 0.9), rel=1e-5)
    assert matcher.bounds.widening == pytest.approx(max(np.quantile(widening, 0.9), 1), rel=1e-5)


def test_signers_with_fewer_than_six_genuines_set_no_bound(learnt, known):
    few = examples(
        np.concatenate([learnt.representations, 9 * np.arange(5 * 30).reshape(5, 30)]),
        np.concatenate([learnt.signer, ["few"] * 5]),
        np.concatenate([learnt.genuine, [True] * 5]),
    )
    settings = GaussianSettings(variance_floor=0.0)
    with_few, without = (Gaussian.fit(settings, part, known) for part in (few, learnt))
    assert with_few.bounds == without.bounds


def test_signers_without_forgeries_decide_nothing(fitted, make_corpus):
    silent = make_corpus(signers=3, genuine=9, skilled=0)
    with pytest.raises(CorpusError, match="9 genuines to question and 0 forgeries"):
        fit_model(
            "small", fitted.model.encoder, {"kind": "gaussian"}, fitted.training, silent, seed=0
        )


@pytest.mark.parametrize(
    "settings", [{"floor": 0.1}, {"variance_floor": -1.0}, {"variance_floor": NAN}], ids=str
)
def test_settings_that_the_matcher_does_not_have_are_refused(settings):
    with pytest.raises(ConfigurationError, match=r"matcher: .*floor"):
        settings_from(Gaussian.settings(), settings, "matcher")


def test_without_an_encoder_it_represents_nothing(fitted):
    with pytest.raises(ConfigurationError, match="'gaussian' needs an encoder"):
        fit_model("none", None, {"kind": "gaussian"}, fitted.training, fitted.validation, seed=0)

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import EnrolmentError, ProtocolError
from sigtdnn.evaluation.systems import (
    ComparatorSystem,
    RowRepresentations,
    System,
    dtw_system,
    model_system,
    run,
)
from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.elastic import TEXTBOOK, Elastic
from sigtdnn.matching.elastic.dtw import pair_distances
from sigtdnn.matching.elastic.matcher import DistanceTable
from sigtdnn.matching.elastic.normalisation import Spread, normalised
from sigtdnn.matching.gaussian.density import fit_density, log_density
from sigtdnn.matching.packing import StoredTemplates
from sigtdnn.models.model import Model
from sigtdnn.signature import Signature
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier

MakeModel = Callable[..., Model]
NAMES = ["stored", "whole", "cosine", "normalised", "dtw"]
UNCALIBRATED = ["cosine", "normalised", "dtw"]


def system(name: str, model: Model, corpus: Corpus) -> ComparatorSystem:
    if name == "dtw":
        return dtw_system(corpus)
    represented = RowRepresentations(model.represent, corpus)
    return model_system(name, model, represented, "" if name == "stored" else name)


def elastic(model: Model) -> Model:
    """The same with the other matcher, which has no network."""
    return replace(model, encoder=None, matcher=Elastic())


@pytest.mark.parametrize("name", NAMES)
def test_scores_have_a_line_for_every_questioned_recording(
    name: str, signed_corpus: Corpus, make_model: MakeModel
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["mixed"])
    scores = run(system(name, make_model(), signed_corpus), trials)
    questioned = trials.table[trials.table["role"] != "reference"]
    assert scores["questioned"].tolist() == questioned["file"].tolist()
    assert scores["kind"].tolist() == questioned["role"].tolist()
    assert scores["signer"].tolist() == questioned["signer"].tolist()
    assert scores["draw"].tolist() == questioned["draw"].tolist()
    assert set(scores["system"]) == {name}
    assert np.isfinite(scores["raw"]).all()


@pytest.mark.parametrize("name", NAMES)
def test_higher_means_more_genuine(name: str, signed_corpus: Corpus, make_model: MakeModel) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["paper"])
    scores = run(system(name, make_model(), signed_corpus), trials)
    mean = scores.groupby("kind")["raw"].mean()
    assert mean["genuine"] > mean["skilled"]
    assert mean["genuine"] > mean["random"]


@pytest.mark.parametrize("name", ["stored", "whole"])
def test_log_odds_and_score_follow_from_raw(
    name: str, signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model()
    scores = run(system(name, model, signed_corpus), make_trials(signed_corpus, PROTOCOLS["paper"]))
    own = {"stored": model.calibrations.of(6), "whole": model.matcher.whole.calibration}[name]
    line = own.slope * scores["raw"] + own.offset
    np.testing.assert_allclose(scores["log_odds"], line)
    np.testing.assert_allclose(scores["score"], expit(line), atol=1e-300)


@pytest.mark.parametrize("name", UNCALIBRATED)
def test_a_system_without_calibration_has_no_odds_and_no_threshold(
    name: str, signed_corpus: Corpus, make_model: MakeModel
) -> None:
    tested = system(name, make_model(), signed_corpus)
    scores = run(tested, make_trials(signed_corpus, PROTOCOLS["paper"]))
    assert scores[["log_odds", "score", "threshold"]].isna().all(axis=None)
    assert tested.threshold(6) is None


@pytest.mark.parametrize("made", [lambda model: model, elastic], ids=["gaussian", "elastic"])
def test_scores_of_a_model_are_those_of_the_verifier(
    made: Callable[[Model], Model], signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = made(make_model())
    trials = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/0"])
    scores = run(system("stored", model, signed_corpus), trials)
    verifier = Verifier(model)
    record = verifier.reference([signed_corpus.signature(row) for row in range(3, 9)])
    for row, (_, line) in zip((0, 1, 2, 9, 10), scores.iterrows(), strict=True):
        expected = verifier.score(record, signed_corpus.signature(row))
        found = (line["raw"], line["log_odds"], line["score"])
        # Of many signatures at once a network sums in another order.
        assert found == pytest.approx((expected.raw, expected.log_odds, expected.score), rel=1e-4)


def test_distances_compared_beforehand_are_those_of_stored_templates(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model, trials = elastic(make_model()), make_trials(signed_corpus, PROTOCOLS["mixed"])
    tested, unprepared = (system("stored", model, signed_corpus) for _ in range(2))
    found = run(tested, trials)["raw"]
    assert isinstance(tested.comparator, DistanceTable)
    assert isinstance(unprepared.comparator, StoredTemplates)
    wanted = [
        unprepared.compare(unprepared.enroll(references), questioned.index.to_numpy())
        for _, _, references, questioned in trials.enrolments()
    ]
    # The compiled loop sums in another order.
    np.testing.assert_allclose(found, np.concatenate(wanted), atol=1e-5)


@pytest.mark.parametrize("name", ["whole", "cosine", "normalised", "dtw"])
def test_a_single_reference_serves(name: str, signed_corpus: Corpus, make_model: MakeModel) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["one"])
    scores = run(system(name, make_model(), signed_corpus), trials)
    assert np.isfinite(scores["raw"]).all()
    mean = scores.groupby("kind")["raw"].mean()
    assert mean["genuine"] > mean["random"]


def test_a_single_reference_is_scored_with_the_least_variance(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model()
    signatures = [signed_corpus.signature(row) for row in (3, 0)]
    reference, questioned = np.asarray(model.represent(signatures), np.float64)
    whole = model.matcher.whole
    density = norm.logpdf(questioned, reference, np.sqrt(whole.variance_floor)).sum()
    tested = system("whole", model, signed_corpus)
    found = tested.compare(tested.enroll(np.array([3])), np.array([0]))
    assert found == pytest.approx(density - whole.prior.log_p_no)


def test_a_template_of_80_bytes_is_not_made_of_a_single_reference(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["one"])
    with pytest.raises(EnrolmentError, match="a template needs at least 2"):
        run(system("stored", make_model(), signed_corpus), trials)


def test_whole_vectors_are_compared_as_they_are(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model()
    represented = RowRepresentations(model.represent, signed_corpus)
    references, questioned = np.arange(3, 9), np.array([0, 9])
    whole = model.matcher.whole
    density = fit_density(np.asarray(represented.of(references)), whole.variance_floor)
    wanted = log_density(density, np.asarray(represented.of(questioned))) - whole.prior.log_p_no
    tested = model_system("w", model, represented, "whole")
    found = tested.compare(tested.enroll(references), questioned)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_every_calibrated_system_brings_its_own_threshold(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model()
    for name, calibration in (
        ("stored", model.calibrations.of(6)),
        ("whole", model.matcher.whole.calibration),
    ):
        tested = system(name, model, signed_corpus)
        assert tested.threshold(6) == calibration.threshold()
        assert tested.threshold(6, far=0.05) == calibration.threshold(far=0.05)
        assert tested.threshold(6, far_random=0.05) == calibration.threshold(far_random=0.05)
    assert model.calibrations.of(6).threshold() != model.matcher.whole.calibration.threshold()


def test_scores_are_calibrated_for_the_number_of_references(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = elastic(make_model())
    one = model.calibrations.of(6)
    few = replace(one, references=1, slope=7.0, skilled=replace(one.skilled, usual=-9.0))
    model = replace(model, calibrations=Calibrations((few, one)))
    for protocol, count, used in (("one", 1, few), ("mixed", 5, few), ("paper", 6, one)):
        trials = make_trials(signed_corpus, PROTOCOLS[protocol], signers=["set/0"])
        scores = run(system("stored", model, signed_corpus), trials)
        assert set(scores["references"]) == {count}
        assert set(scores["threshold"]) == {used.threshold()}
        np.testing.assert_allclose(scores["log_odds"], used.log_odds(scores["raw"].to_numpy()))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "dtw"])
def test_a_model_tells_whom_it_has_seen(
    name: str, signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model(trained=("set/1", "set/2"))
    assert system(name, model, signed_corpus).trained_on == {"set/1", "set/2"}


def test_dtw_has_seen_nobody(signed_corpus: Corpus) -> None:
    assert dtw_system(signed_corpus).trained_on == frozenset()


def test_a_variant_that_the_matcher_lacks_is_refused(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    for model, known in (
        (make_model(), "whole, cosine, normalised"),
        (elastic(make_model()), "none"),
    ):
        with pytest.raises(ProtocolError, match=f"no variant 'card'; its variants are: {known}"):
            system("card", model, signed_corpus)


def test_each_recording_is_represented_once(signed_corpus: Corpus, make_model: MakeModel) -> None:
    model = make_model()
    counts: list[int] = []

    def counted(signatures: Sequence[Signature]) -> Any:
        counts.append(len(signatures))
        return model.represent(signatures)

    represented = RowRepresentations(counted, signed_corpus)
    trials = make_trials(signed_corpus, PROTOCOLS["mixed"])
    systems: list[System] = [
        model_system(variant, model, represented, variant) for variant in ("", "whole", "cosine")
    ]
    for one in systems:
        run(one, trials)
    assert counts == [len(signed_corpus)]


def test_representations_are_those_of_their_rows(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    represent = make_model().represent
    represented = RowRepresentations(represent, signed_corpus)
    represented.of(np.array([4, 2]))
    found = represented.of(np.array([7, 2, 0, 2]))
    wanted = represent([signed_corpus.signature(row) for row in (7, 2, 0, 2)])
    np.testing.assert_allclose(found, wanted, rtol=1e-4)


def test_cosine_is_the_mean_over_the_references(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model()
    signatures = [signed_corpus.signature(row) for row in range(3)]
    vectors = np.asarray(model.represent(signatures), np.float64)
    tested = system("cosine", model, signed_corpus)
    found = tested.compare(tested.enroll(np.array([0, 1])), np.array([2]))
    cosines = [v @ vectors[2] / np.linalg.norm(v) / np.linalg.norm(vectors[2]) for v in vectors[:2]]
    assert found == pytest.approx([np.mean(cosines)], rel=1e-6)


def test_dtw_compares_by_normalised_distances(signed_corpus: Corpus) -> None:
    trials = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/1"])
    scores = run(dtw_system(signed_corpus), trials)
    draw, signer, references, questioned = next(trials.enrolments())
    functions = TEXTBOOK.represent(list(signed_corpus.signatures()))

    def matrix(rows: Any) -> Any:
        pairs = np.array([[row, reference] for row in rows for reference in references])
        found = pair_distances(functions, pairs, "absolute", 6)
        return found.reshape(len(rows), len(references))

    expected = -normalised(matrix(questioned.index), Spread.of(matrix(references)))
    assert (draw, signer) == (0, "set/1")
    np.testing.assert_allclose(scores["raw"], expected, rtol=1e-5)


def test_dtw_computes_each_distance_once(signed_corpus: Corpus) -> None:
    totals: list[int] = []

    def progress(done: int, total: int) -> None:
        if done == total:
            totals.append(total)

    tested = dtw_system(signed_corpus, progress)
    paper = make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/0"])
    first = run(tested, paper)
    # 6 references among one another, themselves included, and 3 genuines and 2 forgeries.
    assert totals == [6 * 7 // 2 + 6 * 5]
    assert run(tested, paper)["raw"].tolist() == first["raw"].tolist()
    assert len(totals) == 1
    first5 = make_trials(signed_corpus, PROTOCOLS["first5"], signers=["set/0"])
    later = run(tested, first5)["raw"]
    assert later.tolist() == run(dtw_system(signed_corpus), first5)["raw"].tolist()
    assert totals[1] < 5 * 6 // 2 + 5 * 6

from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.matching.gaussian.density import fit_density
from sigtdnn.matching.matcher import Comparisons
from sigtdnn.models.norms import Norms
from sigtdnn.training.fit import examples_of
from sigtdnn.verification.traits import MIN_HABIT, TRAITS, traits_of
from tests.artificial import NORMS

NAN, INF = float("nan"), float("inf")


def test_a_signature_is_odd_when_it_is_less_like_the_others_than_anybodys():
    norms = replace(NORMS, odd=-4.0)
    assert norms.odd_one(np.array([-1.0, -4.1, -1.0, -5.0, -2.0])) == 3
    assert norms.odd_one(np.array([-1.0, -4.0, -1.0])) is None


@pytest.mark.parametrize(
    "change",
    [
        {"odd": NAN},
        {"odd": -INF},
        {"widest": INF},
        {"widest": NAN},
        {"confident": NAN},
        {"confident": INF},
        {"habits": (0.1, 0.0)},
        {"habits": (0.1, -0.1)},
        {"habits": (0.1, NAN)},
        {"habits": (0.1, INF)},
    ],
    ids=str,
)
def test_norms_that_judge_nobody_are_refused(change):
    with pytest.raises(ValueError, match=r"positive|finite"):
        replace(NORMS, **change)


# Fitted


def sixes(fitted, corpus):
    """The vectors of the enrolments that each signer's genuines make."""
    vectors = fitted.model.represent(list(corpus.signatures()))
    for _, rows in corpus.recordings.groupby("signer"):
        own = vectors[rows.index[rows["kind"] == "genuine"].to_numpy()]
        for start in range(0, len(own) - 5, 6):
            yield own[start : start + 6]


def test_what_is_odd_one_genuine_enrolment_in_twenty_exceeds(fitted):
    floor = fitted.model.matcher.variance_floor
    found = []
    for corpus in (fitted.training, fitted.validation):
        for six in sixes(fitted, corpus):
            likeness = []
            for i, vector in enumerate(six):
                others = fit_density(np.delete(six, i, axis=0), floor)
                likeness.append(-np.mean((vector - others.mean) ** 2) / others.variance / 1.2)
            found.append(min(likeness))
    assert len(found) == 5 + 2 * 3
    assert fitted.model.norms.odd == pytest.approx(np.quantile(found, 0.05), rel=1e-5)


def test_the_widest_dispersion_is_of_validation_signers(fitted):
    floor = fitted.model.matcher.variance_floor
    found = [fit_density(six, floor).variance for six in sixes(fitted, fitted.validation)]
    assert len(found) == 6
    assert fitted.model.norms.widest == pytest.approx(np.quantile(found, 0.95), rel=1e-5)


def test_the_threshold_of_an_update_is_stricter(fitted):
    model = fitted.model
    known = examples_of(fitted.validation, model.encoder)
    found = known.comparisons(model.matcher.enroll, model.matcher.compare)
    assert model.norms.confident >= model.calibrations.of(6).threshold()
    assert np.mean(found.skilled >= model.norms.confident) <= 0.01


def test_an_update_takes_the_least_number_that_one_forgery_in_a_hundred_reaches(fitted):
    model = fitted.model
    learnt, known = (
        examples_of(corpus, model.encoder) for corpus in (fitted.training, fitted.validation)
    )
    found = Comparisons(np.array([300.0, 98.5]), np.arange(200.0), np.array([-1.0]))
    for genuine, confident in ((98.5, 198), (197.5, 197.5)):
        changed = found._replace(genuine=np.array([300.0, genuine]))
        norms = Norms.fit(model.matcher, changed, learnt, known, np.full(len(TRAITS), 0.1))
        assert norms.confident == confident
        assert norms.odd == model.norms.odd


def test_habits_are_deviations_within_signers(fitted):
    training, habits = fitted.training, fitted.model.norms.habits
    traits = traits_of(list(training.signatures()))
    own = [
        traits[rows.index[rows["kind"] == "genuine"]].var(axis=0, ddof=1)
        for _, rows in training.recordings.groupby("signer")
    ]
    assert habits == pytest.approx(np.maximum(np.sqrt(np.mean(own, axis=0)), MIN_HABIT))
    # Every signature there has two strokes.
    assert habits[list(TRAITS).index("strokes")] == MIN_HABIT

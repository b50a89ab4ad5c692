"""A false acceptance rate asked for, and what the threshold for it accepts."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.promise import ASKED, promises
from sigtdnn.evaluation.systems import (
    ComparatorSystem,
    RowRepresentations,
    dtw_system,
    model_system,
    run,
)
from sigtdnn.matching.calibration import Calibrations, FalseAcceptance
from sigtdnn.models.model import Model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from tests.artificial import CALIBRATION, elastic_model

MakeModel = Callable[..., Model]
# Of normal deviates: skilled forgeries around 0, random ones around -3.
NORMAL = replace(
    CALIBRATION,
    skilled=FalseAcceptance(0.8416, 1.0, 10_000),
    random=FalseAcceptance(-3 + 0.8416, 1.0, 10_000),
)


def calibrated(corpus: Corpus, *calibrations: object) -> ComparatorSystem:
    model = replace(elastic_model(), calibrations=Calibrations(calibrations))
    return model_system("g", model, RowRepresentations(model.represent, corpus))


def made_up(signers: int = 50, draws: int = 2, references: int = 6) -> pd.DataFrame:
    """The scores of normal deviates."""
    rng = np.random.default_rng(0)
    kinds = np.repeat(["genuine", "skilled", "random"], [40, 200, 2000])
    means = np.repeat([3.0, 0.0, -3.0], [40, 200, 2000])
    parts = [
        pd.DataFrame({"draw": draw, "signer": f"{signer}", "kind": kinds, "raw": rng.normal(means)})
        for draw in range(draws)
        for signer in range(signers)
    ]
    return pd.concat(parts, ignore_index=True).assign(references=references)


def test_what_was_measured_alike_is_kept(signed_corpus: Corpus) -> None:
    found = promises(calibrated(signed_corpus, NORMAL), made_up())
    assert [(one.kind, one.asked) for one in found] == list(ASKED)
    for one in found:
        assert one.far.mean == pytest.approx(one.asked, rel=0.15)
        assert one.far.ci95 is not None
        assert one.far.ci95[0] < one.far.mean < one.far.ci95[1]
    assert [one.ga.mean for one in found] == pytest.approx([0.75, 0.91, 0.985, 1, 1], abs=0.01)


def test_rates_and_intervals_are_over_draws_and_signers(signed_corpus: Corpus) -> None:
    scores = made_up(signers=3)
    (found,) = (
        one
        for one in promises(calibrated(signed_corpus, NORMAL), scores, seed=4)
        if (one.kind, one.asked) == ("skilled", 0.2)
    )
    forged = scores[scores["kind"] == "skilled"]
    accepted = forged["raw"] >= 0.8416
    assert found.far.values.tolist() == accepted.groupby(forged["draw"]).mean().tolist()
    # All signers have as many trials, so that a sample's rate is a mean of signers' rates.
    each = accepted.groupby(forged["signer"]).mean()
    assert min(each) <= found.far.resampled.min() < found.far.resampled.max() <= max(each)


def test_each_number_of_references_has_its_threshold(signed_corpus: Corpus) -> None:
    lax = replace(NORMAL, references=1, skilled=FalseAcceptance(-99.0, 0.0, 10_000))
    scores = pd.concat([made_up(5, 1, references=1), made_up(5, 1, references=6)])
    both = scores.reset_index(drop=True)
    found = promises(calibrated(signed_corpus, lax, NORMAL), both)[2]
    assert found.asked == 0.2
    assert found.far.mean == pytest.approx((1 + 0.2) / 2, abs=0.02)


def test_rates_that_were_not_measured_or_meet_no_forgery_are_left_out(
    signed_corpus: Corpus,
) -> None:
    few = replace(NORMAL, skilled=replace(NORMAL.skilled, forgeries=50))
    scores = made_up(5, 1)
    asked = [(one.kind, one.asked) for one in promises(calibrated(signed_corpus, few), scores)]
    assert asked == [*ASKED[1:]]
    unforged = scores[scores["kind"] != "skilled"]
    asked = [(one.kind, one.asked) for one in promises(calibrated(signed_corpus, few), unforged)]
    assert asked == [*ASKED[3:]]


def test_an_evaluation_has_the_promises_of_calibrated_systems(signed_corpus: Corpus) -> None:
    systems = [calibrated(signed_corpus, NORMAL), dtw_system(signed_corpus)]
    found = evaluate(signed_corpus, systems, PROTOCOLS["paper"])
    assert list(found.promises) == ["g"]
    assert len(found.promises["g"]) == len(ASKED)
    trials = make_trials(signed_corpus, PROTOCOLS["paper"])
    assert promises(systems[1], run(systems[1], trials)) == []

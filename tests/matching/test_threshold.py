import numpy as np
import pytest

from sigtdnn.errors import ModelError
from sigtdnn.matching.threshold import choose_threshold
from sigtdnn.verification import Verifier

# The curve of the fixture: FAR 1, 0.5, 0.2, 0.05 at -40, -10, 0, 30; 20 forgeries.


@pytest.mark.parametrize(
    ("far", "wanted"), [(0.9, -10), (0.5, -10), (0.3, 0), (0.2, 0), (0.19, 30), (0.05, 30)]
)
def test_the_least_threshold_that_accepts_at_most_so_many_forgeries(model, far, wanted):
    assert choose_threshold(model.card, far=far) == wanted


@pytest.mark.parametrize(("fr", "wanted"), [(0.1, -10), (0.5, -10), (0.8, 0), (0.95, 30)])
def test_the_least_threshold_that_detects_so_many_forgeries(model, fr, wanted):
    assert choose_threshold(model.card, fr=fr) == wanted


def test_by_default_the_papers_operating_point(model):
    assert choose_threshold(model.card) == model.card.decision.threshold_fr80 == 1.5


def test_a_rate_that_the_forgeries_do_not_measure_is_refused(model):
    with pytest.raises(ModelError, match=r"20 forgeries and cannot .* rate below 0\.05"):
        choose_threshold(model.card, far=0.049)
    with pytest.raises(ModelError, match="20 forgeries"):
        choose_threshold(model.card, fr=0.96)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_share_lies_between_0_and_1(model, share):
    with pytest.raises(ModelError, match="acceptance rate lies between 0 and 1"):
        choose_threshold(model.card, far=share)
    with pytest.raises(ModelError, match="detection rate lies between 0 and 1"):
        choose_threshold(model.card, fr=share)


def test_two_rates_are_refused(model):
    with pytest.raises(ModelError, match="not both"):
        choose_threshold(model.card, far=0.1, fr=0.9)


def test_a_score_on_the_threshold_is_that_of_its_log_odds(model):
    verifier = Verifier(model)
    at, below = (s.score for s in verifier.scores(np.array([0.0, -0.01])))
    assert verifier.threshold(far=0.2) == at
    assert below < at

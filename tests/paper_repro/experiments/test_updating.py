from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paper_repro.experiments.updating import (
    ATTACKED,
    LEARNING,
    STILL,
    attack_counts,
    parted,
    submit,
    update_figures,
)
from sigtdnn.verification import Verifier


def genuine(sessions):
    return pd.DataFrame({"session": pd.array(sessions, dtype="Int64")})


def test_the_first_six_of_the_first_session_enrol_and_later_sessions_arrive():
    enrolled, arriving = parted(genuine([1] * 8 + [2] * 3))
    assert enrolled.tolist() == [0, 1, 2, 3, 4, 5]
    assert arriving.tolist() == [8, 9, 10]


def test_a_short_first_session_enrols_whole():
    enrolled, arriving = parted(genuine([1] * 4 + [2] * 3))
    assert (enrolled.tolist(), arriving.tolist()) == ([0, 1, 2, 3], [4, 5, 6])


def test_without_sessions_all_others_arrive():
    enrolled, arriving = parted(genuine([None] * 8))
    assert (enrolled.tolist(), arriving.tolist()) == ([0, 1, 2, 3, 4, 5], [6, 7])


@pytest.fixture
def verifier(make_model):
    """A verifier that lets everything update."""
    model = make_model()
    population = replace(model.card.population, update=-1e9)
    return Verifier(replace(model, card=replace(model.card, population=population)))


def drawn(verifier, count, seed=0):
    size = len(verifier.model.card.components)
    return np.random.default_rng(seed).normal(0, 0.1, (count, size)).astype(np.float32)


def test_each_is_scored_before_it_is_learnt_from(verifier):
    first = verifier.enroll_vectors(drawn(verifier, 6))
    vectors = drawn(verifier, 3, seed=1)
    log_odds, last, learnt = submit(verifier, first, vectors)
    template = first
    for number, vector in enumerate(vectors):
        assert log_odds[number] == verifier.log_odds(template, vector[None])[0]
        template = verifier.update_vector(template, vector, first)
    assert last.to_bytes() == template.to_bytes()
    assert learnt == 3


def test_what_is_not_let_in_changes_nothing(verifier):
    first = verifier.enroll_vectors(drawn(verifier, 6))
    population = replace(verifier.model.card.population, update=1e9)
    card = replace(verifier.model.card, population=population)
    strict = Verifier(replace(verifier.model, card=card))
    _, last, learnt = submit(strict, first, drawn(verifier, 3, seed=1))
    assert (last is first, learnt) == (True, 0)


def test_a_template_is_taken_over_when_it_turns_to_most_forgeries():
    signers = pd.DataFrame(
        {
            "let_in": [0, 5, 3, 2, 0],
            "accepted_before": [0.2, 0.5, 0.6, 0.1, np.nan],
            "accepted_after": [0.2, 0.6, 0.9, 0.5, np.nan],
        }
    )
    assert attack_counts(signers) == {"templates": 4, "let_in": 3, "taken_over": 1}


def test_rates_are_those_at_each_models_own_threshold():
    rows = [
        (history, "a", kind, log_odds, np.nan, threshold, 0)
        for history, threshold in ((STILL, 10.0), (LEARNING, -10.0), (ATTACKED, 10.0))
        for kind, log_odds in (("genuine", 0.0), ("genuine", 20.0), ("skilled", 0.0))
    ]
    columns = ["system", "signer", "kind", "log_odds", "score", "threshold", "draw"]
    figures = update_figures(pd.DataFrame(rows, columns=columns))
    assert (figures[STILL]["frr"].mean, figures[STILL]["far"].mean) == (0.5, 0)
    assert (figures[LEARNING]["frr"].mean, figures[LEARNING]["far"].mean) == (0, 1)
    assert figures["learning - still"]["frr"].mean == -0.5

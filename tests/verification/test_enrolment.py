from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.density import Density, log_density, reach
from sigtdnn.verification.enrolment import assess, left_out_distances, protection


def signed(count, seed=0, spread=0.1):
    return np.random.default_rng(seed).normal(0.2, spread, (count, 20)).astype(np.float32)


def with_odd(count, odd):
    vectors = signed(count)
    vectors[odd] += 0.5
    return vectors


def test_an_enrolment_begins_without_opinions(model):
    state = assess(signed(2), model.card)
    assert state.as_dict() == {
        "given": 2,
        "wanted": 6,
        "complete": False,
        "consistent": None,
        "odd": None,
        "protection": None,
    }
    assert state.words == "2 of 6 signatures, 4 more wanted."


def test_no_signature_yet(model):
    assert assess(signed(0), model.card).given == 0


def test_six_alike_are_complete_and_consistent(model):
    state = assess(signed(6), model.card)
    assert (state.complete, state.consistent, state.odd) == (True, True, None)
    assert state.words.startswith("6 signatures, 6 were wanted: complete. They agree")
    assert "would be rejected" in state.words


@pytest.mark.parametrize(("count", "odd"), [(3, 0), (6, 2), (6, 5), (9, 4)])
def test_the_odd_one_should_be_signed_again(model, count, odd):
    state = assess(with_odd(count, odd), model.card)
    assert (state.odd, state.consistent, state.complete) == (odd, False, False)
    assert f"Number {odd + 1} differs from the others: sign it again." in state.words


def test_an_odd_one_among_enough_is_said_to_be_what_is_missing(model):
    words = assess(with_odd(6, 2), model.card).words
    assert words.startswith("6 signatures, 6 were wanted, one is odd. Number 3 differs")


def test_what_is_odd_is_told_by_the_model(model):
    population = replace(model.card.population, odd=1e6)
    assert assess(with_odd(6, 2), replace(model.card, population=population)).odd is None


def test_signatures_that_all_differ_are_not_consistent(model):
    state = assess(signed(6, spread=1.0), model.card)
    assert (state.consistent, state.odd) == (False, None)
    assert "sign more alike" in state.words


def test_more_may_be_wanted_but_not_fewer_than_three(model):
    assert not assess(signed(7), model.card, wanted=8).complete
    assert assess(signed(3), model.card, wanted=3).complete
    with pytest.raises(ModelError, match="2 signatures wanted, enrolment needs at least 3"):
        assess(signed(3), model.card, wanted=2)


def test_left_out_distances_one_by_one():
    vectors = signed(5)
    found = left_out_distances(vectors, 0.0)
    for i in range(5):
        others = np.array([v for j, v in enumerate(vectors) if j != i], float)
        spread = others.var(axis=0, ddof=1).mean()
        wanted = ((vectors[i] - others.mean(axis=0)) ** 2).mean() / (spread * 1.25)
        assert found[i] == pytest.approx(wanted, rel=1e-5)


def test_left_out_distances_are_1_in_the_mean():
    found = [left_out_distances(signed(6, seed), 0.0).mean() for seed in range(200)]
    assert np.mean(found) == pytest.approx(1, abs=0.03)


def test_left_out_distances_of_equal_signatures_are_0():
    assert left_out_distances(np.ones((4, 20), np.float32), 0.01).tolist() == [0, 0, 0, 0]


# Protection


def test_reach_is_where_the_density_is_that_of_the_threshold():
    density = Density(np.zeros(20), 0.3, 6)
    limit = reach(0.3, 20, -25.0)
    vector = np.full((1, 20), limit**0.5)
    assert log_density(density, vector)[0] == pytest.approx(-25.0)
    assert norm.logpdf(vector[0], 0, 0.3**0.5).sum() == pytest.approx(-25.0)


def test_protection_is_the_share_of_the_forgeries_beyond_reach(model):
    # Quartiles of the fixture: 0, 0.1, 0.2, 0.4, 0.8.
    card = replace(model.card, decision=replace(model.card.decision, log_p_no=-30.0))
    shares = []
    for spread in (0.01, 0.05, 0.1, 0.2, 0.5):
        limit = reach(spread, 20, 1.5 - 30)
        shares.append(protection(spread, card))
        assert shares[-1] == pytest.approx(
            1 - np.interp(limit, [0, 0.1, 0.2, 0.4, 0.8], [0, 0.25, 0.5, 0.75, 1])
        )
    assert shares == sorted(set(shares), reverse=True)


def test_nobody_is_protected_by_a_template_that_rejects_his_own_signatures(model):
    decision = replace(model.card.decision, log_p_no=1e4)
    assert protection(0.1, replace(model.card, decision=decision)) is None


def test_whoever_reaches_everything_is_not_protected(model):
    decision = replace(model.card.decision, log_p_no=-1e4)
    assert protection(0.1, replace(model.card, decision=decision)) == 0

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sigtdnn.errors import CorpusError
from sigtdnn.training.sampling.pairs import NEIGHBOURS, PairSampler, draw_pairs
from sigtdnn.training.sampling.sampler import GENUINE, RANDOM, SKILLED, joined


def table(signers):
    """One row a recording; `signers` lists (genuines, forgeries) of each signer."""
    rows = [
        (f"s{signer}", kind)
        for signer, counts in enumerate(signers)
        for kind, count in zip(("genuine", "skilled"), counts, strict=True)
        for _ in range(count)
    ]
    rows = [rows[place] for place in np.random.default_rng(0).permutation(len(rows))]
    return pd.DataFrame(rows, columns=["signer", "kind"])


def available(signers):
    """How many pairs of each kind there are, counted one by one."""
    recordings = table(signers).itertuples(index=False)
    rows = list(recordings)
    counts = [0, 0, 0]
    for i, first in enumerate(rows):
        for second in rows[:i]:
            kinds = {first.kind, second.kind}
            if kinds == {"genuine"}:
                counts[GENUINE if first.signer == second.signer else RANDOM] += 1
            elif len(kinds) == 2 and first.signer == second.signer:
                counts[SKILLED] += 1
    return counts


def counts(pairs):
    return np.bincount(pairs.kind, minlength=3).tolist()


def draw(signers, most=10**6, seed=0):
    return draw_pairs(table(signers), most, np.random.default_rng(seed))


tables = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6)), min_size=2, max_size=6)


@given(tables, st.integers(10, 300), st.integers(0, 2**32 - 1))
def test_every_pair_is_what_it_says_and_none_comes_twice(signers, most, seed):
    assume(min(available(signers)) >= 5)
    recordings, pairs = table(signers), draw(signers, most, seed)
    first, second = (recordings.iloc[rows].reset_index() for rows in (pairs.first, pairs.second))
    same = first["signer"] == second["signer"]
    assert len(pairs) <= most
    assert (first["kind"] == "genuine").all()
    assert (same == (pairs.kind != RANDOM)).all()
    assert ((second["kind"] == "skilled") == (pairs.kind == SKILLED)).all()
    assert (pairs.first != pairs.second).all()
    unordered = {frozenset(pair) for pair in zip(pairs.first, pairs.second, strict=True)}
    assert len(unordered) == len(pairs)


@given(tables, st.integers(10, 300))
def test_as_many_pairs_as_the_mix_allows(signers, most):
    there = available(signers)
    assume(min(there) >= 5)
    drawn = counts(draw(signers, most))
    total = sum(drawn)
    assert all(count <= limit for count, limit in zip(drawn, there, strict=True))
    assert drawn[SKILLED] == pytest.approx(0.4 * total, abs=1)
    assert drawn[RANDOM] == pytest.approx(0.1 * total, abs=1)
    more = [count + ten for count, ten in zip(drawn, (5, 4, 1), strict=True)]
    assert total + 10 > most or any(m > limit for m, limit in zip(more, there, strict=True))


def test_the_papers_number_of_pairs():
    assert counts(draw([(20, 12)] * 40, 7701)) == [3851, 3080, 770]


def test_every_random_pair_is_found_where_they_are_the_fewest():
    signers = [(12, 4), (1, 0)]
    assert available(signers) == [66, 48, 12]
    assert counts(draw(signers)) == [60, 48, 12]


def test_kinds_come_in_random_order():
    kind = draw([(10, 5)] * 5, 200).kind
    assert np.count_nonzero(np.diff(kind)) > 80


def test_the_seed_decides_the_pairs():
    first, same, other = (draw([(10, 5)] * 5, 100, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.first, same.first)
    assert np.array_equal(first.second, same.second)
    assert not np.array_equal(first.first, other.first)


def test_taking_pairs_keeps_each_together():
    pairs = draw([(10, 5)] * 5, 100)
    taken = pairs.take(np.array([7, 3]))
    assert len(taken) == 2
    for column in ("first", "second", "kind"):
        assert getattr(taken, column).tolist() == getattr(pairs, column)[[7, 3]].tolist()


def as_set(pairs):
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), pairs.kind.tolist(), strict=True))


SIGNERS = table([(10, 5)] * 20)


def batches(sampler, pairs, size=32, seed=0):
    return sampler.batches(SIGNERS, pairs, size, np.random.default_rng(seed))


def test_a_pass_uses_each_pair_once_in_batches_of_one_size():
    sampler = PairSampler(pairs=200)
    pairs = sampler.draw_training(SIGNERS, np.random.default_rng(0))
    made = batches(sampler, pairs)
    assert [len(batch) for batch in made] == [32] * 6 + [8]
    assert len(joined(made)) == len(pairs)
    assert as_set(joined(made)) == as_set(pairs)


def test_batches_hold_few_signers_and_every_pass_has_another_order():
    sampler = PairSampler(pairs=1000)
    pairs = sampler.draw_training(SIGNERS, np.random.default_rng(0))
    made, others = batches(sampler, pairs), batches(sampler, pairs, seed=1)
    signers = [SIGNERS["signer"].iloc[batch.first].nunique() for batch in made]
    assert max(signers) <= 2 * NEIGHBOURS
    assert np.mean(signers) <= NEIGHBOURS + 2
    assert not np.array_equal(joined(made).first, joined(others).first)


def test_fresh_pairs_are_others_in_every_pass():
    sampler = PairSampler(pairs=200, fresh=True)
    pairs = sampler.draw_training(SIGNERS, np.random.default_rng(0))
    passes = [as_set(joined(batches(sampler, pairs, seed=seed))) for seed in (1, 2)]
    assert len(passes[0] & as_set(pairs)) < 100
    assert len(passes[0] & passes[1]) < 100


def test_validation_pairs_have_a_number_of_their_own():
    sampler = PairSampler(pairs=200, validation_pairs=50)
    assert len(sampler.draw_validation(SIGNERS, np.random.default_rng(0))) == 50


def test_the_papers_numbers_are_the_defaults():
    assert PairSampler() == PairSampler(7701, 960, fresh=False)


@pytest.mark.parametrize("field", ["pairs", "validation_pairs"])
def test_fewer_pairs_than_the_mix_needs_are_refused(field):
    with pytest.raises(ValueError, match="10 or more"):
        PairSampler(**{field: 9})


def test_recordings_of_unknown_kind_are_never_drawn():
    recordings = pd.concat([table([(10, 5)] * 3), pd.DataFrame({"signer": ["s0"], "kind": [""]})])
    pairs = draw_pairs(recordings, 10**6, np.random.default_rng(0))
    assert len(recordings) - 1 not in np.concatenate([pairs.first, pairs.second])


def test_without_forgeries_random_ones_take_the_place_of_skilled_ones():
    recordings = table([(9, 0)] * 3)
    pairs = draw_pairs(recordings, 100, np.random.default_rng(0))
    assert np.bincount(pairs.kind).tolist() == [50, 40, 10]
    signers = recordings["signer"].to_numpy()
    same = signers[pairs.first] == signers[pairs.second]
    assert same.tolist() == (pairs.kind == GENUINE).tolist()
    assert len({*zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)}) == 100


@pytest.mark.parametrize(
    "signers",
    [
        pytest.param([], id="empty table"),
        pytest.param([(9, 9)], id="one signer"),
        pytest.param([(1, 9), (1, 9)], id="single genuines"),
        pytest.param([(0, 9), (9, 0), (9, 0)], id="forgeries of others only"),
        pytest.param([(0, 9), (0, 9)], id="no genuines"),
        pytest.param([(2, 1), (2, 1)], id="too few for one random pair"),
    ],
)
def test_material_without_one_of_the_kinds_is_refused(signers):
    with pytest.raises(CorpusError, match="too few for the paper's mix"):
        draw(signers)

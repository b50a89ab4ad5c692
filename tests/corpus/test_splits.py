import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.corpus.splits import apart_from, fold_signers, split_signers
from sigtdnn.errors import CorpusError

SHARES = {"training": 0.6, "validation": 0.2, "test": 0.2}


def table(forged, unforged):
    rows = [(f"f{i}", f"f{i}", "genuine") for i in range(forged)]
    rows += [(f"f{i}", f"x{i % 3}", "skilled") for i in range(forged)]
    rows += [(f"u{i}", f"u{i}", "genuine") for i in range(unforged)]
    return pd.DataFrame([*rows, ("", "", "")], columns=["signer", "writer", "kind"])


counts = st.integers(0, 40)
seeds = st.integers(0, 2**32 - 1)


@given(counts, counts, seeds)
def test_parts_are_disjoint_and_hold_all_signers(forged, unforged, seed):
    recordings = table(forged, unforged)
    try:
        parts = split_signers(recordings, SHARES, seed)
    except CorpusError:
        assert forged + unforged < 5
        return
    assert sum(map(len, parts.values())) == forged + unforged
    assert set().union(*parts.values()) == set(recordings["signer"]) - {""}


@given(st.integers(10, 40), st.integers(10, 40), seeds)
def test_every_part_gets_its_share_of_the_forged_signers(forged, unforged, seed):
    parts = split_signers(table(forged, unforged), SHARES, seed)
    for name, signers in parts.items():
        among = [signer for signer in signers if signer.startswith("f")]
        assert abs(len(among) - SHARES[name] * forged) <= 1
        assert abs(len(signers) - SHARES[name] * (forged + unforged)) <= 1


def test_a_split_depends_on_the_seed_and_not_on_the_order_of_rows():
    recordings = table(20, 20)
    parts = split_signers(recordings, SHARES, 1)
    assert split_signers(recordings[::-1], SHARES, 1) == parts
    assert split_signers(recordings, SHARES, 2) != parts


@pytest.mark.parametrize(
    "shares", [{}, {"a": 1.5, "b": -0.5}, {"a": 0.5, "b": 0.4}, {"a": 1.0, "b": 0.0}]
)
def test_shares_must_be_positive_and_sum_to_1(shares):
    with pytest.raises(CorpusError, match="give positive shares that sum to 1"):
        split_signers(table(5, 5), shares, 0)


def test_an_empty_part_is_refused():
    with pytest.raises(CorpusError, match="no signer is left for 'test'"):
        split_signers(table(1, 1), SHARES, 0)


@given(st.integers(2, 7), counts, counts, seeds)
def test_folds_are_disjoint_even_and_hold_all_signers(k, forged, unforged, seed):
    recordings = table(forged, unforged)
    if forged + unforged < k:
        with pytest.raises(CorpusError, match=f"{k} folds of {forged + unforged} signers"):
            fold_signers(recordings, k, seed)
        return
    folds = fold_signers(recordings, k, seed)
    sizes = [len(fold) for fold in folds]
    assert sum(sizes) == len(set().union(*folds)) == forged + unforged
    assert max(sizes) - min(sizes) <= 1
    among = [sum(signer.startswith("f") for signer in fold) for fold in folds]
    assert max(among) - min(among) <= 1


def test_with_as_many_groups_as_folds_each_fold_holds_its_group():
    groups = [{"f0", "f1", "f2"}, {"f3"}, {"f4", "f5"}]
    for seed in range(5):
        folds = fold_signers(table(6, 9), 3, seed, groups)
        assert all(group <= fold for group, fold in zip(groups, folds, strict=True))
        assert [len(fold) for fold in folds] == [5, 5, 5]
    other = fold_signers(table(6, 9), 3, 5, groups)
    assert other != folds


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([{"f0"}, {"z9"}], "names signer 'z9', who is not there"),
        ([{"f0", "f1"}, {"f1"}], "signer 'f1' is in two groups"),
    ],
)
def test_groups_that_cannot_be_are_refused(groups, message):
    with pytest.raises(CorpusError, match=message):
        fold_signers(table(3, 3), 2, 0, groups)


def test_empty_groups_do_not_make_empty_folds():
    assert [len(fold) for fold in fold_signers(table(1, 1), 2, 0, [set(), set()])] == [1, 1]


def test_one_fold_is_no_fold():
    with pytest.raises(CorpusError, match="1 folds"):
        fold_signers(table(3, 3), 1, 0)


ROWS = [
    ("a", "a", "genuine"),
    ("a", "x", "skilled"),  # signed as a test signer
    ("b", "b", "genuine"),
    ("b", "a", "skilled"),  # written by a test signer
    ("b", "x", "skilled"),  # x forged a test signer
    ("b", "y", "skilled"),
    ("b", "", "skilled"),
    ("x", "x", "genuine"),  # a forger's own signature is no forgery
    ("", "", ""),
]


def test_apart_from_leaves_out_what_a_test_signer_signed_wrote_or_suffered_from():
    recordings = pd.DataFrame(ROWS, columns=["signer", "writer", "kind"])
    expected = [False, False, True, False, False, True, True, True, True]
    assert apart_from(recordings, {"a"}).tolist() == expected


def test_unknown_writers_are_not_one_and_the_same():
    recordings = pd.DataFrame(
        [("a", "", "skilled"), ("b", "", "skilled")], columns=["signer", "writer", "kind"]
    )
    assert apart_from(recordings, {"a"}).tolist() == [False, True]


@given(
    st.lists(
        st.tuples(*[st.sampled_from("abcd")] * 2).map(
            lambda pair: (*pair, "genuine" if pair[0] == pair[1] else "skilled")
        ),
        min_size=1,
        max_size=30,
    ),
    st.sets(st.sampled_from("abcd")),
)
def test_no_hand_that_wrote_a_tested_forgery_is_left_among_forgeries(rows, signers):
    recordings = pd.DataFrame(rows, columns=["signer", "writer", "kind"])
    kept = recordings[apart_from(recordings, signers)]
    tested = recordings[recordings["signer"].isin(signers)]
    assert not signers & (set(kept["signer"]) | set(kept["writer"]))
    skilled = kept["kind"] == "skilled"
    assert not set(kept["writer"][skilled]) & set(tested["writer"][tested["kind"] == "skilled"])

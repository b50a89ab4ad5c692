from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import Trials

CorpusOf = Callable[..., Corpus]


def signer(name: str, genuine: int, skilled: int = 0) -> list[tuple[str, str, None, int]]:
    return [(name, "genuine", None, n + 1) for n in range(genuine)] + [
        (name, "skilled", None, n + 1) for n in range(skilled)
    ]


def two_sessions(name: str, each: int) -> list[tuple[str, str, int, int]]:
    return [(name, "genuine", session, n + 1) for session in (1, 2) for n in range(each)]


def files(trials: Trials, signer: str, role: str, draw: int = 0) -> list[str]:
    table = trials.table
    chosen = (table["signer"] == signer) & (table["role"] == role) & (table["draw"] == draw)
    return table[chosen]["file"].tolist()


def test_paper_takes_the_last_six_and_questions_the_others(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/b", 7, 2), *signer("set/a", 8)])
    trials = make_trials(corpus, PROTOCOLS["paper"])
    assert trials.draws == 1
    assert trials.signers == ["set/a", "set/b"]
    assert files(trials, "set/a", "reference") == [f"a-genuine-0-{n}" for n in range(3, 9)]
    assert files(trials, "set/a", "genuine") == ["a-genuine-0-1", "a-genuine-0-2"]
    assert files(trials, "set/a", "skilled") == []
    assert files(trials, "set/a", "random") == ["b-genuine-0-1"]
    assert files(trials, "set/b", "genuine") == ["b-genuine-0-1"]
    assert files(trials, "set/b", "skilled") == ["b-skilled-0-1", "b-skilled-0-2"]
    assert files(trials, "set/b", "random") == ["a-genuine-0-1"]


def test_order_is_by_session_then_number_not_by_row(corpus_of: CorpusOf) -> None:
    rows = two_sessions("set/a", 4)
    corpus = corpus_of(rows[::-1], sessions=True)
    trials = make_trials(corpus, PROTOCOLS["paper"])
    assert files(trials, "set/a", "genuine") == ["a-genuine-1-1", "a-genuine-1-2"]
    assert files(trials, "set/a", "reference")[0] == "a-genuine-1-3"


def test_rows_point_at_the_recordings_of_the_table(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/b", 7, 2), *signer("set/a", 8)])
    trials = make_trials(corpus, PROTOCOLS["paper"])
    pointed = corpus.recordings.iloc[trials.rows]
    assert pointed["file"].tolist() == trials.table["file"].tolist()


def test_first_two_genuines_can_be_left_unquestioned(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/a", 10, 1), *signer("set/b", 9)])
    trials = make_trials(corpus, PROTOCOLS["paper-without-first-two"])
    assert files(trials, "set/a", "genuine") == ["a-genuine-0-3", "a-genuine-0-4"]
    assert files(trials, "set/b", "random") == ["a-genuine-0-3"]
    # Signer c has 6 references and 2 that are skipped: nothing is left to question.
    few = corpus_of([*signer("set/a", 10), *signer("set/c", 8)])
    trials = make_trials(few, PROTOCOLS["paper-without-first-two"])
    assert trials.left_out == {"too few genuine signatures": ("set/c",)}


def test_cleaned_tests_leave_out_what_the_rules_do(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/a", 8), *signer("set/b", 7)])
    corpus.recordings.loc[1, "strokes"] = 40
    trials = make_trials(corpus, PROTOCOLS["paper-cleaned"])
    assert files(trials, "set/a", "genuine") == ["a-genuine-0-1"]
    assert files(make_trials(corpus, PROTOCOLS["paper"]), "set/a", "genuine")[1] == "a-genuine-0-2"


def test_signers_without_enough_signatures_are_left_out_and_named(
    corpus_of: CorpusOf,
) -> None:
    few = [*signer("set/b", 6, 3), *signer("set/d", 2)]
    corpus = corpus_of([*signer("set/a", 7), *few, *signer("set/c", 8)])
    trials = make_trials(corpus, PROTOCOLS["paper"])
    assert trials.signers == ["set/a", "set/c"]
    assert trials.left_out == {"too few genuine signatures": ("set/b", "set/d")}
    assert files(trials, "set/a", "random") == ["c-genuine-0-1"]


def test_nobody_with_enough_signatures_is_an_error(corpus_of: CorpusOf) -> None:
    corpus = corpus_of(signer("set/a", 6))
    with pytest.raises(ProtocolError, match="no signer has the 6 references"):
        make_trials(corpus, PROTOCOLS["paper"])


def test_recordings_without_identity_or_kind_are_not_tested(corpus_of: CorpusOf) -> None:
    rows = [*signer("set/a", 7, 1), ("set/a", "", None, 9), ("", "", None, None)]
    trials = make_trials(corpus_of(rows), PROTOCOLS["paper"])
    assert len(trials.table) == 6 + 1 + 1
    assert trials.signers == ["set/a"]


def test_only_the_named_signers_are_tested(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/a", 7), *signer("set/b", 7), *signer("set/c", 7)])
    trials = make_trials(corpus, PROTOCOLS["paper"], signers=["set/a", "set/c"])
    assert trials.signers == ["set/a", "set/c"]
    assert files(trials, "set/a", "random") == ["c-genuine-0-1"]


def test_random_forgeries_stay_in_their_collection(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/a", 7), *signer("set/b", 7), *signer("other/c", 7)])
    trials = make_trials(corpus, PROTOCOLS["paper"])
    assert files(trials, "set/a", "random") == ["b-genuine-0-1"]
    assert files(trials, "other/c", "random") == []


def test_svc2004_draws_from_the_first_session_and_tests_on_the_later(
    corpus_of: CorpusOf,
) -> None:
    corpus = corpus_of([*two_sessions("set/a", 10), *two_sessions("set/b", 10)], sessions=True)
    trials = make_trials(corpus, PROTOCOLS["svc2004"])
    assert trials.draws == 10
    drawn = set()
    for draw in range(10):
        references = files(trials, "set/a", "reference", draw)
        assert len(set(references)) == 5
        assert all(name.startswith("a-genuine-1-") for name in references)
        drawn.add(tuple(references))
        questioned = files(trials, "set/a", "genuine", draw)
        assert questioned == [f"a-genuine-2-{n}" for n in range(1, 11)]
        assert files(trials, "set/a", "random", draw) == ["b-genuine-2-1"]
    assert len(drawn) > 5


def test_svc2004_is_refused_without_sessions(corpus_of: CorpusOf) -> None:
    corpus = corpus_of(signer("nfi/a", 12))
    with pytest.raises(ProtocolError, match="needs two sessions, and nfi records none"):
        make_trials(corpus, PROTOCOLS["svc2004"])


def test_a_signer_with_one_session_is_left_out_of_a_test_across_sessions(
    corpus_of: CorpusOf,
) -> None:
    once = [("set/b", "genuine", 1, n) for n in range(9)]
    corpus = corpus_of([*two_sessions("set/a", 6), *once], sessions=True)
    trials = make_trials(corpus, PROTOCOLS["svc2004"])
    assert trials.signers == ["set/a"]
    assert trials.left_out == {"too few genuine signatures": ("set/b",)}


def test_mixed_draws_from_all_and_questions_the_rest(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*two_sessions("set/a", 5), *two_sessions("set/b", 5)], sessions=True)
    trials = make_trials(corpus, PROTOCOLS["mixed"])
    everything = {f"a-genuine-{s}-{n}" for s in (1, 2) for n in range(1, 6)}
    seen = set()
    for draw in range(10):
        references = set(files(trials, "set/a", "reference", draw))
        questioned = set(files(trials, "set/a", "genuine", draw))
        assert len(references) == 5
        assert references | questioned == everything
        assert not references & questioned
        seen |= references
    assert seen == everything


def test_first5_and_one(corpus_of: CorpusOf) -> None:
    corpus = corpus_of(signer("set/a", 8))
    trials = make_trials(corpus, PROTOCOLS["first5"])
    assert files(trials, "set/a", "reference") == [f"a-genuine-0-{n}" for n in range(1, 6)]
    assert files(trials, "set/a", "genuine") == [f"a-genuine-0-{n}" for n in range(6, 9)]
    single = make_trials(corpus, PROTOCOLS["one"])
    assert len(files(single, "set/a", "reference", 9)) == 1
    assert len(files(single, "set/a", "genuine", 9)) == 7


def test_draws_follow_from_the_seed_and_not_from_who_else_is_tested(
    corpus_of: CorpusOf,
) -> None:
    corpus = corpus_of([*signer("set/a", 12), *signer("set/b", 12)])
    both = make_trials(corpus, PROTOCOLS["mixed"])
    alone = make_trials(corpus, PROTOCOLS["mixed"], signers=["set/b"])
    for draw in range(10):
        assert files(both, "set/b", "reference", draw) == files(alone, "set/b", "reference", draw)
    again = make_trials(corpus, PROTOCOLS["mixed"])
    pd.testing.assert_frame_equal(both.table, again.table)
    other = make_trials(corpus, PROTOCOLS["mixed"], seed=1)
    assert not np.array_equal(both.rows, other.rows)


def test_unnumbered_genuines_are_refused_by_protocols_of_the_order(corpus_of: CorpusOf) -> None:
    corpus = corpus_of([*signer("set/a", 8), ("set/a", "genuine", None, None)])
    for name in ("paper", "paper-without-first-two", "paper-cleaned", "first5"):
        with pytest.raises(ProtocolError, match="a-genuine-0-None has no number; choose mixed"):
            make_trials(corpus, PROTOCOLS[name])


@pytest.mark.parametrize("name", ["mixed", "one"])
def test_what_is_drawn_at_random_needs_no_numbers(corpus_of: CorpusOf, name: str) -> None:
    numbered = corpus_of([*signer("set/a", 8), *signer("set/b", 8)])
    none = pd.array([pd.NA] * len(numbered), dtype=numbered.recordings["number"].dtype)
    corpus = replace(numbered, recordings=numbered.recordings.assign(number=none))
    trials = make_trials(corpus, PROTOCOLS[name])
    assert set(trials.signers) == {"set/a", "set/b"}
    assert (trials.table["role"] == "random").any()


def test_unknown_order_of_signing_is_said(corpus_of: CorpusOf) -> None:
    unordered = corpus_of(signer("nfi/a", 8), ordered=False)
    assert "not known for nfi" in make_trials(unordered, PROTOCOLS["paper"]).words
    assert "not known" not in make_trials(unordered, PROTOCOLS["mixed"]).words
    assert "not known" not in make_trials(corpus_of(signer("set/a", 8)), PROTOCOLS["paper"]).words

import pandas as pd
import pytest

from sigtdnn.corpus.cleaning import clean


def table(*rows, **columns):
    """Rows are (signer, kind, strokes), numbered within themselves."""
    frame = pd.DataFrame(rows, columns=["signer", "kind", "strokes"])
    frame["session"] = pd.array([None] * len(rows), dtype="Int64")
    frame["number"] = pd.array(range(1, len(rows) + 1), dtype="Int64")
    return frame.assign(**columns)


def genuines(signer="a", strokes=(10,) * 6):
    return [(signer, "genuine", count) for count in strokes]


def test_all_is_kept_when_strokes_agree():
    cleaning = clean(table(*genuines(), ("a", "skilled", 10)))
    assert cleaning.kept.all()
    assert set(cleaning.taken.values()) == {0}


@pytest.mark.parametrize(("strokes", "kept"), [(7, False), (8, True), (12, True), (13, False)])
@pytest.mark.parametrize("kind", ["genuine", "skilled"])
def test_80_to_120_percent_of_the_first_strokes_stay(kind, strokes, kept):
    cleaning = clean(table(*genuines(), ("a", kind, strokes)))
    assert cleaning.kept.tolist() == [True] * 6 + [kept]
    rule = "strokes of genuines" if kind == "genuine" else "strokes of forgeries"
    assert cleaning.taken == {
        "unlabelled": 0,
        "strokes of genuines": 0,
        "strokes of forgeries": 0,
        "signatures a signer": 0,
    } | {rule: int(not kept)}


def test_the_first_is_first_by_session_and_number_not_by_row():
    frame = table(*genuines(strokes=(5, *(10,) * 6)))
    frame["session"] = pd.array([2, *[1] * 6], dtype="Int64")
    frame["number"] = pd.array([1, *range(1, 7)], dtype="Int64")
    assert clean(frame).kept.tolist() == [False] + [True] * 6


def test_a_signer_needs_six_genuines_after_the_stroke_rule():
    frame = table(*genuines(strokes=(10, 10, 10, 10, 10, 3)), ("a", "skilled", 10), *genuines("b"))
    cleaning = clean(frame)
    assert cleaning.kept.tolist() == [False] * 7 + [True] * 6
    assert cleaning.taken["strokes of genuines"] == 1
    assert cleaning.taken["signatures a signer"] == 6


def test_recordings_of_unknown_signer_or_kind_are_left_out():
    cleaning = clean(table(*genuines(), ("a", "", 10), ("", "genuine", 10)))
    assert cleaning.kept.tolist() == [True] * 6 + [False] * 2
    assert cleaning.taken["unlabelled"] == 2


def test_a_forgery_of_a_signer_without_genuines_is_left_out():
    cleaning = clean(table(*genuines(), ("b", "skilled", 10)))
    assert cleaning.kept.tolist() == [True] * 6 + [False]


def test_an_empty_table_is_clean():
    assert clean(table()).kept.shape == (0,)

import pytest

from paper_repro.pages.prose import ProseError, check, fill, filled

FACTS = {
    "results": {
        "sigcomp2009-nfi": {
            "network-4": {"eer": {"mean": 0.05, "std": 0.01, "ci95": [0.04, 0.07]}, "count": 3},
            "network-5": {"eer": {"mean": 0.0825, "std": None, "ci95": [0.06, 0.1]}, "count": 1200},
            "half - full": {"eer": {"mean": -0.01, "std": None, "ci95": [-0.02, 0.01]}},
            "machine": "a name",
        },
        "other": {"network-4": {"eer": {"mean": 0.2, "std": None, "ci95": None}}},
    },
    "shares": [0.1, 0.5, 0.9],
}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("{results.nfi.network-4.eer : %}", "5.0"),
        ("{results.nfi.network-4.eer : rate}", "5.0 ± 1.0 [4.0, 7.0]"),
        ("{results.nfi.network-5.eer : interval}", "8.2 [6.0, 10.0]"),
        ("{results.nfi.half - full.eer : %}", "-1.0"),
        ("{results.nfi.network-5.eer.low : %0}", "6"),
        ("{results.nfi.network-5.count : n}", "1,200"),
        ("{results.nfi.machine}", "a name"),
        ("{shares.1 : %}", "50.0"),
        ("{least results.nfi|other.network-*.eer : %}", "5.0"),
        ("{most results.*.network-*.eer : %}", "20.0"),
        ("{sum results.*.*.count : n}", "1,203"),
        ("{results.nfi.network-5.eer minus results.nfi.network-4.eer : %}", "3.2"),
        ("{results.nfi.network-4.eer over results.other.network-4.eer : %0}", "25"),
        ("{results.nfi.network-4.count over 2 : .1}", "1.5"),
        ("{sum results.nfi.*.count\nover 401 : n} in all", "3 in all"),
    ],
)
def test_a_value_is_filled_in(words: str, text: str) -> None:
    assert fill(words, FACTS) == text


@pytest.mark.parametrize(
    "claim",
    [
        "results.nfi.network-4.eer < results.nfi.network-5.eer",
        "results.nfi.*.eer.high < 0.2",
        "results.nfi.half - full.eer.low <= 0 <= results.nfi.half - full.eer.high",
        "0 < results.nfi.network-*.eer.low",
        "each results.nfi.network-*.eer.low < results.nfi.network-*.eer",
        "shares.0 = 0.1",
        "most results.nfi.network-*.count minus 1000 > results.nfi.network-4.count",
    ],
)
def test_a_claim_holds(claim: str) -> None:
    check(claim, FACTS)


@pytest.mark.parametrize(
    "claim",
    [
        "results.nfi.network-5.eer < results.nfi.network-4.eer",
        "results.*.*.eer < 0.2",
        "results.nfi.network-*.eer.low < results.nfi.network-*.eer",  # all with all
        "each results.nfi.network-*.eer.high < results.nfi.network-*.eer",
        "0 < results.nfi.network-4.eer < 0.05",
        "shares.* >= 0.5",
    ],
)
def test_a_claim_does_not_hold(claim: str) -> None:
    with pytest.raises(ProseError, match="no longer holds"):
        check(claim, FACTS)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{results.nfi.network-6.eer : %}", "is not among the results"),
        ("{results.other.network-4.eer.low : %}", "is not among the results"),
        ("{results.nfi.network-*.eer : %}", "is 2 values"),
        ("{results.nfi.network-*.eer minus 1 : %}", "is 2 values"),
        ("{results.nfi.machine : %}", "is no number"),
        ("{results.nfi.network-4.eer : per cent}", "form 'per cent' is none of"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(words: str, problem: str) -> None:
    with pytest.raises(ProseError, match=problem):
        fill(words, FACTS)


def test_a_claim_that_compares_nothing_is_refused() -> None:
    with pytest.raises(ProseError, match="compares nothing"):
        check("results.nfi.network-4.eer", FACTS)


def test_a_page_is_words_tables_and_what_they_claim() -> None:
    words = (
        "# Title of {results.nfi.network-4.count : n}\n\n"
        "Some words\nand {results.nfi.network-4.eer : %} more.\n"
        "{holds results.nfi.network-4.eer < 0.06}\n\n"
        "{table one}\n\n"
        "- first\n- second\n\n{holds 1 < 2}\n\n```bash\na\nb\n```\n"
    )
    assert filled(words, FACTS, {"one": ["| a |", "| - |"]}) == (
        "# Title of 3\n\nSome words and 5.0 more.\n\n| a |\n| - |\n\n- first\n- second\n\n"
        "```bash\na\nb\n```\n"
    )
    with pytest.raises(ProseError, match="no longer holds"):
        filled(words.replace("0.06", "0.04"), FACTS, {"one": []})

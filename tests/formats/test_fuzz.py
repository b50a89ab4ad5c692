"""A short run of `fuzz.py`; the long one is by hand."""

from pathlib import Path

import pytest

from sigtdnn.formats import FORMATS, Format, ReadingOptions, read_parts
from sigtdnn.formats.source import UNNAMED, Source
from sigtdnn.signature import Signature
from tests.formats import fuzz


def test_nothing_foreign_comes_of_broken_files():
    outcome = fuzz.fuzz(seed=0, count=1500)
    assert outcome.failures == []
    assert min(outcome.counts["signature"], outcome.counts["refused"]) > 100


def test_the_files_that_are_broken_are_good_at_first():
    for data in fuzz.seeds():
        three = data.splitlines()[0].count(b" ") == 2
        name = Path("a.hwr" if three else "a.svc" if data[:3] == b"39\n" else "u0001_g_1.txt")
        ((_, one),) = read_parts(Source(name, data))
        assert isinstance(one, Signature)


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        (lambda source, options: 1 / 0, "foreign: ZeroDivisionError"),
        (lambda source, options: bytes(2**25) and [], "memory: "),
        (lambda source, options: list(range(sum(range(10**6)) * 0)), "slow: "),
    ],
)
def test_what_fails_is_counted(monkeypatch, read, problem):
    monkeypatch.setitem(FORMATS, "bad", Format(lambda source: True, read))
    for name in set(FORMATS) - {"bad"}:
        monkeypatch.setitem(FORMATS, name, Format(lambda source: False, read))
    monkeypatch.setattr(fuzz, "PATIENCE", 1e-3)
    outcome = fuzz.Outcome()
    source = Source(UNNAMED, b"1")
    fuzz.try_input(source, ReadingOptions(), outcome, measured=problem != "slow: ")
    assert outcome.failures[0][0].startswith(problem)

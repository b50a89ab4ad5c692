from pathlib import Path

import pytest

from sigtdnn.errors import TemplateError
from sigtdnn.verification import SignerRecord

GOLDEN = Path(__file__).parent.parent / "matching" / "gaussian" / "data" / "template.bin"
SOUND = {"model": b"abcd", "template": b"t", "first": b"f"}


@pytest.mark.parametrize("size", [1, 80, 100_000])
def test_its_bytes_may_have_any_length(size):
    blob = b"x" * size
    record = SignerRecord(b"abcd", blob, blob, habits=blob, pending=blob)
    assert record.template == record.first == record.habits == record.pending == blob


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"first": None}, "without its first form"),
        ({"template": None, "pending": b"p"}, "without its first form"),
        ({"template": None, "first": None}, "neither template nor pending"),
        ({"model": b"abc"}, "not 4 bytes"),
        ({"model": b"abcde"}, "not 4 bytes"),
        ({"model": "abcd"}, "not 4 bytes"),
        ({"template": "t"}, "not of bytes"),
        ({"habits": 7}, "not of bytes"),
        ({"pending": "p"}, "not of bytes"),
        ({"given": -1}, "not a number"),
        ({"updates": "2"}, "not a number"),
    ],
)
def test_an_impossible_record_is_refused(changes, problem):
    SignerRecord(**SOUND)
    with pytest.raises(ValueError, match=problem):
        SignerRecord(**{**SOUND, **changes})


def test_it_is_complete_once_nothing_is_pending():
    assert SignerRecord(**SOUND).complete
    assert not SignerRecord(**SOUND, pending=b"p").complete
    assert not SignerRecord(b"abcd", pending=b"").complete


def test_a_bare_template_tells_its_model_and_count():
    template = GOLDEN.read_bytes()
    record = SignerRecord.imported(template)
    assert record == SignerRecord(b"\x01\x23\xab\xff", template, template, given=6)
    assert record.complete


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "a template of 0 bytes"),
        (b"\x01\x06abc", "a template of 5 bytes"),
        (b"\x07" * 80, "template of format 7"),
        (b"\x01\x06" + b"\x01" * 77, "has 74 bytes behind its head, not 73"),
        (b"\x01" * 80, "template of 1 signature"),
        (b"\x01\x06".ljust(80, b"\0"), "variance 0.0"),
        (b"\x12\x02".ljust(80, b"\0"), "impossible numbers"),
        (b"\x01\x00".ljust(80, b"\0"), "template of no signature"),
    ],
    ids=["empty", "short", "format", "length", "one", "no variance", "elastic", "count"],
)
def test_what_is_no_template_is_not_imported(data, problem):
    with pytest.raises(TemplateError, match=problem):
        SignerRecord.imported(data)

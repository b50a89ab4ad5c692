import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import OtherModelError, TemplateError
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.packing import FINGERPRINT, Head, pack, read_head, require_packed, unpack
from sigtdnn.matching.registry import MATCHERS

ELASTIC = Elastic()
FRAMES = [np.arange(n * 14.0).reshape(n, 14) / 16 for n in (3, 4)]
MODEL = b"\x01\x23\xab\xff"


@pytest.fixture(scope="module")
def data():
    """A packed template of two references."""
    return pack(ELASTIC, ELASTIC.enroll(FRAMES), MODEL)


def test_the_head_is_matcher_count_and_model(data):
    assert data[:6] == bytes([18, 2]) + MODEL
    assert data[6:] == ELASTIC.pack(ELASTIC.enroll(FRAMES))
    assert read_head(data) == Head("elastic", 2, MODEL)
    assert len(MODEL) == FINGERPRINT


def test_what_is_packed_is_unpacked(data):
    found = unpack(ELASTIC, data, MODEL)
    stored = [reference.functions.tolist() for reference in found.references]
    assert stored == [frames.tolist() for frames in FRAMES]
    assert pack(ELASTIC, found, MODEL) == data


def test_more_than_255_signatures_count_as_255(make_matcher):
    matcher = make_matcher(3)
    template = matcher.enroll(np.random.default_rng(0).normal(size=(300, 3)))
    data = pack(matcher, template, MODEL)
    assert read_head(data).count == 255
    assert unpack(matcher, data, MODEL).count == 255


def test_every_matcher_has_a_name_and_a_first_byte_of_its_own():
    assert MATCHERS.keys() == {"gaussian", "elastic"}
    assert all(cls.kind == name for name, cls in MATCHERS.items())
    assert len({cls.code for cls in MATCHERS.values()}) == len(MATCHERS)


def test_a_template_of_another_model_is_refused(data):
    with pytest.raises(OtherModelError, match="another model, 0123abff, this one is 6f746872"):
        unpack(ELASTIC, data, b"othr")


def test_a_template_of_another_matcher_is_refused(data, make_matcher):
    with pytest.raises(OtherModelError, match="another model"):
        unpack(make_matcher(20), data, MODEL)


@pytest.mark.parametrize("size", range(6))
def test_bytes_too_few_for_a_head_are_refused(data, size):
    with pytest.raises(TemplateError, match=f"a template of {size} bytes"):
        read_head(data[:size])


@pytest.mark.parametrize("code", [0, 2, 16, 17, 255])
def test_a_format_that_no_matcher_writes_is_refused(data, code):
    with pytest.raises(TemplateError, match=f"format {code}, which this sigtdnn does not read"):
        read_head(bytes([code]) + data[1:])


def test_a_template_of_no_signature_is_refused(data):
    with pytest.raises(TemplateError, match="of no signature"):
        read_head(data[:1] + b"\0" + data[2:])


# Bytes without their model


def test_what_is_packed_may_be_imported(data, make_matcher):
    assert require_packed(data) == read_head(data)
    for components in (1, 20, 76):
        matcher = make_matcher(components)
        template = matcher.enroll(np.random.default_rng(0).normal(size=(6, components)))
        assert require_packed(pack(matcher, template, MODEL)) == Head("gaussian", 6, MODEL)


@pytest.mark.parametrize(
    ("damaged", "problem"),
    [
        (lambda data: data[:-1], "cut short"),
        (lambda data: data + b"\0", "more than 2 references"),
        (lambda data: bytes([1]) + data[1:], "74 bytes behind its head"),
        (lambda data: bytes([1, 6]) + MODEL + bytes(74), "variance 0.0"),
        (lambda data: bytes([1, 1]) + MODEL + bytes(74), "at least 2"),
        (lambda data: bytes([1, 6]) + MODEL + b"\1" * 74, "damaged"),
        (lambda data: b"", "a template of 0 bytes"),
    ],
    ids=["cut", "longer", "of another matcher", "variance", "count", "padding", "empty"],
)
def test_what_no_matcher_packs_is_not_imported(data, damaged, problem):
    with pytest.raises(TemplateError, match=problem):
        require_packed(damaged(data))


@given(st.binary(max_size=90))
def test_any_bytes_have_a_head_or_are_refused(data):
    try:
        head = read_head(data)
    except TemplateError:
        assert len(data) < 6 or data[0] not in (1, 18) or data[1] == 0
    else:
        assert MATCHERS[head.kind].code == data[0]
        assert (head.count, head.model) == (data[1], data[2:6])


@given(st.binary(min_size=74, max_size=74), st.integers(1, 255))
def test_any_bytes_are_a_template_or_refused(make_matcher, body, count):
    data = bytes([1, count]) + MODEL + body
    matcher = make_matcher(76)
    try:
        found = unpack(matcher, data, MODEL)
    except TemplateError:
        return
    assert pack(matcher, found, MODEL) == data

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import TemplateError
from sigtdnn.matching import packing
from sigtdnn.matching.gaussian.codec import SIZE, pack, unpack

GOLDEN = Path(__file__).parent / "data" / "template.bin"
MODEL = b"\x01\x23\xab\xff"
LEVELS = [(i * 43 + 1) % 2**7 for i in range(76)]
LEVELS[0], LEVELS[75] = 0, 2**7 - 1


def some(components=76):
    return pack(0.5, np.arange(components, dtype=np.uint8) + 7)


def changed(data, place, value):
    return data[:place] + value + data[place + len(value) :]


# The format, read without the codec


def test_golden_bytes_are_those_that_the_docstring_describes():
    data = GOLDEN.read_bytes()
    assert len(data) == 80
    assert data[:2] == bytes([1, 6])
    assert data[2:6] == MODEL
    assert struct.unpack("<f", data[6:10]) == (0.0078125 + 2**-20,)
    bits = "".join(f"{byte:08b}" for byte in data[10:77])
    assert [int(bits[i : i + 7], 2) for i in range(0, 76 * 7, 7)] == LEVELS
    assert bits[76 * 7 :] == "0000"
    assert data[77:] == bytes(3)


def test_golden_bytes_are_read_and_written(make_matcher):
    matcher = make_matcher(76)
    template = packing.unpack(matcher, GOLDEN.read_bytes(), MODEL)
    assert template.count == 6
    assert template.variance == 0.0078125 + 2**-20
    assert template.levels.tolist() == LEVELS
    assert packing.pack(matcher, template, MODEL) == GOLDEN.read_bytes()


single = st.floats(min_value=2**-149, max_value=float(np.finfo(np.float32).max), width=32)


@given(single, st.lists(st.integers(0, 2**7 - 1), min_size=1, max_size=76))
def test_bytes_and_content_round_trip_bit_for_bit(variance, levels):
    data = pack(variance, np.array(levels, np.uint8))
    assert len(data) == SIZE == 74
    found = unpack(data, len(levels))
    assert found[0] == variance
    assert found[1].tolist() == levels
    assert pack(*found) == data


@given(single, st.integers(1, 76), st.data())
def test_bytes_that_are_accepted_are_written_the_same(variance, components, draw):
    used = 7 * components
    bits = draw.draw(st.integers(0, 2**used - 1)) << (67 * 8 - used)
    data = struct.pack("<f", variance) + bits.to_bytes(67, "big") + bytes(3)
    assert pack(*unpack(data, components)) == data


# Refused by name


@pytest.mark.parametrize("size", [0, 1, 73, 75, 160])
def test_wrong_length(size):
    with pytest.raises(TemplateError, match=f"has 74 bytes behind its head, not {size};"):
        unpack(some().ljust(160, b"\0")[:size], 76)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version(make_matcher, version):
    data = changed(GOLDEN.read_bytes(), 0, bytes([version]))
    with pytest.raises(TemplateError, match=f"format {version}, which this sigtdnn does not read"):
        packing.unpack(make_matcher(76), data, MODEL)


def test_no_signature(make_matcher):
    with pytest.raises(TemplateError, match="template of no signature"):
        packing.unpack(make_matcher(76), changed(GOLDEN.read_bytes(), 1, b"\0"), MODEL)


def test_a_single_signature(make_matcher):
    with pytest.raises(TemplateError, match=r"template of 1 signature\(s\), at least 2"):
        packing.unpack(make_matcher(76), changed(GOLDEN.read_bytes(), 1, b"\1"), MODEL)


@pytest.mark.parametrize("variance", [0.0, -0.0, -1.0, float("inf"), float("-inf"), float("nan")])
def test_impossible_variance(variance):
    with pytest.raises(TemplateError, match="it must be positive"):
        unpack(changed(some(), 0, struct.pack("<f", variance)), 76)


@pytest.mark.parametrize("place", [71, 72, 73])
def test_padding_at_the_end(place):
    with pytest.raises(TemplateError, match="or damaged"):
        unpack(changed(some(), place, b"\x01"), 76)


def test_padding_after_the_last_level():
    data = some()
    with pytest.raises(TemplateError, match="or damaged"):
        unpack(changed(data, 70, bytes([data[70] | 1])), 76)


def test_more_components_than_the_matcher_has():
    with pytest.raises(TemplateError, match="more than 5 components"):
        unpack(some(components=6), 5)


def test_fewer_components_leave_zeros():
    data = some(components=4)
    assert data[4 + 4 :] == bytes(74 - 8)
    assert unpack(data, 4)[1].tolist() == [7, 8, 9, 10]

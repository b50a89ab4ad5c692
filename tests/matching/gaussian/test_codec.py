import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import ModelError
from sigtdnn.matching.gaussian.codec import Content, pack, unpack

GOLDEN = Path(__file__).parent / "data" / "template.bin"
LEVELS = [(i * 43 + 1) % 2**7 for i in range(76)]
LEVELS[0], LEVELS[75] = 0, 2**7 - 1


def some(components=76, **changes):
    levels = np.arange(components, dtype=np.uint8) + 7
    parts = {"count": 6, "fingerprint": b"abcd", "variance": 0.5, "levels": levels, **changes}
    return pack(Content(**parts))


def changed(data, place, value):
    return data[:place] + value + data[place + len(value) :]


# The format, read without the codec


def test_golden_bytes_are_those_that_the_docstring_describes():
    data = GOLDEN.read_bytes()
    assert len(data) == 80
    assert data[:2] == bytes([1, 6])
    assert data[2:6] == b"\x01\x23\xab\xff"
    assert struct.unpack("<f", data[6:10]) == (0.0078125 + 2**-20,)
    bits = "".join(f"{byte:08b}" for byte in data[10:77])
    assert [int(bits[i : i + 7], 2) for i in range(0, 76 * 7, 7)] == LEVELS
    assert bits[76 * 7 :] == "0000"
    assert data[77:] == bytes(3)


def test_golden_bytes_are_read_and_written():
    content = unpack(GOLDEN.read_bytes(), 76)
    assert content.count == 6
    assert content.fingerprint == b"\x01\x23\xab\xff"
    assert content.variance == 0.0078125 + 2**-20
    assert content.levels.tolist() == LEVELS
    assert pack(content) == GOLDEN.read_bytes()


single = st.floats(min_value=2**-149, max_value=float(np.finfo(np.float32).max), width=32)


@given(
    st.integers(2, 255),
    st.binary(min_size=4, max_size=4),
    single,
    st.lists(st.integers(0, 2**7 - 1), min_size=1, max_size=76),
)
def test_bytes_and_content_round_trip_bit_for_bit(count, fingerprint, variance, levels):
    data = pack(Content(count, fingerprint, variance, np.array(levels, np.uint8)))
    assert len(data) == 80
    found = unpack(data, len(levels))
    assert (found.count, found.fingerprint, found.variance) == (count, fingerprint, variance)
    assert found.levels.tolist() == levels
    assert pack(found) == data


@given(st.binary(min_size=80, max_size=80), st.integers(1, 76))
def test_bytes_that_are_accepted_are_written_the_same(data, components):
    data = b"\x01" + data[1:77] + bytes(3)
    try:
        content = unpack(data, components)
    except ModelError:
        return
    assert pack(content) == data


# Refused by name


@pytest.mark.parametrize("size", [0, 1, 79, 81, 160])
def test_wrong_length(size):
    with pytest.raises(ModelError, match=f"a template has 80 bytes, not {size};"):
        unpack(some().ljust(160, b"\0")[:size], 76)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version(version):
    with pytest.raises(ModelError, match=f"format version {version}, this sigtdnn reads 1"):
        unpack(changed(some(), 0, bytes([version])), 76)


@pytest.mark.parametrize("count", [0, 1])
def test_impossible_count(count):
    with pytest.raises(ModelError, match=rf"template of {count} signature\(s\)"):
        unpack(changed(some(), 1, bytes([count])), 76)


@pytest.mark.parametrize("variance", [0.0, -0.0, -1.0, float("inf"), float("-inf"), float("nan")])
def test_impossible_variance(variance):
    with pytest.raises(ModelError, match="it must be positive"):
        unpack(changed(some(), 6, struct.pack("<f", variance)), 76)


@pytest.mark.parametrize("place", [77, 78, 79])
def test_padding_at_the_end(place):
    with pytest.raises(ModelError, match="or damaged"):
        unpack(changed(some(), place, b"\x01"), 76)


def test_padding_after_the_last_level():
    data = some()
    with pytest.raises(ModelError, match="or damaged"):
        unpack(changed(data, 76, bytes([data[76] | 1])), 76)


def test_more_components_than_the_card_has():
    with pytest.raises(ModelError, match="more than 5 components"):
        unpack(some(components=6), 5)


def test_fewer_components_leave_zeros():
    data = some(components=4)
    assert data[10 + 7 :] == bytes(80 - 17)
    assert unpack(data, 4).levels.tolist() == [7, 8, 9, 10]

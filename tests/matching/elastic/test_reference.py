import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import TemplateError
from sigtdnn.matching.elastic.matcher import SPREAD
from sigtdnn.matching.elastic.reference import MAX_FRAMES, Reference, most_rows, rounded
from sigtdnn.matching.packing import HEAD


def functions(count: int, size: int = 14, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rounded(rng.normal(size=(count, size)).cumsum(axis=0) / 4)


def test_values_are_kept_in_sixteenths_up_to_127() -> None:
    assert rounded(np.array([[0.03, 0.04, -9.0, np.nan, -0.01]])).tolist()[0][:3] == [
        0, 0.0625, -127 / 16
    ]  # fmt: skip
    # Zero has one sign, since its bytes are looked up.
    assert not np.signbit(rounded(np.array([[-0.01]]))).any()


@given(st.integers(1, 233), st.integers(0, 10_000), st.booleans())
def test_a_reference_loses_nothing_when_it_is_stored(count: int, seed: int, known: bool) -> None:
    values = functions(count, seed=seed)
    if not known:
        values[:, [4, 5, 12, 13]] = np.nan
    data = Reference.of(values).to_bytes()
    found, rest = Reference.read(data + b"more")
    assert rest == b"more"
    np.testing.assert_array_equal(found.functions, values)
    assert found.functions.dtype == np.float32
    assert found.to_bytes() == data


@given(st.integers(234, 3000))
def test_five_references_of_any_length_take_at_most_16_kib(count: int) -> None:
    reference = Reference.of(functions(count))
    assert 5 * len(reference.to_bytes()) + SPREAD.size + HEAD.size <= 16 * 1024
    assert reference.count == len(reference.functions) == count
    found, _ = Reference.read(reference.to_bytes())
    np.testing.assert_array_equal(found.functions, reference.functions)


def test_a_long_reference_keeps_its_course() -> None:
    values = functions(600)
    smooth = np.array([np.convolve(column, np.ones(9) / 9, "same") for column in values.T]).T
    apart = Reference.of(smooth).functions - smooth
    assert np.abs(apart[10:-10]).max() < 0.25


@pytest.mark.parametrize("data", [b"", b"\1\0", b"\0\0\2", b"\1\0\0", b"\2\0\2abc"])
def test_bytes_cut_short_are_refused(data: bytes) -> None:
    with pytest.raises(TemplateError, match="cut short, or damaged"):
        Reference.read(data)


def test_the_longest_recording_can_be_counted() -> None:
    # A minute, more than which no reader takes, on the finer grid of 10 ms.
    assert MAX_FRAMES > 60 / 0.01
    assert most_rows(14) == 233

"""Beside Python's own `float`, number by number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.formats.decimals import MAX_DIGITS, plain_rows

digits = st.text("0123456789", min_size=1, max_size=16)
fractions = st.tuples(st.text("0123456789", max_size=9), st.text("0123456789", max_size=9))
decimals = st.builds(
    str.__add__,
    st.sampled_from(["", "", "-", "+"]),
    digits | fractions.filter(any).map(".".join),
)
SEPARATORS = {b"": [" ", "  ", "\t", " \t "], b",": [","], b";": [";"]}


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 4))
    row = st.lists(decimals, min_size=columns, max_size=columns)
    return columns, draw(st.lists(row, min_size=1, max_size=5))


@given(tables(), st.sampled_from(list(SEPARATORS)), st.data())
def test_every_plain_table_is_read_as_float_reads_it(table, separator, data):
    columns, rows = table
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    between = data.draw(st.sampled_from(SEPARATORS[separator]))
    text = end.join(between.join(row) for row in rows)
    wanted = np.array([[float(field) for field in row] for row in rows])
    found = plain_rows(text.encode(), columns, separator)
    # From 2^53 on, less its point, a number is left to others; one of more digits, too.
    plain = ["".join(filter(str.isdigit, field)) for row in rows for field in row]
    if any(int(field) >= 2**53 or len(field) > MAX_DIGITS for field in plain):
        assert found is None
    else:
        np.testing.assert_array_equal(found, wanted)
        assert not (np.signbit(found) ^ np.signbit(wanted)).any()


fields = st.sampled_from(["1", "-2", "+3.5", ".5", "6.", ".", "-", "", "1-", "--1", "1.2.3", "7e1",
                          "x", "12345678901234567", " ", "\t", "\r", "\n", ",", "é"])  # fmt: skip


@given(st.lists(fields, max_size=9), st.sampled_from([" ", ",", ""]), st.integers(1, 3))
def test_anything_else_is_left_to_others(parts, glue, columns):
    text = glue.join(parts)
    separator = b"," if glue == "," else b""
    found = plain_rows(text.encode(), columns, separator)
    if found is not None:
        split = [line.split(separator.decode() or None) for line in text.splitlines()]
        wanted = [[float(field) for field in row] for row in split]
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize(
    "text",
    [
        b"", b" ", b"\n", b"1 2\n3", b"1 2\n\n3 4", b"1 2 3\n4", b"1\r2", b"1 2\r3 4", b"1 2\n",
        b"1 .", b". 1", b"1 -", b"1 1.2.3", b"1 1-", b"1 1e3", b"1 nan", b"1 0x1", b"1 1_0",
        b"1 12345678901234567", b"1 9007199254740993", b"1,2", b"1 \xe9",
    ],
)  # fmt: skip
def test_what_is_no_plain_row_of_two(text):
    assert plain_rows(text, 2) is None


@pytest.mark.parametrize(
    "text", [b"1,,2", b",1,2", b"1,2,", b"1, 2", b"1 2", b"1,2,3", b",", b"1;2"]
)
def test_what_is_no_row_of_two_with_commas(text):
    assert plain_rows(text, 2, b",") is None

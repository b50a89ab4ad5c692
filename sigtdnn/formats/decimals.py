"""Rows of plain decimal numbers from bytes, all at once: what nearly every stroke file consists of.

A number is an optional sign, up to 16 digits and an optional point; without its point it must lie
below 2^53, so that the float64 is the nearest to it. Anything else (an exponent, a row of
another length, a letter) is left to those who read line by line and can say what is wrong.

The eight digits before the end of each number are read as one integer of 64 bits, the first digit
in its lowest byte, and added up in pairs, fours and eights.
"""

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float64, Rows

MAX_DIGITS = 16
_PLAIN = b"0123456789.+-\r\n"
_LINE_END, _POINT, _PLUS, _MINUS, _CR = b"\n.+-\r"
_MAX_WHOLE = 2.0**53
_POWERS = 10.0 ** np.arange(MAX_DIGITS + 1)
_ASCII_ZEROS = np.uint64(0x3030303030303030)
# By how many bits the digits of a shorter number stand too high, by its length.
_OTHERS = np.array([8 * max(8 - length, 0) for length in range(MAX_DIGITS + 1)], np.uint64)
# What multiplies the sums so far, how far their neighbours lie, and where the new sums are.
_SUMS = tuple(
    tuple(map(np.uint64, step))
    for step in (
        (10, 8, 0x00FF00FF00FF00FF),
        (100, 16, 0x0000FFFF0000FFFF),
        (10_000, 32, 0x00000000FFFFFFFF),
    )
)


def plain_rows(text: bytes, columns: int, separator: bytes = b"") -> Float64 | None:
    """The numbers in lines of `columns` each, shape (lines, columns); None where they are not so.

    Without a separator they are apart by blanks or tabs; with one there must be none of these.
    """
    if text.translate(None, _PLAIN + (separator or b" \t")):
        return None
    # Blanks before the first number make room for its eight digits.
    padded = np.frombuffer(b" " * MAX_DIGITS + text + b"\n", np.uint8)
    points = np.flatnonzero(padded == _POINT) if b"." in text else None
    if points is not None:
        padded = np.delete(padded, points)
        points -= np.arange(len(points))
    ink = padded > ord(" ")
    if separator:
        ink &= padded != ord(separator)
    edges = np.flatnonzero(ink[1:] != ink[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if not _are_lines(padded, starts, ends, columns):
        return None
    if separator and text.count(separator) * columns != len(starts) * (columns - 1):
        return None
    lengths = ends - starts
    negative = None
    if b"-" in text or b"+" in text:
        negative, positive = padded[starts] == _MINUS, padded[starts] == _PLUS
        lengths -= negative | positive
        signs = np.count_nonzero(negative) + np.count_nonzero(positive)
        if signs != text.count(b"-") + text.count(b"+") or lengths.min() < 1:
            return None
    longest = lengths.max()
    if longest > MAX_DIGITS:
        return None
    numbers = _eight(padded, ends, lengths)
    if longest > 8:
        longer = np.flatnonzero(lengths > 8)
        numbers[longer] += 1e8 * _eight(padded, ends[longer] - 8, lengths[longer] - 8)
        if numbers.max() >= _MAX_WHOLE:
            return None
    if points is not None:
        token = np.searchsorted(starts, points, "right") - 1
        places = ends[token] - points
        if token[0] < 0 or places.min() < 0 or (np.diff(token) < 1).any():
            return None
        numbers[token] /= _POWERS[places]
    if negative is not None:
        numbers[negative] *= -1
    return numbers.reshape(-1, columns)


def _are_lines(padded: NDArray[np.uint8], starts: Rows, ends: Rows, columns: int) -> bool:
    """Whether there are tokens, so many in every line, and lines end as they should."""
    lines = np.flatnonzero(padded == _LINE_END)
    last, first = ends[columns - 1 :: columns], starts[columns::columns]
    if len(starts) != columns * len(lines) or not (lines >= last).all():
        return False
    if not (lines[:-1] < first).all():
        return False
    returns = padded[lines[:-1] - 1] == _CR
    return int(np.count_nonzero(padded == _CR)) == int(np.count_nonzero(returns))


def _eight(padded: NDArray[np.uint8], ends: Rows, lengths: Rows) -> Float64:
    """The numbers of so many digits before `ends`; of no more than eight."""
    windows = np.ndarray((len(padded) - 7,), "V8", padded, 0, (1,))
    others = _OTHERS[lengths]
    sums = ((windows[ends - 8].view("<u8") ^ _ASCII_ZEROS) >> others) << others
    for factor, shift, mask in _SUMS:
        sums = (sums * factor + (sums >> shift)) & mask
    return sums.astype(np.float64)

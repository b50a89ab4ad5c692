"""A reference as bytes: its functions of time in steps of 1/16, at most so many rows of them.

A signature longer than the rows suffice for is kept on a coarser grid of time, evenly spaced, and
read back by straight lines between: so that a template of five references never takes more than
16 KiB.

bytes   what
0-1     n, frames of the signature
2       k, functions of each; at least 1
3-      int8, rows of k: n rows, or `most_rows(k)` where n is more; -128 where a function is unknown
"""

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float32, Float64
from sigtdnn.errors import TemplateError

HEAD = struct.Struct("<HB")
MAX_BYTES = (16 * 1024 - 8) // 5
MAX_FRAMES = 2**16 - 1
STEPS = 16  # of a value of 1
MAX_STEP = 127
UNKNOWN = -128

Int8 = NDArray[np.int8]


def rounded(functions: Float64) -> Float32:
    """Functions (n, k) in the precision of a stored reference."""
    # The sum makes -0.0, whose bytes differ, 0.0.
    steps = np.clip(np.rint(STEPS * functions), -MAX_STEP, MAX_STEP) + 0.0
    return (steps / STEPS).astype(np.float32)


def most_rows(functions: int) -> int:
    """How many rows of so many functions a reference may keep."""
    return (MAX_BYTES - HEAD.size) // functions


@dataclass(frozen=True, eq=False)
class Reference:
    """A reference as it is stored."""

    count: int  # frames of the signature
    rows: Int8  # (m, k), m <= count

    @classmethod
    def of(cls, functions: NDArray[Any]) -> "Reference":
        """The reference of functions of time (n, k)."""
        count, rows = len(functions), most_rows(functions.shape[1])
        if count > rows:
            functions = _resampled(functions, rows)
        steps = np.rint(STEPS * functions).clip(-MAX_STEP, MAX_STEP)
        return cls(count, np.where(np.isnan(steps), UNKNOWN, steps).astype(np.int8))

    @property
    def coarse(self) -> bool:
        """Whether the signature is kept on a coarser grid of time than its own."""
        return self.count > len(self.rows)

    @property
    def kept(self) -> Float32:
        """The functions of time (m, k) in the rows, NaN where unknown."""
        values = self.rows.astype(np.float32) / np.float32(STEPS)
        values[self.rows == UNKNOWN] = np.nan
        return values

    @cached_property
    def functions(self) -> Float32:
        """The functions of time (n, k), as they are compared."""
        values = self.kept
        if self.coarse:
            values = _resampled(values, self.count).astype(np.float32)
        return values

    def to_bytes(self) -> bytes:
        """The bytes that `read` reads."""
        return HEAD.pack(self.count, self.rows.shape[1]) + self.rows.tobytes()

    @classmethod
    def read(cls, data: bytes) -> "tuple[Reference, bytes]":
        """The reference that the bytes begin with, and the rest of them.

        Raises TemplateError for bytes that are cut short, or that no reference has.
        """
        count, functions = HEAD.unpack_from(data) if len(data) >= HEAD.size else (0, 0)
        rows = min(count, most_rows(max(functions, 1)))
        end = HEAD.size + rows * functions
        if not rows * functions or len(data) < end:
            raise TemplateError("template that is cut short, or damaged", "enrol again")
        values = np.frombuffer(data[HEAD.size : end], np.int8).reshape(rows, functions)
        return cls(count, values), data[end:]


def _resampled(values: NDArray[Any], count: int) -> Float64:
    """Values (m, k) at `count` even places, the middles of equal parts; straight lines between."""
    places = (np.arange(count) + 0.5) * len(values) / count - 0.5
    known = np.arange(len(values))
    return np.column_stack([np.interp(places, known, column) for column in values.T])

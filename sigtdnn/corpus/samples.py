"""The samples of signatures as one array of records, one signature after another.

pressure  NaN throughout a signature without pressure; so are azimuth and altitude
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.signature import Device, Signature

SAMPLE = np.dtype(
    [
        ("t", "<f8"), ("x", "<f8"), ("y", "<f8"), ("stroke", "<i8"), ("pressure", "<f8"),
        ("azimuth", "<f8"), ("altitude", "<f8"),
    ]
)  # fmt: skip

Records = NDArray[np.void]


def pack(signatures: Sequence[Signature]) -> Records:
    """The samples of the signatures, shape (total,), of dtype `SAMPLE`."""
    records = np.empty(sum(map(len, signatures)), SAMPLE)
    first = 0
    for one in signatures:
        part = records[first : first + len(one)]
        part["t"], part["x"], part["y"], part["stroke"] = one.t, one.x, one.y, one.stroke
        part["pressure"] = np.nan if one.pressure is None else one.pressure
        tilt = (np.nan, np.nan) if one.tilt is None else one.tilt.T
        part["azimuth"], part["altitude"] = tilt
        first += len(one)
    return records


def unpack(records: Records, device: Device, repaired: int) -> Signature:
    """The signature that these are the samples of, shape (n,)."""
    pressure = _copy(records["pressure"])
    tilt = _copy(np.column_stack([records["azimuth"], records["altitude"]]))
    return Signature(
        _copy(records["t"]),
        _copy(records["x"]),
        _copy(records["y"]),
        _copy(records["stroke"], np.intp),
        None if np.isnan(pressure[0]) else pressure,
        None if np.isnan(tilt[0, 0]) else tilt,
        device,
        repaired,
    )


def _copy(array: NDArray[Any], dtype: type[np.generic] = np.float64) -> NDArray[Any]:
    copy = np.array(array, dtype)
    copy.setflags(write=False)
    return copy

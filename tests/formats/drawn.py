"""Hypothesis draws signatures: strokes, dots and air, with what a tablet may report.

They are written, read again and compared.
"""

from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.registry import FORMATS
from sigtdnn.formats.source import Source
from sigtdnn.signature import Device, Signature


@st.composite
def signatures(draw, whole=True, units=(None,)):
    """A signature from stroke to stroke; of whole units and milliseconds if `whole`."""
    runs = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), max_size=4))
    stroke = [number for i, (on, off) in enumerate(runs) for number in [i] * on + [-1] * off] + [
        len(runs)
    ] * 3
    n = len(stroke)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    points = rng.integers(-9000, 9000, (2, n)) if whole else rng.normal(0, 50, (2, n))
    steps = rng.integers(1, 99, n) if whole else rng.uniform(0.5, 99, n)
    full = draw(st.sampled_from([None, 127, 1023, 32767]))
    tilt = np.column_stack([rng.integers(0, 3600, n), rng.integers(1, 900, n)])
    return Signature.from_strokes(
        np.cumsum(steps) / 1000,
        *points,
        stroke,
        None if full is None else rng.integers(0, full, n) / full,
        tilt=np.radians(tilt / 10) if draw(st.booleans()) else None,
        device=Device(units=draw(st.sampled_from(units)), levels=full),
    )


def again(format: str, *written: Signature, **told: object) -> list[Signature]:
    """The signatures, written in a format and read as told to be in it."""
    data = FORMATS[format].write(written)
    source = Source(Path("a" + FORMATS[format].ending), data)
    assert FORMATS[format].sniff(source)
    return list(FORMATS[format].read(source, ReadingOptions(format=format, **told)))


def on_surface(signature: Signature) -> Signature:
    """The same without samples in the air."""
    kept = signature.stroke >= 0
    pressure, tilt = (
        None if column is None else column[kept] for column in (signature.pressure, signature.tilt)
    )
    return Signature.from_strokes(
        signature.t[kept], signature.x[kept], signature.y[kept], signature.stroke[kept], pressure,
        tilt=tilt, device=signature.device,
    )  # fmt: skip


def check_equal(found: Signature, wanted: Signature, *but: str, pressure: float = 1e-12) -> None:
    """Asserts that both are the same, `but` some columns; pressure to so much."""
    assert found.stroke.tolist() == wanted.stroke.tolist()
    np.testing.assert_allclose(found.t, wanted.t, atol=1e-9, rtol=0)
    assert found.x.tolist() == wanted.x.tolist()
    assert found.y.tolist() == wanted.y.tolist()
    for name, close in (("pressure", pressure), ("tilt", 1e-12)):
        if name in but:
            continue
        column, other = getattr(found, name), getattr(wanted, name)
        assert (column is None) == (other is None), name
        if column is not None:
            np.testing.assert_allclose(column, other, atol=close, rtol=0)
    if "device" not in but:
        assert found.device == wanted.device

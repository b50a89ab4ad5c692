"""Hypothesis draws signatures: strokes, dots and air, with what a tablet may report."""

import numpy as np
from hypothesis import strategies as st

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

import re

import numpy as np
import pytest

from sigtdnn.corpus.identity import Identity, Kind
from sigtdnn.corpus.summary import Summary
from sigtdnn.signature import Signature

ANN = Identity("home", "home/ann", "home/ann", Kind.GENUINE, number=1)
FORGED = Identity("home", "home/ann", kind=Kind.SKILLED)


def signature(duration=2.0, rate=100, strokes=2, air=False, pressure=False):
    n = int(duration * rate) + 1
    i = np.arange(n)
    stroke = i * strokes // n
    if air:
        stroke[stroke == 1] = -1
        stroke[stroke == 2] = 1
    return Signature.from_strokes(i / rate, i, i * i % 31, stroke, i / n if pressure else None)


def summary(*recordings):
    found = Summary()
    for identity, one in recordings:
        found.add(identity, one)
    return found


def test_it_counts_and_gives_quartiles():
    found = summary(
        (ANN, signature(1)), (ANN, signature(2, air=True, strokes=3)),
        (FORGED, signature(3, pressure=True)), (Identity("home"), signature(4)),
    )  # fmt: skip
    assert found.kinds == {Kind.GENUINE: 2, Kind.SKILLED: 1, Kind.UNKNOWN: 1}
    assert found.signers == {"home/ann"}
    assert (found.pressure, found.air, found.repaired) == (1, 1, 0)
    assert found.durations == (1.75, 2.5, 3.25)
    np.testing.assert_allclose(found.rates, 100)


GOOD = [(ANN, signature()), (FORGED, signature())]


def test_nothing_is_said_of_what_is_like_signatures():
    assert summary(*GOOD).warnings == []


@pytest.mark.parametrize(
    ("recordings", "warning"),
    [
        ([(Identity("home"), signature())], "Nobody is labelled.*recordings.csv"),
        ([(ANN, signature())], "There are no forgeries"),
        (
            [*GOOD, (Identity("home", "home/ben", "home/ben", Kind.GENUINE), signature())],
            "Signatures of home have no numbers: .*mixed, one",
        ),
        ([(ANN, signature(0.2)), (FORGED, signature(0.3))], "Half of all .* unit of time right"),
        ([(ANN, signature(30)), (FORGED, signature(40))], "Half of all recordings take 32.5 to"),
        ([(ANN, signature(rate=60)), (FORGED, signature(rate=200))], "Rates differ.*tablets"),
        ([(ANN, signature(strokes=1)), (FORGED, signature(strokes=1))] * 10, "a single stroke"),
    ],
)
def test_what_is_unlike_signatures_is_said(recordings, warning):
    (found,) = summary(*recordings).warnings
    assert re.search(warning, found)

"""What a signature may suffer and still be its signer's; and what may not pass for it.

Five plain references; questioned are genuine signatures of another day, plain and distorted.
Accepted at the usual threshold of the model that ships. The table is printed at the end of the
tests' output.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from sigtdnn import Verifier
from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.study import population_corpus
from sigtdnn.signature import Signature
from tests.tools import REPORTED

Distortion = Callable[[Signature], Signature]
SIGNERS, QUESTIONED = 24, 3
# Shares of what plain signatures reach.
KEPT, PASSED = 0.9, 0.05


def changed(
    one: Signature,
    *,
    t: np.ndarray | None = None,
    x: np.ndarray | None = None,
    y: np.ndarray | None = None,
) -> Signature:
    """The signature with other times or places."""
    times, xs, ys = (
        kept if given is None else given for given, kept in ((t, one.t), (x, one.x), (y, one.y))
    )
    return Signature.from_strokes(times, xs, ys, one.stroke, one.pressure)


def with_longer_lift(one: Signature) -> Signature:
    """The longest lift, or else the middle, 0.3 s longer."""
    step = np.diff(one.t)
    up = ~one.pen[:-1]
    place = int(np.argmax(np.where(up, step, 0))) if up.any() else len(step) // 2
    step[place] += 0.3
    return changed(one, t=np.append(0.0, np.cumsum(step)))


def with_spike(one: Signature, x: float, y: float) -> Signature:
    """The middle sample of the longest stroke elsewhere; x and y in sizes from the lower left."""
    longest = np.bincount(one.stroke[one.stroke >= 0]).argmax()
    place = int(np.median(np.flatnonzero(one.stroke == longest)))
    xs, ys = one.x.copy(), one.y.copy()
    xs[place] = one.x.min() + x * np.ptp(one.x)
    ys[place] = one.y.min() + y * np.ptp(one.y)
    return changed(one, x=xs, y=ys)


def with_corner(one: Signature, places: slice) -> Signature:
    """These samples half a size off the lower left."""
    xs, ys = one.x.copy(), one.y.copy()
    xs[places] = one.x.min() - np.ptp(one.x) / 2
    ys[places] = one.y.min() - np.ptp(one.y) / 2
    return changed(one, x=xs, y=ys)


def with_two_spikes(one: Signature) -> Signature:
    """The middle two samples of the longest stroke there."""
    longest = np.bincount(one.stroke[one.stroke >= 0]).argmax()
    place = int(np.median(np.flatnonzero(one.stroke == longest)))
    return with_corner(one, slice(place, place + 2))


def turned(one: Signature, degrees: float) -> Signature:
    """Turned counterclockwise."""
    place = (one.x + 1j * one.y) * np.exp(1j * np.radians(degrees))
    return changed(one, x=place.real, y=place.imag)


def sampled(one: Signature, rate: float) -> Signature:
    """At another rate, stroke by stroke."""
    t = np.arange(0, one.duration, 1 / rate)
    before = np.minimum(np.searchsorted(one.t, t, side="right") - 1, len(one) - 2)
    between = one.stroke[before]
    between = np.where(one.stroke[before + 1] == between, between, -1)
    numbers = np.unique(between[between >= 0], return_inverse=True)[1]
    stroke = between.copy()
    stroke[between >= 0] = numbers
    force = None if one.pressure is None else np.interp(t, one.t, one.pressure)
    kept = stroke >= 0
    parts = (t, np.interp(t, one.t, one.x), np.interp(t, one.t, one.y), stroke)
    return Signature.from_strokes(
        *(part[kept] for part in parts), None if force is None else force[kept]
    )


def in_pixels(one: Signature) -> Signature:
    """150 pixels over the width."""
    pixel = np.ptp(one.x) / 150
    return changed(one, x=np.round(one.x / pixel), y=np.round(one.y / pixel))


def without_pressure(one: Signature) -> Signature:
    return Signature.from_strokes(one.t, one.x, one.y, one.stroke)


ALLOWED: Mapping[str, Distortion] = {
    "a lift 0.3 s longer": with_longer_lift,
    "20 % slower": lambda one: changed(one, t=1.2 * one.t),
    "one sample at the corner": lambda one: with_spike(one, -0.5, -0.5),
    "one sample a third off": lambda one: with_spike(one, 0.3, 1.3),
    "the first sample at the corner": lambda one: with_corner(one, slice(0, 1)),
    "the last sample at the corner": lambda one: with_corner(one, slice(-1, None)),
    "two samples at the corner": with_two_spikes,
    "turned 15 degrees left": lambda one: turned(one, 15),
    "turned 15 degrees right": lambda one: turned(one, -15),
    "30 samples a second": lambda one: sampled(one, 30),
    "200 samples a second": lambda one: sampled(one, 200),
    "in pixels": in_pixels,
    "without pressure": without_pressure,
}
OTHERS: Mapping[str, Distortion] = {
    "upside down": lambda one: turned(one, 180),
    "mirrored": lambda one: changed(one, x=-one.x),
    "y downward": lambda one: changed(one, y=-one.y),
}


def accepted(corpus: Corpus) -> dict[str, float]:
    """The share accepted of plain and of distorted genuines.

    Those that may not pass are few: they are counted over all signers, others over some.
    """
    verifier = Verifier.default()
    recordings = corpus.recordings
    genuine = recordings[recordings["kind"] == "genuine"].sort_values(["session", "number"])
    verdicts: dict[str, list[bool]] = {}
    for number, (_, own) in enumerate(genuine.groupby("signer")):
        allowed = {"plain": lambda one: one, **ALLOWED} if number < SIGNERS else {}
        record = verifier.reference([corpus.signature(row) for row in own.index[:5]])
        threshold = verifier.threshold(references=verifier.references(record))
        for row in own.index[-QUESTIONED:]:
            plain = corpus.signature(row)
            for name, distort in {**allowed, **OTHERS}.items():
                raw = verifier.score(record, distort(plain)).score
                verdicts.setdefault(name, []).append(raw >= threshold)
    return {name: float(np.mean(found)) for name, found in verdicts.items()}


def report(name: str, shares: Mapping[str, float]) -> None:
    plain = shares["plain"]
    REPORTED.append(f"Robustness, {name}: plain {plain:.2f} accepted; of these")
    REPORTED.extend(f"  {share / plain:5.2f}  {what}" for what, share in shares.items())


def check(name: str, corpus: Corpus) -> None:
    """Prints the table; fails where a bar is missed."""
    shares = accepted(corpus)
    report(name, shares)
    plain = shares["plain"]
    assert {what: shares[what] for what in ALLOWED if shares[what] < KEPT * plain} == {}
    assert {what: shares[what] for what in OTHERS if shares[what] > PASSED * plain} == {}
    assert plain > 0.9


def test_artificial_signers() -> None:
    check("artificial signers", population_corpus(SIGNERS, seed=77))


@pytest.mark.parametrize("name", ["svc2004/Task2", "susig/VisualSubCorpus", "sigcomp2009-nfi"])
def test_real_signers(datasets: Path, name: str) -> None:
    check(name, build_corpus([datasets / name], duplicates="first").corpus)

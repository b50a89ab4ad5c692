"""Small corpora and hand-made stroke files, from no real recording."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.signature import Device, Signature


def wave(seed: int, n: int = 30) -> np.ndarray:
    """t, x, y, pen of an artificial scribble, shape (n, 4), different for every seed."""
    generator = np.random.default_rng(seed)
    i = np.arange(n)
    y = np.round(100 * np.sin(i / 3 + seed)) + generator.integers(-9, 9, n)
    return np.column_stack([i / 100, 10 * i, y, i % 10 != 9])


@pytest.fixture
def write_csv() -> Callable[..., Path]:
    """write_csv(path, seed): a CSV stroke file; equal seeds make equal bytes."""

    def write(path: Path, seed: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [f"{t},{x},{y},{int(pen)}" for t, x, y, pen in wave(seed).tolist()]
        path.write_text("\n".join(["t,x,y,pen", *rows]) + "\n")
        return path

    return write


@pytest.fixture
def write_svc() -> Callable[..., Path]:
    """write_svc(path, seed, pressure=None): an SVC2004 file."""

    def write(path: Path, seed: int = 0, pressure: int | None = None) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        tail = "" if pressure is None else f" 1200 600 {pressure}"
        rows = [
            f"{x:g} {y:g} {1000 * t:g} {int(i > 0)}{tail}"
            for i, (t, x, y, _) in enumerate(wave(seed).tolist())
        ]
        path.write_text("\n".join([str(len(rows)), *rows]) + "\n")
        return path

    return write


@pytest.fixture
def small_signatures() -> list[Signature]:
    """Five signatures of 20 to 24 points; only some have pressure, tilt and a known device."""
    signatures = []
    for seed in range(5):
        t, x, y, pen = wave(seed, 20 + seed).T
        # The pen is lifted after 10 samples, and then as often as makes seed + 2 strokes.
        stroke = np.repeat(np.arange(seed + 2), [10, *[1] * seed, 10])
        told = {}
        if seed % 2:
            angles = np.column_stack([pen, pen / 3])
            told = {"pressure": pen / 2, "tilt": angles, "device": Device(133.5, None, 1023)}
        signatures.append(Signature.from_strokes(t, x, y, stroke, **told))
    return signatures


@pytest.fixture
def small_corpus(small_signatures: list[Signature]) -> Corpus:
    """Those signatures, of two signers; only some have a session or a writer."""
    recordings = pd.DataFrame(
        {
            "file": [f"S{i}.csv" for i in range(5)],
            "collection": "home",
            "signer": ["home/NA", "home/NA", "home/2", "home/2", ""],
            "writer": ["home/NA", "", "home/2", "home/NA", ""],
            "kind": ["genuine", "skilled", "genuine", "skilled", ""],
            "session": [1, None, 2, None, None],
            "number": [1, 2, 3, None, None],
        }
    )
    return Corpus.from_signatures(
        recordings, small_signatures, {"home": Collection("home", sessions=True, ordered=False)}
    )

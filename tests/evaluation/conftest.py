from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.signature import Signature

Row = tuple[str, str, int | None, int | None]  # signer, kind, session, number


@pytest.fixture
def make_corpus() -> Callable[..., Corpus]:
    """A corpus of recordings without ink: enough to decide who is tested with what."""

    ink = Signature.from_samples([0, 1, 2], [0, 1, 0], [0, 1, 2], [True, True, True])

    def make(rows: Sequence[Row], *, sessions: bool = False, ordered: bool = True) -> Corpus:
        signer, kind, session, number = zip(*rows, strict=True)
        collection = [name.split("/")[0] for name in signer]
        recordings = pd.DataFrame(
            {
                "file": [
                    f"{name.split('/')[-1]}-{what}-{when or 0}-{which}"
                    for name, what, when, which in rows
                ],
                "collection": collection,
                "signer": signer,
                "writer": signer,
                "kind": kind,
                "session": pd.array(session, dtype="Int64"),
                "number": pd.array(number, dtype="Int64"),
            }
        )
        return Corpus.from_signatures(
            recordings,
            [ink] * len(rows),
            {name: Collection(name, sessions, ordered) for name in collection},
            features=np.zeros((len(rows), 10, 200), np.float32),
        )

    return make


@pytest.fixture(scope="session")
def signed_corpus() -> Corpus:
    """Nine genuines of each of four signers, and two forgeries of the first two.

    Each signer draws ellipses of their own; a forgery has the target's shape and is clumsier.
    """
    rng = np.random.default_rng(0)
    rows, signatures = [], []
    for person in range(4):
        for kind, count in (("genuine", 9), ("skilled", 2 if person < 2 else 0)):
            for number in range(1, count + 1):
                t = np.arange(60) * 0.01
                noise = rng.normal(scale=0.02 if kind == "genuine" else 0.3, size=(2, 4))
                x = np.cos((5 + 3 * person) * t + noise[0, 0]) + noise[0, 1] * np.sin(40 * t)
                y = np.sin((9 + 2 * person) * t + noise[1, 0]) + noise[1, 1] * np.sin(31 * t)
                pressure = 0.5 + 0.3 * np.sin(8 * t + person + noise[0, 2])
                signatures.append(
                    Signature.from_samples(t, x, y, np.arange(60) % 25 != 24, pressure)
                )
                rows.append((f"{person}-{kind}-{number}", "set", f"set/{person}", "", kind, number))
    frame = pd.DataFrame(rows, columns=["file", "collection", "signer", "writer", "kind", "number"])
    frame["session"] = pd.array([None] * len(rows), dtype="Int64")
    return Corpus.from_signatures(frame, signatures, {"set": Collection("set", False, True)})

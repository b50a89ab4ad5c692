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

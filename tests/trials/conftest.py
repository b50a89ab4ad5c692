from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.signature import Signature

Row = tuple[str, str, int | None, int | None]  # signer, kind, session, number


@pytest.fixture
def corpus_of() -> Callable[..., Corpus]:
    """A corpus of one scribble throughout: enough to decide who is tested with what."""
    scribble = Signature.from_samples([0, 1, 2], [0, 1, 0], [0, 1, 2], [True, True, True])

    def make(rows: Sequence[Row], *, sessions: bool = False, ordered: bool = True) -> Corpus:
        table = []
        for signer, kind, session, number in rows:
            collection, _, name = signer.rpartition("/")
            file = f"{name}-{kind}-{session or 0}-{number}"
            table.append((file, collection, signer, signer, kind, session, number))
        recordings = pd.DataFrame(table, columns=IDENTITY_COLUMNS)
        collections = {c: Collection(c, sessions, ordered) for c in recordings["collection"]}
        return Corpus.from_signatures(recordings, [scribble] * len(rows), collections)

    return make

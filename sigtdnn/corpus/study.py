"""The synthetic study as a corpus: what `sigtdnn train` learns from when given no other."""

from collections.abc import Callable

import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.synthesis.study import generate_study


def study_corpus(seed: int = 0, progress: Callable[[int, int], None] | None = None) -> Corpus:
    """The corpus of the study of that seed, in memory; nothing of it is a real signature.

    `progress` is called with the number of people done and of all people.
    """
    study = generate_study(seed, progress=progress)
    told = [column for column in IDENTITY_COLUMNS if column != "collection"]
    rows = [[getattr(recording, column) for column in told] for recording in study.recordings]
    return Corpus.from_signatures(
        pd.DataFrame(rows, columns=told).assign(collection=study.collection),
        [recording.signature for recording in study.recordings],
        {study.collection: Collection(study.collection, sessions=True, ordered=True)},
    )

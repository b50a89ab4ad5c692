"""The synthetic study as a corpus: what `sigtdnn train` learns from when given no other."""

import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.synthesis.study import generate_study


def study_corpus(seed: int = 0, progress: Progress = ignore_progress) -> Corpus:
    """The corpus of the study of that seed, in memory; none of it is a real signature.

    `progress` counts people.
    """
    study = generate_study(seed, progress=progress)
    columns = [column for column in IDENTITY_COLUMNS if column != "collection"]
    rows = [[getattr(recording, column) for column in columns] for recording in study.recordings]
    return Corpus.from_signatures(
        pd.DataFrame(rows, columns=columns).assign(collection=study.collection),
        [recording.signature for recording in study.recordings],
        {study.collection: Collection(study.collection, sessions=True, ordered=True)},
    )

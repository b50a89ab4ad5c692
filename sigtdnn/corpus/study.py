"""Artificial signers as a corpus: what is learnt from when no other corpus is given."""

import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.synthesis.population import generate_population
from sigtdnn.synthesis.study import Study, generate_study
from sigtdnn.synthesis.tablet import Tablet


def study_corpus(seed: int = 0, progress: Progress = ignore_progress) -> Corpus:
    """The corpus of the study of that seed, in memory; none of it is a real signature.

    `progress` counts people.
    """
    return _corpus(generate_study(seed, progress=progress))


def population_corpus(
    signers: int,
    seed: int = 0,
    *,
    tablet: Tablet | None = None,
    progress: Progress = ignore_progress,
) -> Corpus:
    """The corpus of a population of that seed, in memory, as `generate_population` makes it.

    `progress` counts signers.
    """
    return _corpus(generate_population(signers, seed, tablet=tablet, progress=progress))


def _corpus(study: Study) -> Corpus:
    columns = [column for column in IDENTITY_COLUMNS if column != "collection"]
    rows = [[getattr(recording, column) for column in columns] for recording in study.recordings]
    return Corpus.from_signatures(
        pd.DataFrame(rows, columns=columns).assign(collection=study.collection),
        [recording.signature for recording in study.recordings],
        {study.collection: Collection(study.collection, sessions=True, ordered=True)},
    )

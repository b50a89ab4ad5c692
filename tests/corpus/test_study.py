import numpy as np

from sigtdnn.corpus.study import study_corpus
from sigtdnn.preprocessing import PreprocessingSettings


def test_the_study_is_a_corpus(small_study):
    corpus = study_corpus(0)
    assert corpus.recordings["signer"].nunique() == 8
    assert corpus.features(PreprocessingSettings()).shape[1:] == (10, 200)
    assert np.isfinite(corpus.features(PreprocessingSettings())).all()

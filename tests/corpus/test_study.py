import numpy as np

from sigtdnn.corpus.study import population_corpus, study_corpus
from sigtdnn.preprocessing import PreprocessingSettings


def test_the_study_is_a_corpus(small_study):
    corpus = study_corpus(0)
    assert corpus.recordings["signer"].nunique() == 8
    assert corpus.features(PreprocessingSettings()).shape[1:] == (10, 200)
    assert np.isfinite(corpus.features(PreprocessingSettings())).all()


def test_a_population_is_a_corpus():
    corpus = population_corpus(2, seed=3)
    assert set(corpus.collections) == {"artificial-population-3"}
    assert corpus.recordings.groupby(["signer", "kind"]).size().tolist() == [20, 20, 20, 20]
    assert set(corpus.recordings["session"]) == {1, 2}

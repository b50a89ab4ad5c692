import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import COLUMNS, Corpus, signing_order
from sigtdnn.corpus.identity import Collection
from sigtdnn.errors import CorpusError
from sigtdnn.preprocessing import PreprocessingSettings, preprocess
from sigtdnn.signature import Signature

HOME = {"home": Collection("home", sessions=False, ordered=False)}


def identities(*files, collection="home"):
    return pd.DataFrame(
        {
            "file": files,
            "collection": collection,
            "signer": "",
            "writer": "",
            "kind": "",
            "session": None,
            "number": None,
        }
    )


def scribble(strokes=1):
    i = np.arange(20)
    return Signature.from_samples(i / 100, i, i * i % 7, i % 5 != 4, strokes=strokes)


def test_the_table_has_its_columns_types_and_index(small_corpus):
    recordings = small_corpus.recordings
    assert tuple(recordings.columns) == COLUMNS
    assert recordings.index.tolist() == [0, 1, 2, 3, 4]
    assert str(recordings["session"].dtype) == str(recordings["number"].dtype) == "Int64"
    assert recordings["number"].isna().tolist() == [False, False, False, True, True]
    assert recordings["points"].tolist() == [20, 21, 22, 23, 24]
    assert recordings["strokes"].tolist() == [2, 3, 4, 5, 6]


def test_signatures_come_back_as_they_went_in(small_corpus):
    assert len(small_corpus) == 5
    for i, signature in enumerate(small_corpus.signatures()):
        assert len(signature) == 20 + i
        assert signature.strokes == i + 2
        assert (signature.pressure is None) == (i % 2 == 0)
        expected = preprocess(signature, small_corpus.settings)
        np.testing.assert_array_equal(small_corpus.features[i], expected)
        with pytest.raises(ValueError, match="read-only"):
            signature.x[0] = 1


def test_counts_of_a_reader_survive():
    i = np.arange(40)
    t = i / 100
    t[20] = t[19]
    repaired = Signature.from_samples(t, i, i * i % 7, i >= 0, strokes=7)
    corpus = Corpus.from_signatures(identities("a"), [repaired], HOME)
    assert corpus.signature(0).repaired == 1
    assert corpus.signature(0).strokes == 7


def test_a_selection_keeps_signatures_and_features_together(small_corpus):
    chosen = small_corpus.select([3, 1])
    assert chosen.recordings["file"].tolist() == ["S3.csv", "S1.csv"]
    assert chosen.recordings.index.tolist() == [0, 1]
    np.testing.assert_array_equal(chosen.signature(0).x, small_corpus.signature(3).x)
    np.testing.assert_array_equal(chosen.features[1], small_corpus.features[1])
    again = chosen.select(np.array([False, True]))
    np.testing.assert_array_equal(again.signature(0).y, small_corpus.signature(1).y)
    assert len(small_corpus.select(np.zeros(5, dtype=bool))) == 0


def test_features_under_the_same_settings_are_not_computed_again(small_corpus):
    assert small_corpus.features_with(PreprocessingSettings()) is small_corpus.features


def test_features_under_other_settings_are_computed(small_corpus):
    settings = PreprocessingSettings(frames=50)
    features = small_corpus.features_with(settings)
    assert features.shape == (5, 10, 50)
    np.testing.assert_array_equal(features[2], preprocess(small_corpus.signature(2), settings))


def test_no_recordings_are_refused():
    with pytest.raises(CorpusError, match="no recordings"):
        Corpus.from_signatures(identities(), [], HOME)


def test_rows_and_signatures_must_be_as_many():
    with pytest.raises(CorpusError, match="2 rows for 1 signatures"):
        Corpus.from_signatures(identities("a", "b"), [scribble()], HOME)


def test_a_file_named_twice_is_refused():
    with pytest.raises(CorpusError, match="two recordings are named 'a'"):
        Corpus.from_signatures(identities("a", "a"), [scribble()] * 2, HOME)


def test_a_collection_must_be_described():
    with pytest.raises(CorpusError, match="collection 'away' is not described"):
        Corpus.from_signatures(identities("a", collection="away"), [scribble()], HOME)


def test_signing_order_is_by_session_then_number_and_keeps_the_index():
    recordings = pd.DataFrame(
        {"session": [2, 1, None, 1, 1], "number": [1, 2, 1, None, 1]}, dtype="Int64"
    )
    assert signing_order(recordings).index.tolist() == [4, 1, 3, 0, 2]

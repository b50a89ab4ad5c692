import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import COLUMNS, Corpus, signing_order
from sigtdnn.corpus.identity import Collection
from sigtdnn.errors import CorpusError, PreprocessingError
from sigtdnn.preprocessing import PreprocessingSettings, preprocess, preprocess_batch
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


def scribble():
    i = np.arange(20)
    return Signature.from_samples(i / 100, i, i * i % 7, i % 5 != 4)


def test_the_table_has_its_columns_types_and_index(small_corpus):
    recordings = small_corpus.recordings
    assert tuple(recordings.columns) == COLUMNS
    assert recordings.index.tolist() == [0, 1, 2, 3, 4]
    assert str(recordings["session"].dtype) == str(recordings["number"].dtype) == "Int64"
    assert recordings["number"].isna().tolist() == [False, False, False, True, True]
    assert recordings["points"].tolist() == [20, 21, 22, 23, 24]
    assert recordings["strokes"].tolist() == [2, 3, 4, 5, 6]
    assert recordings["rate"].isna().tolist() == [True, False, True, False, True]
    assert recordings["levels"].dropna().tolist() == [1023, 1023]
    assert recordings["units"].isna().all()


def test_signatures_come_back_as_they_went_in(small_signatures, small_corpus):
    assert len(small_corpus) == 5
    for came, went in zip(small_corpus.signatures(), small_signatures, strict=True):
        for name in ("t", "x", "y", "stroke", "pen", "pressure", "tilt"):
            np.testing.assert_array_equal(getattr(came, name), getattr(went, name))
        assert (came.strokes, came.device) == (went.strokes, went.device)
        with pytest.raises(ValueError, match="read-only"):
            came.x[0] = 1


def test_a_selection_keeps_signatures_and_features_together(small_corpus):
    chosen = small_corpus.select([3, 1])
    assert chosen.recordings["file"].tolist() == ["S3.csv", "S1.csv"]
    assert chosen.recordings.index.tolist() == [0, 1]
    np.testing.assert_array_equal(chosen.signature(0).x, small_corpus.signature(3).x)
    settings = PreprocessingSettings()
    expected = small_corpus.features(settings)[[3, 1]]
    np.testing.assert_array_equal(chosen.features(settings), expected)
    again = chosen.select(np.array([False, True]))
    np.testing.assert_array_equal(again.signature(0).y, small_corpus.signature(1).y)
    assert len(small_corpus.select(np.zeros(5, dtype=bool))) == 0


@pytest.mark.parametrize("settings", [PreprocessingSettings(), PreprocessingSettings(frames=50)])
def test_features_are_those_of_the_signatures(small_corpus, settings):
    features = small_corpus.features(settings)
    assert features.dtype == np.float32
    np.testing.assert_array_equal(
        features, preprocess_batch(list(small_corpus.signatures()), settings)
    )
    assert small_corpus.select([]).features(settings).shape == (0, 10, settings.frames)


def test_features_are_computed_once_a_recording_and_settings(small_corpus, monkeypatch):
    done = []

    def counted(signature, settings):
        done.append(settings.frames)
        return preprocess(signature, settings)

    monkeypatch.setattr("sigtdnn.corpus.corpus.preprocess", counted)
    small_corpus.select([3, 1]).features(PreprocessingSettings())
    assert done == [200, 200]
    small_corpus.features(PreprocessingSettings())
    small_corpus.select([0, 4]).features(PreprocessingSettings())
    small_corpus.features(PreprocessingSettings())
    assert done == [200] * 5
    small_corpus.select([2]).features(PreprocessingSettings(frames=50))
    assert done == [200] * 5 + [50]


def test_features_may_be_written_to_without_changing_what_others_get(small_corpus):
    features = small_corpus.features(PreprocessingSettings())
    features[:] = 0
    assert small_corpus.features(PreprocessingSettings()).any()


def test_a_signature_without_features_is_named():
    i = np.arange(20)
    flat = Signature.from_samples(i / 100, i * i, i * 0, i >= 0)
    corpus = Corpus.from_signatures(identities("a", "b"), [scribble(), flat], HOME)
    assert corpus.select([0]).features(PreprocessingSettings()).shape == (1, 10, 200)
    with pytest.raises(PreprocessingError, match=r"^b: y does not vary.*; sign again$"):
        corpus.features(PreprocessingSettings())


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

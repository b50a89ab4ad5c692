import json
import os

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus import folder
from sigtdnn.corpus.folder import open_corpus, require_free, write_corpus
from sigtdnn.errors import CorpusError

FILES = {
    "recordings.csv", "features.npy", "t.npy", "x.npy", "y.npy", "pen.npy", "pressure.npy",
    "corpus.json", "rejected.csv", "skipped.csv",
}  # fmt: skip


@pytest.fixture
def written(small_corpus, tmp_path):
    write_corpus(small_corpus, tmp_path / "c", [("b.csv", "line 3,\nis bad")], [("N", "note")])
    return tmp_path / "c"


def test_a_corpus_written_and_opened_is_the_same(small_corpus, written):
    opened = open_corpus(written)
    pd.testing.assert_frame_equal(opened.recordings, small_corpus.recordings)
    assert opened.collections == small_corpus.collections
    assert opened.settings == small_corpus.settings
    np.testing.assert_array_equal(opened.features, small_corpus.features)
    for one, other in zip(opened.signatures(), small_corpus.signatures(), strict=True):
        for name in ("t", "x", "y", "pen"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert (one.pressure is None) == (other.pressure is None)
        assert (one.strokes, one.repaired) == (other.strokes, other.repaired)


def test_an_opened_corpus_is_memory_mapped_and_read_only(written):
    opened = open_corpus(written)
    assert isinstance(opened.features, np.memmap)
    assert isinstance(opened.samples.t, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        opened.signature(0).t[0] = 1
    assert type(opened.signature(0).t) is np.ndarray


def test_a_selection_is_written_without_the_rest(small_corpus, tmp_path):
    write_corpus(small_corpus.select([4, 1]), tmp_path / "c")
    opened = open_corpus(tmp_path / "c")
    assert len(opened.samples.t) == 24 + 21
    np.testing.assert_array_equal(opened.signature(1).x, small_corpus.signature(1).x)


def test_the_folder_holds_what_its_docstring_lists(written):
    assert {path.name for path in written.iterdir()} == FILES
    assert all(name in folder.__doc__ for name in FILES)
    assert (written / "rejected.csv").read_text() == 'file,error\nb.csv,"line 3,\nis bad"\n'
    assert (written / "skipped.csv").read_text() == "file,reason\nN,note\n"
    assert not list(written.parent.glob(".c*"))


def test_a_signer_called_na_is_not_a_missing_one(small_corpus, tmp_path):
    small_corpus.recordings.loc[0, "signer"] = "NA"
    write_corpus(small_corpus, tmp_path / "c")
    assert open_corpus(tmp_path / "c").recordings["signer"].iloc[0] == "NA"


def test_a_failure_leaves_nothing_behind(small_corpus, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(folder.json, "dumps", fail)
    with pytest.raises(OSError, match="disk full"):
        write_corpus(small_corpus, tmp_path / "c")
    assert os.listdir(tmp_path) == []


def test_an_existing_folder_is_refused_and_untouched(small_corpus, tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine.txt").write_text("mine")
    with pytest.raises(CorpusError, match="is there already; remove it or give another name"):
        write_corpus(small_corpus, tmp_path / "c")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["mine.txt"]
    with pytest.raises(CorpusError, match="is there already"):
        require_free(tmp_path / "c" / "mine.txt")


def test_an_empty_folder_is_filled(small_corpus, tmp_path):
    (tmp_path / "c").mkdir()
    write_corpus(small_corpus, tmp_path / "c")
    assert len(open_corpus(tmp_path / "c")) == 5


def test_an_empty_corpus_is_not_written(small_corpus, tmp_path):
    with pytest.raises(CorpusError, match="without recordings"):
        write_corpus(small_corpus.select([]), tmp_path / "c")


def test_a_folder_that_is_no_corpus_says_how_to_make_one(tmp_path):
    with pytest.raises(CorpusError, match="is no corpus; make one with 'sigtdnn preprocess'"):
        open_corpus(tmp_path)


@pytest.mark.parametrize("name", sorted(FILES - {"rejected.csv", "skipped.csv"}))
@pytest.mark.parametrize("content", [b"", b"\x00\x01garbage\xff", b"[]\n"])
def test_a_damaged_file_is_named(written, name, content):
    (written / name).write_bytes(content)
    with pytest.raises(CorpusError, match=rf"{name}: damaged \(.*\); make the corpus again"):
        open_corpus(written)


def test_a_missing_array_is_named(written):
    (written / "pen.npy").unlink()
    with pytest.raises(CorpusError, match=r"pen\.npy: damaged"):
        open_corpus(written)


def test_arrays_of_another_size_or_type_are_refused(written):
    np.save(written / "t.npy", np.zeros(7))
    with pytest.raises(CorpusError, match=r"t\.npy: damaged \(not float64 of shape \(110,\)\)"):
        open_corpus(written)


def test_pickled_objects_are_not_loaded(written):
    np.save(written / "x.npy", np.array([{}] * 110), allow_pickle=True)
    with pytest.raises(CorpusError, match=r"x\.npy: damaged"):
        open_corpus(written)


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "forged"), ("points", 0), ("points", -5), ("number", "one")]
)
def test_a_table_that_cannot_be_is_refused(written, column, value):
    table = pd.read_csv(written / "recordings.csv", dtype=str, keep_default_na=False)
    table.loc[2, column] = str(value)
    table.to_csv(written / "recordings.csv", index=False)
    with pytest.raises(CorpusError, match=r"recordings\.csv: damaged"):
        open_corpus(written)


def test_a_folder_of_another_version_is_refused(written):
    description = json.loads((written / "corpus.json").read_text())
    (written / "corpus.json").write_text(json.dumps(description | {"version": 2}))
    with pytest.raises(CorpusError, match="version 2, not 1; make the corpus again"):
        open_corpus(written)


def test_unknown_settings_are_refused(written):
    description = json.loads((written / "corpus.json").read_text())
    description["preprocessing"]["smoothing"] = 3
    (written / "corpus.json").write_text(json.dumps(description))
    with pytest.raises(CorpusError, match="unknown key 'smoothing'"):
        open_corpus(written)

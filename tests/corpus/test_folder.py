import json
import os
import pickle

import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus import folder
from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.folder import create_corpus, open_corpus, require_free, write_corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.corpus.samples import SAMPLE
from sigtdnn.errors import CorpusError, CorpusVersionError
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.signature import Signature

FILES = {
    "notes.csv",
    "recordings.csv", "samples/0000.npy", "samples/0001.npy", "samples/0002.npy", "corpus.json",
    "rejected.csv", "skipped.csv",
}  # fmt: skip
EXACT = ("t", "x", "y", "stroke", "pen", "pressure", "tilt")


@pytest.fixture
def written(small_corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "SHARD", 2)
    write_corpus(small_corpus, tmp_path / "c")
    return tmp_path / "c"


def test_a_corpus_written_and_opened_is_the_same(small_corpus, written):
    opened = open_corpus(written)
    pd.testing.assert_frame_equal(opened.recordings, small_corpus.recordings)
    assert opened.collections == small_corpus.collections
    settings = PreprocessingSettings()
    np.testing.assert_array_equal(opened.features(settings), small_corpus.features(settings))
    for one, other in zip(opened.signatures(), small_corpus.signatures(), strict=True):
        for name in EXACT:
            here, there = getattr(one, name), getattr(other, name)
            assert (here is None) == (there is None)
            if here is not None:
                np.testing.assert_array_equal(here, there, strict=True)
        assert (one.strokes, one.repaired) == (other.strokes, other.repaired)
        assert one.device == other.device


def test_repaired_stamps_are_counted_after_opening_too(tmp_path):
    i = np.arange(40)
    t = i / 100
    t[20] = t[19]
    signature = Signature.from_samples(t, i, i * i % 7, i >= 0)
    frame = pd.DataFrame([("a", "home", "", "", "", None, None)], columns=IDENTITY_COLUMNS)
    home = {"home": Collection("home", sessions=False, ordered=False)}
    write_corpus(Corpus.from_signatures(frame, [signature], home), tmp_path / "c")
    assert open_corpus(tmp_path / "c").signature(0).repaired == 1


@pytest.mark.parametrize("shard", [1, 2, 3, 5, 6])
def test_a_corpus_is_the_same_in_files_of_any_size(small_corpus, tmp_path, monkeypatch, shard):
    monkeypatch.setattr(folder, "SHARD", shard)
    write_corpus(small_corpus, tmp_path / "c")
    monkeypatch.undo()
    opened = open_corpus(tmp_path / "c")
    assert len(list((tmp_path / "c" / "samples").iterdir())) == -(-5 // shard)
    for i in (4, 0, 3, 1, 2):
        np.testing.assert_array_equal(opened.signature(i).y, small_corpus.signature(i).y)


def test_an_opened_corpus_is_memory_mapped_and_read_only(written, monkeypatch):
    mapped = []

    def load(path, **how):
        mapped.append(how)
        return real(path, **how)

    real = np.load
    monkeypatch.setattr(np, "load", load)
    opened = open_corpus(written)
    assert mapped == [{"mmap_mode": "r", "allow_pickle": False}] * 3
    with pytest.raises(ValueError, match="read-only"):
        opened.signature(0).t[0] = 1
    assert type(opened.signature(0).t) is np.ndarray


def test_a_selection_is_written_without_the_rest(small_corpus, tmp_path):
    write_corpus(small_corpus.select([4, 1]), tmp_path / "c")
    opened = open_corpus(tmp_path / "c")
    assert len(np.load(tmp_path / "c" / "samples" / "0000.npy")) == 24 + 21
    np.testing.assert_array_equal(opened.signature(1).x, small_corpus.signature(1).x)


def test_the_folder_holds_what_its_docstring_lists(written):
    files = [path for path in written.rglob("*") if path.is_file()]
    assert {path.relative_to(written).as_posix() for path in files} == FILES
    assert all(name in folder.__doc__ for name in FILES - {"samples/0001.npy", "samples/0002.npy"})
    assert not list(written.parent.glob(".c*"))


def test_what_was_left_out_is_listed(small_corpus, tmp_path):
    written = tmp_path / "c"
    with create_corpus(written) as writer:
        writer.add(("a", "home", "", "", "", None, None), small_corpus.signature(0))
        left_out = [("b.csv", "line 3,\nis bad")], [("N", "note")]
        writer.finish(small_corpus.collections, *left_out)
    assert len(open_corpus(written)) == 1
    assert (written / "rejected.csv").read_text() == 'file,error\nb.csv,"line 3,\nis bad"\n'
    assert (written / "skipped.csv").read_text() == "file,reason\nN,note\n"


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
    with pytest.raises(CorpusError, match="already exists; remove it or give another name"):
        write_corpus(small_corpus, tmp_path / "c")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["mine.txt"]
    with pytest.raises(CorpusError, match="already exists"):
        require_free(tmp_path / "c" / "mine.txt")


def test_an_empty_folder_is_filled(small_corpus, tmp_path):
    (tmp_path / "c").mkdir()
    write_corpus(small_corpus, tmp_path / "c")
    assert len(open_corpus(tmp_path / "c")) == 5


def test_an_empty_corpus_is_not_written(small_corpus, tmp_path):
    with pytest.raises(CorpusError, match="without recordings"):
        write_corpus(small_corpus.select([]), tmp_path / "c")


def test_a_folder_that_is_no_corpus_says_how_to_make_one(tmp_path):
    with pytest.raises(CorpusError, match="is not a corpus; make one with 'sigtdnn preprocess'"):
        open_corpus(tmp_path)


@pytest.mark.parametrize("name", sorted(FILES - {"rejected.csv", "skipped.csv", "notes.csv"}))
@pytest.mark.parametrize("content", [b"", b"\x00\x01garbage\xff", b"[]\n"])
def test_a_damaged_file_is_named(written, name, content):
    (written / name).write_bytes(content)
    with pytest.raises(CorpusError, match=rf"{name}: damaged \(.*\); make the corpus again"):
        open_corpus(written)


def test_missing_samples_are_named(written):
    (written / "samples" / "0001.npy").unlink()
    with pytest.raises(CorpusError, match=r"0001\.npy: damaged"):
        open_corpus(written)


@pytest.mark.parametrize("array", [np.zeros(45), np.zeros(7, SAMPLE), np.zeros((45, 1), SAMPLE)])
def test_samples_of_another_number_or_type_are_refused(written, array):
    np.save(written / "samples" / "0001.npy", array)
    with pytest.raises(CorpusError, match=r"0001\.npy: damaged \(not 45 samples\)"):
        open_corpus(written)


def test_nothing_is_unpickled(written):
    class Bomb:
        def __reduce__(self):
            return (open, (str(written / "exploded"), "w"))

    for content in (Bomb(), np.array([Bomb()] * 45)):
        with (written / "samples" / "0001.npy").open("wb") as file:
            if isinstance(content, Bomb):
                pickle.dump(content, file)
            else:
                np.save(file, content, allow_pickle=True)
        with pytest.raises(CorpusError, match=r"0001\.npy: damaged"):
            open_corpus(written)
    assert not (written / "exploded").exists()


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "forged"), ("points", 0), ("points", -5), ("number", "one")]
)
def test_a_table_that_cannot_be_is_refused(written, column, value):
    table = pd.read_csv(written / "recordings.csv", dtype=str, keep_default_na=False)
    table.loc[2, column] = str(value)
    table.to_csv(written / "recordings.csv", index=False)
    with pytest.raises(CorpusError, match=r"recordings\.csv: damaged"):
        open_corpus(written)


@pytest.mark.parametrize("version", [1, 3, None, "2"])
def test_a_folder_of_another_version_is_refused(written, version):
    description = json.loads((written / "corpus.json").read_text())
    (written / "corpus.json").write_text(json.dumps(description | {"version": version}))
    with pytest.raises(CorpusVersionError, match=f"version {version!r}, not 2; make the corpus"):
        open_corpus(written)


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"smoothing": 3}, "unknown key 'smoothing'"), ({"shard": 0}, "0 recordings a file")],
)
def test_a_description_that_cannot_be_is_refused(written, changed, message):
    description = json.loads((written / "corpus.json").read_text())
    (written / "corpus.json").write_text(json.dumps(description | changed))
    with pytest.raises(CorpusError, match=rf"corpus\.json: damaged \(.*{message}"):
        open_corpus(written)

import builtins
import io
import os
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from sigtdnn import parallel
from sigtdnn.corpus import folder
from sigtdnn.corpus.build import build_corpus, build_folder, describe
from sigtdnn.corpus.identity import Collection, Identity
from sigtdnn.corpus.reading import CHUNK
from sigtdnn.errors import CorpusError
from sigtdnn.formats import FORMATS, Format, ReadingOptions, read_signature
from sigtdnn.preprocessing import PreprocessingSettings, preprocess
from sigtdnn.signature import Signature


def column(build, name):
    return build.corpus.recordings[name].tolist()


def test_a_public_set_is_labelled_by_its_layout(tmp_path, write_svc):
    write_svc(tmp_path / "Task2" / "U1S10.TXT", 1, pressure=9)
    write_svc(tmp_path / "Task2" / "U1S2.TXT", 2, pressure=9)
    write_svc(tmp_path / "Task2" / "U1S21.TXT", 3, pressure=9)
    build = build_corpus([tmp_path])
    assert column(build, "file") == ["Task2/U1S2.TXT", "Task2/U1S10.TXT", "Task2/U1S21.TXT"]
    assert column(build, "kind") == ["genuine", "genuine", "skilled"]
    assert set(column(build, "signer")) == {"svc2004-task2/1"}
    assert column(build, "number") == [2, 10, 21]
    assert set(build.corpus.collections) == {"svc2004-task2"}
    assert build.rejected == build.skipped == []


def test_signatures_and_features_are_those_of_the_files(tmp_path, write_csv):
    paths = [write_csv(tmp_path / f"{i}.csv", i) for i in range(3)]
    corpus = build_corpus([tmp_path]).corpus
    features = corpus.features(PreprocessingSettings())
    for i, path in enumerate(paths):
        signature = read_signature(path)
        np.testing.assert_array_equal(corpus.signature(i).y, signature.y)
        np.testing.assert_array_equal(features[i], preprocess(signature))


def test_a_manifest_labels_what_it_lists(tmp_path, write_csv):
    home = tmp_path / "home"
    for i, name in enumerate(("a.csv", "deep/b.csv", "c.csv")):
        write_csv(home / name, i)
    (home / "recordings.csv").write_text(
        "file,signer,kind,writer,number\na.csv,ann,genuine,,1\ndeep/b.csv,ann,skilled,bob,\n"
    )
    build = build_corpus([home])
    assert column(build, "file") == ["a.csv", "c.csv", "deep/b.csv"]
    assert column(build, "signer") == ["home/ann", "", "home/ann"]
    assert column(build, "writer") == ["home/ann", "", "home/bob"]
    assert column(build, "kind") == ["genuine", "", "skilled"]
    assert set(column(build, "collection")) == {"home"}
    assert build.corpus.collections["home"] == Collection("home", sessions=False, ordered=True)
    assert build.skipped == [("recordings.csv", "identities, not strokes")]


def test_a_manifest_goes_before_the_layout_of_a_public_set(tmp_path, write_svc):
    write_svc(tmp_path / "U1S1.TXT")
    (tmp_path / "recordings.csv").write_text("file,signer,kind\nU1S1.TXT,ann,skilled\n")
    build = build_corpus([tmp_path / "U1S1.TXT"])
    assert column(build, "kind") == ["skilled"]


def test_without_identity_a_file_is_kept_unlabelled(tmp_path, write_csv):
    write_csv(tmp_path / "mine" / "a.csv")
    build = build_corpus([tmp_path / "mine"])
    assert column(build, "signer") == column(build, "kind") == [""]
    assert column(build, "collection") == ["mine"]
    assert not build.corpus.collections["mine"].ordered


def test_broken_stroke_files_are_rejected_with_the_error(tmp_path, write_csv):
    write_csv(tmp_path / "good.csv")
    (tmp_path / "U1S1.TXT").write_text("")
    (tmp_path / "cut.txt").write_text("9\n1 1 1 1\n")
    (tmp_path / "dot.csv").write_text("t,x,y,pen\n0,1,5,1\n1,2,5,1\n2,3,5,1\n")
    (tmp_path / "odd.hwr").write_text("what is this\n")
    build = build_corpus([tmp_path])
    rejected = dict(build.rejected)
    assert list(rejected) == ["U1S1.TXT", "cut.txt", "dot.csv", "odd.hwr"]
    assert "the file is empty" in rejected["U1S1.TXT"]
    assert "line 1: the header states 9 points" in rejected["cut.txt"]
    assert rejected["dot.csv"].startswith(f"{tmp_path / 'dot.csv'}: y does not vary")
    assert "not in a known stroke format" in rejected["odd.hwr"]
    assert column(build, "file") == ["good.csv"]


def test_files_that_are_no_stroke_files_are_skipped(tmp_path, write_csv):
    write_csv(tmp_path / "good.csv")
    (tmp_path / "README.txt").write_text("What this is.\n")
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    build = build_corpus([tmp_path], options=ReadingOptions(format="csv"))
    assert build.rejected == []
    assert build.skipped == [("README.txt", "not a stroke file"), ("scan.png", "not a stroke file")]


def test_of_identical_files_the_first_in_natural_order_is_kept(tmp_path, write_csv):
    for name, seed in (("S10.csv", 1), ("S9.csv", 1), ("S11.csv", 2), ("S12.csv", 1)):
        write_csv(tmp_path / name, seed)
    build = build_corpus([tmp_path])
    assert column(build, "file") == ["S9.csv", "S11.csv"]
    assert build.skipped == [
        ("S10.csv", "same bytes as S9.csv"),
        ("S12.csv", "same bytes as S9.csv"),
    ]


def test_naming_the_format_overrides_recognition(tmp_path):
    path = tmp_path / "a.dat"
    path.write_text("1 1 9\n2 3 9\n3 2 0\n4 4 9\n" * 6)
    with pytest.raises(CorpusError, match=r"none of 1 files can be used.*name the format"):
        build_corpus([path])
    assert len(build_corpus([path], options=ReadingOptions(format="sigcomp2011")).corpus) == 1


def test_a_file_is_opened_once(tmp_path, write_csv, monkeypatch):
    write_csv(tmp_path / "good.csv")
    write_csv(tmp_path / "same.csv")
    (tmp_path / "cut.txt").write_text("9\n1 1 1 1\n")
    (tmp_path / "note.txt").write_text("What this is.\n")
    (tmp_path / "dot.csv").write_text("t,x,y,pen\n0,1,5,1\n1,2,5,1\n2,3,5,1\n")
    seen = []
    monkeypatch.setattr(io, "open", _noting(io.open, seen))
    monkeypatch.setattr(builtins, "open", _noting(open, seen))
    build = build_corpus([tmp_path])
    assert (len(build.corpus), len(build.rejected), len(build.skipped)) == (1, 2, 2)
    assert sorted(seen) == ["cut.txt", "dot.csv", "good.csv", "note.txt", "same.csv"]


def _noting(opener, seen):
    def opened(file, *args, **kwargs):
        seen.append(os.path.basename(file))
        return opener(file, *args, **kwargs)

    return opened


def test_a_folder_is_made_as_a_corpus_in_memory_is(tmp_path, write_csv, write_svc):
    for i in range(5):
        write_csv(tmp_path / "in" / f"{i}.csv", i)
    write_svc(tmp_path / "in" / "U1S1.TXT", 7, pressure=9)
    write_csv(tmp_path / "in" / "copy.csv", 1)
    (tmp_path / "in" / "cut.txt").write_text("9\n1 1 1 1\n")
    memory = build_corpus([tmp_path / "in"])
    stored = build_folder([tmp_path / "in"], tmp_path / "c")
    pd.testing.assert_frame_equal(stored.corpus.recordings, memory.corpus.recordings)
    assert stored.corpus.collections == memory.corpus.collections
    assert (stored.rejected, stored.skipped) == (memory.rejected, memory.skipped)
    assert (tmp_path / "c" / "skipped.csv").read_text().endswith("copy.csv,same bytes as 1.csv\n")
    for one, other in zip(stored.corpus.signatures(), memory.corpus.signatures(), strict=True):
        np.testing.assert_array_equal(one.x, other.x)
        np.testing.assert_array_equal(one.stroke, other.stroke)
        assert one.device == other.device


def test_the_memory_does_not_grow_with_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "SHARD", 4)
    i = np.arange(5000)
    for number in range(32):
        rows = zip(i / 100, i, np.sin(i / 30 + number), strict=True)
        lines = ["t,x,y,pen", *(f"{t},{x},{y:.4f},1" for t, x, y in rows)]
        name = f"{'few' if number < 8 else 'many'}/{number}.csv"
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("\n".join(lines))

    def peak(inputs, output):
        tracemalloc.start()
        build_folder(inputs, output)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    # Once for what is loaded at first use.
    peak([tmp_path / "few"], tmp_path / "warm")
    few = peak([tmp_path / "few"], tmp_path / "1")
    many = peak([tmp_path / "few", tmp_path / "many"], tmp_path / "2")
    assert many < 1.2 * few


def test_nothing_is_left_where_no_file_can_be_used(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.txt").write_text("9\n1 1 1 1\n")
    with pytest.raises(CorpusError, match="none of 1 files can be used"):
        build_folder([tmp_path / "in"], tmp_path / "out" / "c")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


class TestSeveral:
    """Files of a format made up here: blocks of CSV."""

    @pytest.fixture
    def folder(self, tmp_path, write_csv, monkeypatch):
        def read(source, options):
            parts = "\n".join(source.lines).split("ink\n")[1:]
            rows = [np.loadtxt(part.split("\n")[1:], delimiter=",", ndmin=2) for part in parts]
            return [Signature.from_samples(*row.T) for row in rows]

        monkeypatch.setitem(FORMATS, "toy", Format(lambda s: s.fields(0) == ["ink"], read))
        good = [write_csv(tmp_path / "part", seed).read_text() for seed in range(3)]
        (tmp_path / "part").unlink()
        dot = "t,x,y,pen\n0,1,5,1\n1,2,5,1\n2,3,5,1\n"
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "a.ink").write_text("ink\n" + "ink\n".join([good[0], dot, good[1]]))
        (tmp_path / "home" / "b.ink").write_text("ink\n" + good[2])
        return tmp_path / "home"

    def test_signatures_are_named_by_their_numbers_and_rejected_each_by_itself(self, folder):
        build = build_corpus([folder])
        assert column(build, "file") == ["a.ink#1", "a.ink#3", "b.ink"]
        assert [name for name, _ in build.rejected] == ["a.ink#2"]
        assert build.rejected[0][1].startswith(f"{folder / 'a.ink'}#2: y does not vary")
        third = read_signature(folder / "a.ink#3")
        np.testing.assert_array_equal(build.corpus.signature(1).y, third.y)

    def test_a_manifest_lists_one_or_all_of_a_file(self, folder):
        (folder / "recordings.csv").write_text(
            "file,signer,kind\na.ink,ann,genuine\na.ink#3,bob,genuine\n"
        )
        build = build_corpus([folder])
        assert column(build, "signer") == ["home/ann", "home/bob", ""]

    def test_a_copy_is_skipped_as_one_file(self, folder):
        (folder / "c.ink").write_bytes((folder / "a.ink").read_bytes())
        build = build_corpus([folder])
        assert build.skipped == [("c.ink", "same bytes as a.ink")]


def test_a_file_that_cannot_be_opened_is_rejected(tmp_path, write_csv, monkeypatch):
    write_csv(tmp_path / "good.csv")
    locked = write_csv(tmp_path / "locked.csv", 1)
    opened = type(locked).open

    def refuse(path, *args, **kwargs):
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(type(locked), "open", refuse)
    ((name, error),) = build_corpus([tmp_path]).rejected
    assert name == "locked.csv"
    assert "cannot be read (Permission denied)" in error


def test_no_good_file_is_an_error_that_shows_the_first_problem(tmp_path):
    (tmp_path / "a.hwr").write_text("1 2 3\n4 5 x\n")
    with pytest.raises(CorpusError, match=r"none of 1 files can be used .*line 2: pressure is 'x'"):
        build_corpus([tmp_path])
    (tmp_path / "a.hwr").unlink()
    with pytest.raises(CorpusError, match="none of 0 files can be used; give"):
        build_corpus([tmp_path])


def test_a_wrong_manifest_stops_before_anything_is_read(tmp_path, write_csv):
    write_csv(tmp_path / "a.csv")
    (tmp_path / "recordings.csv").write_text("file,signer\na.csv,ann\n")
    seen = []
    with pytest.raises(CorpusError, match="no column 'kind'"):
        build_corpus([tmp_path], progress=lambda *counts: seen.append(counts))
    assert seen == []


def test_progress_counts_every_file(tmp_path, write_csv):
    for i in range(3):
        write_csv(tmp_path / f"{i}.csv", i)
    seen = []
    build_corpus([tmp_path], progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_several_processes_give_the_same_corpus(tmp_path, write_csv, monkeypatch):
    asked, share = [], parallel.map

    def noted(function, items, jobs):
        asked.append(jobs)
        return share(function, items, jobs)

    monkeypatch.setattr(parallel, "map", noted)
    for i in range(2 * CHUNK + 1):
        write_csv(tmp_path / f"{i}.csv", i)
    (tmp_path / "bad.csv").write_text("t,x,y,pen\n")
    one, two = (build_corpus([tmp_path], jobs=jobs) for jobs in (1, 2))
    assert one.corpus.recordings.equals(two.corpus.recordings)
    for here, there in zip(one.corpus.signatures(), two.corpus.signatures(), strict=True):
        for name in ("t", "x", "y", "stroke"):
            np.testing.assert_array_equal(getattr(here, name), getattr(there, name))
    assert one.rejected == two.rejected
    assert asked == [1, 2]


def test_a_private_collection_has_sessions_if_a_genuine_tells_one():
    identities = [
        Identity("home", "home/a", "home/a", "genuine", 1, 1),
        Identity("home", "home/a", "home/a", "genuine", None, None),
    ]
    assert describe(identities) == {"home": Collection("home", sessions=True, ordered=False)}

import builtins
import io
import os
import re
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from sigtdnn import parallel
from sigtdnn.corpus import folder
from sigtdnn.corpus.build import build_corpus, build_folder, describe
from sigtdnn.corpus.identity import Collection, Identity
from sigtdnn.corpus.reading import CHUNK
from sigtdnn.errors import CorpusError, DuplicateRecordingError
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
    assert [name for name, _ in build.skipped] == ["README.txt", "scan.png"]


def test_of_identical_files_the_first_in_natural_order_is_kept(tmp_path, write_csv):
    for name, seed in (("S10.csv", 1), ("S9.csv", 1), ("S11.csv", 2), ("S12.csv", 1)):
        write_csv(tmp_path / name, seed)
    build = build_corpus([tmp_path], duplicates="first")
    assert column(build, "file") == ["S9.csv", "S11.csv"]
    assert build.skipped == [
        ("S10.csv", "same strokes as S9.csv"),
        ("S12.csv", "same strokes as S9.csv"),
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
    build = build_corpus([tmp_path], duplicates="first")
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
    memory = build_corpus([tmp_path / "in"], duplicates="first")
    stored = build_folder([tmp_path / "in"], tmp_path / "c", duplicates="first")
    pd.testing.assert_frame_equal(stored.corpus.recordings, memory.corpus.recordings)
    assert stored.corpus.collections == memory.corpus.collections
    assert (stored.rejected, stored.skipped) == (memory.rejected, memory.skipped)
    assert (tmp_path / "c" / "skipped.csv").read_text().endswith("copy.csv,same strokes as 1.csv\n")
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

    def test_copies_are_skipped_one_by_one(self, folder):
        (folder / "c.ink").write_bytes((folder / "a.ink").read_bytes())
        build = build_corpus([folder], duplicates="first")
        assert build.skipped == [
            ("c.ink#1", "same strokes as a.ink#1"),
            ("c.ink#3", "same strokes as a.ink#3"),
        ]


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
    with pytest.raises(
        CorpusError,
        match=r"none of 1 files .*, the first: .*line 2: pressure is 'x'.*SVC",
    ):
        build_corpus([tmp_path])
    (tmp_path / "a.hwr").unlink()
    with pytest.raises(CorpusError, match="none of 0 files can be used; the formats"):
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


class TestListed:
    """Files that recordings.csv lists."""

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", "the file is empty"),
            (b"What this is.\n", "not in a known stroke format"),
            (b"\x89PNG\r\n\x1a\n\x00", "a picture .*: pen trajectories are needed"),
            (b"t,x,y,pen\n1,2\n", "line 2: 2 columns, 4 are wanted"),
        ],
    )
    def test_what_cannot_be_read_is_rejected_with_its_cause(
        self, tmp_path, write_csv, content, error
    ):
        write_csv(tmp_path / "1.csv")
        (tmp_path / "2.csv").write_bytes(content)
        (tmp_path / "note.txt").write_text("What this is.\n")
        (tmp_path / "recordings.csv").write_text(
            "file,signer,kind\n1.csv,ann,genuine\n2.csv,ann,genuine\n"
        )
        build = build_corpus([tmp_path])
        ((name, found),) = build.rejected
        assert name == "2.csv"
        assert re.search(error, found)
        assert {name for name, _ in build.skipped} == {"note.txt", "recordings.csv"}

    def test_all_kinds_of_text_are_read(self, tmp_path, write_csv):
        text = write_csv(tmp_path / "1.csv").read_text()
        (tmp_path / "1.csv").write_text(text.replace(",", ";"))
        (tmp_path / "2.csv").write_text("# ours\n" + write_csv(tmp_path / "2.csv", 2).read_text())
        (tmp_path / "3.csv").write_text(write_csv(tmp_path / "3.csv", 3).read_text(), "utf-16")
        build = build_corpus([tmp_path])
        assert (len(build.corpus), build.rejected) == (3, [])


def test_a_picture_is_called_one_where_it_is_skipped(tmp_path, write_csv):
    write_csv(tmp_path / "1.csv")
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    ((_, reason),) = build_corpus([tmp_path]).skipped
    assert reason.startswith("a picture")


def test_a_table_that_is_told_and_broken_is_rejected_and_a_note_skipped(tmp_path):
    rows = [f"{i / 100}|{10 * i}|{i * i % 17}|1" for i in range(30)]
    (tmp_path / "1.csv").write_text("\n".join(["t|x|y|pen", *rows]))
    (tmp_path / "2.csv").write_text("\n".join(["t|x|y|pen", *rows[:9], "1|2|3"]))
    (tmp_path / "README.md").write_text("# Signatures\n\nMade by us, in May.\nOne more line.\n")
    build = build_corpus([tmp_path], options=ReadingOptions(separator="|"))
    assert [name for name, _ in build.rejected] == ["2.csv"]
    ((name, reason),) = build.skipped
    assert name == "README.md"
    assert reason.startswith("no column is named ")


class TestDuplicates:
    """Recordings that are the same, or say so."""

    def test_equal_strokes_in_other_bytes_are_a_conflict(self, tmp_path, write_csv):
        for number in range(5):
            path = write_csv(tmp_path / f"{number}.csv", number)
            copy = path.read_bytes().replace(b"\n", b"\r\n")
            (tmp_path / f"{number}-copy.csv").write_bytes(copy)
        with pytest.raises(
            DuplicateRecordingError,
            match=r"^0\.csv has the same strokes as 0-copy\.csv, .*, and 2 more; .*--duplicates",
        ):
            build_corpus([tmp_path])
        with pytest.raises(DuplicateRecordingError):
            build_folder([tmp_path], tmp_path / "c")
        assert not (tmp_path / "c").exists()
        assert len(build_corpus([tmp_path], duplicates="first").corpus) == 5

    @pytest.mark.parametrize(
        ("rows", "kept"),
        [
            (["ann,,genuine,1", "ann,,genuine,1"], 1),
            (["ann,bob,skilled,1", "ann,bob,skilled,1"], 1),
            (["ann,,genuine,1", "ann,,genuine,2"], 2),
            (["ann,,genuine,1", "bob,,genuine,1"], 2),
            (["ann,bob,skilled,1", "ann,ben,skilled,1"], 2),
            (["ann,,skilled,1", "ann,,skilled,1"], 2),
            (["ann,,genuine,", "ann,,genuine,"], 2),
        ],
    )
    def test_equal_signer_session_and_number_are_a_conflict(self, tmp_path, write_csv, rows, kept):
        for number, _ in enumerate(rows):
            write_csv(tmp_path / f"{number}.csv", number)
        lines = [f"{number}.csv,{row}" for number, row in enumerate(rows)]
        (tmp_path / "recordings.csv").write_text(
            "\n".join(["file,signer,writer,kind,number", *lines])
        )
        assert len(build_corpus([tmp_path], duplicates="first").corpus) == kept
        if kept == 1:
            with pytest.raises(DuplicateRecordingError, match="same signer, session and number as"):
                build_corpus([tmp_path])


class TestPressureRange:
    """The range of pressure belongs to the tablet."""

    @pytest.fixture
    def folder(self, tmp_path, write_svc):
        for number, pressure in enumerate((100, 1500, 900), 1):
            write_svc(tmp_path / f"U1S{number}.TXT", number, pressure)
        return tmp_path

    @pytest.mark.parametrize("told", [None, 4095])
    def test_one_range_is_recorded_for_all_of_a_collection(self, folder, told):
        options = ReadingOptions(pressure_range=told)
        memory = build_corpus([folder], options=options).corpus
        stored = build_folder([folder], folder / "out" / "c", options=options).corpus
        levels = told or 2047
        for corpus in (memory, stored):
            assert corpus.recordings["levels"].tolist() == [levels] * 3
            found = [one.pressure.max() * levels for one in corpus.signatures()]
            np.testing.assert_allclose(found, [100, 1500, 900])

    def test_collections_differ(self, folder, write_svc):
        for number in (1, 2):
            write_svc(folder / f"USER1_{number}.txt", 7 + number, 30)
        recordings = build_corpus([folder]).corpus.recordings
        assert recordings.groupby("collection")["levels"].unique().map(list).to_dict() == {
            "svc2004-task2": [2047],
            "svc2004-sample": [1023],
        }


def test_what_was_mended_is_noted(tmp_path, write_csv):
    lines = write_csv(tmp_path / "in" / "1.csv").read_text().split("\n")
    lines[5] = lines[5].replace("0.04", "0.03")
    lines[12] = "0.11,9000,9000,1"
    (tmp_path / "in" / "1.csv").write_text("\n".join(lines))
    build = build_folder([tmp_path / "in"], tmp_path / "c")
    assert build.notes == [
        ("1.csv", "1 of 30 time stamps were repaired"), ("1.csv", "1 of 30 samples are spikes"),
    ]  # fmt: skip
    assert "1.csv,1 of 30 samples are spikes" in (tmp_path / "c" / "notes.csv").read_text()


def test_equal_strokes_of_two_collections_are_two_recordings(tmp_path):
    rows = "\n".join(f"{i} {(i * i) % 70} 300" for i in range(60))
    for name in ("NISDCC-001_002_003.hwr", "0120001_1.HWR"):
        (tmp_path / name).write_text(rows)
    build = build_corpus([tmp_path])
    assert len(set(build.corpus.recordings["collection"])) == len(build.corpus) == 2

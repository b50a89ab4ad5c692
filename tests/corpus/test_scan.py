import os
import sys
from pathlib import Path

import pytest

from sigtdnn.corpus.scan import find_files, natural_key, nearest_manifest
from sigtdnn.errors import CorpusError


@pytest.fixture
def tree(tmp_path):
    for name in (
        "a/S10.txt",
        "a/S2.txt",
        "a/.hidden",
        "a/.git/S1.txt",
        "b/S2.txt",
        "b/recordings.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(files):
    return [file.name for file in files]


def test_names_are_relative_to_a_single_folder_and_in_natural_order(tree):
    files, _ = find_files([tree / "a"])
    assert names(files) == ["S2.txt", "S10.txt"]
    assert [file.path for file in files] == [tree / "a" / "S2.txt", tree / "a" / "S10.txt"]


def test_names_are_unique_among_several_inputs(tree):
    files, _ = find_files([tree / "b", tree / "a" / "S2.txt"])
    assert names(files) == ["a/S2.txt", "b/S2.txt"]


def test_a_single_file_is_named_by_itself(tree):
    files, _ = find_files([tree / "a" / "S2.txt"])
    assert names(files) == ["S2.txt"]
    assert files[0].root == tree / "a"


def test_a_file_reached_twice_counts_once(tree, monkeypatch):
    monkeypatch.chdir(tree / "a")
    files, _ = find_files([tree, Path("../a"), Path("S2.txt")])
    assert names(files) == ["a/S2.txt", "a/S10.txt", "b/S2.txt"]


def test_hidden_files_folders_and_manifests_are_skipped_with_the_reason(tree):
    _, skipped = find_files([tree])
    assert skipped == [
        ("a/.git", "hidden"),
        ("a/.hidden", "hidden"),
        ("b/recordings.csv", "identities, not strokes"),
    ]


def test_a_hidden_file_is_read_when_it_is_the_input(tree):
    files, skipped = find_files([tree / "a" / ".hidden", tree / "a"])
    assert names(files) == [".hidden", "S2.txt", "S10.txt"]
    assert skipped == [(".git", "hidden")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tree):
    os.mkfifo(tree / "a" / "pipe")
    assert ("pipe", "not a regular file") in find_files([tree / "a"])[1]
    assert find_files([tree / "a" / "pipe"]) == ([], [("pipe", "not a regular file")])


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only on Linux")
@pytest.mark.parametrize(
    ("name", "shown"), [(b"S\xff.txt", r"S\udcff.txt"), (b"a\rb.txt", r"a\rb.txt")]
)
def test_a_name_that_no_table_can_keep_is_skipped(tree, name, shown):
    (tree / "a" / os.fsdecode(name)).touch()
    assert (shown, "the name is not plain UTF-8") in find_files([tree / "a"])[1]


def test_a_name_may_have_letters_of_any_script_blanks_and_commas(tree):
    (tree / "a" / "Jörg, 山.txt").touch()
    assert "Jörg, 山.txt" in names(find_files([tree / "a"])[0])


def test_inputs_must_exist(tree):
    with pytest.raises(CorpusError, match="absent: no such file or folder"):
        find_files([tree, tree / "absent"])
    with pytest.raises(CorpusError, match="no inputs"):
        find_files([])


def test_natural_order_reads_numbers():
    mixed = ["S10", "S9", "S09", "9", "a", "S", "S9a", "10"]
    assert sorted(mixed, key=natural_key) == ["9", "10", "S", "S09", "S9", "S9a", "S10", "a"]


def test_the_nearest_manifest_up_to_the_input_counts(tree):
    deep = tree / "b" / "c" / "d" / "S1.txt"
    deep.parent.mkdir(parents=True)
    deep.touch()
    by_name = {file.name: file for file in find_files([tree])[0]}
    assert nearest_manifest(by_name["b/c/d/S1.txt"]) == tree / "b" / "recordings.csv"
    assert nearest_manifest(by_name["a/S2.txt"]) is None
    (below,) = find_files([tree / "b" / "c"])[0]
    assert nearest_manifest(below) is None

import pytest

from sigtdnn.files import replacing


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends(tmp_path):
    target = tmp_path / "new" / "file.txt"
    with replacing(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
        assert temporary.name == target.name
    assert target.read_text() == "whole"
    assert names(target.parent) == ["file.txt"]


def test_an_older_file_is_replaced(tmp_path):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["file.txt"]


def fail_halfway(target, error):
    with replacing(target) as temporary:
        temporary.write_text("half")
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_older_file_survives_a_failure_and_nothing_is_left_behind(tmp_path, error):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(error):
        fail_halfway(target, error)
    assert target.read_text() == "old"
    assert names(tmp_path) == ["file.txt"]


def test_a_failure_makes_no_file(tmp_path):
    with pytest.raises(RuntimeError):
        fail_halfway(tmp_path / "file.txt", RuntimeError)
    assert names(tmp_path) == []


def write_folder(target):
    with replacing(target) as temporary:
        temporary.mkdir()
        (temporary / "inside.txt").write_text("whole")
        assert not (target / "inside.txt").exists()


def test_a_folder_appears_whole(tmp_path):
    write_folder(tmp_path / "made")
    assert (tmp_path / "made" / "inside.txt").read_text() == "whole"
    assert names(tmp_path) == ["made"]


def test_a_folder_replaces_an_empty_one(tmp_path):
    (tmp_path / "made").mkdir()
    write_folder(tmp_path / "made")
    assert names(tmp_path / "made") == ["inside.txt"]


def test_a_folder_with_something_in_it_is_kept(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("mine")
    with pytest.raises(OSError, match="not empty"):
        write_folder(tmp_path / "made")
    assert names(tmp_path / "made") == ["mine.txt"]
    assert names(tmp_path) == ["made"]

import pytest

from sigtdnn.errors import FormatError
from sigtdnn.formats import read_signature, source
from sigtdnn.formats.registry import holds_strokes
from sigtdnn.formats.source import load

ROWS = b"4\n1 1 10 1\n2 3 20 1\n3 2 30 1\n4 4 40 1\n"


@pytest.mark.parametrize("byte", [b"\x00", b"\x0b", b"\x1a", b"\x85", b"\xff"])
def test_a_byte_that_is_not_plain_text_is_named_with_its_line(tmp_path, byte):
    path = tmp_path / "a.txt"
    path.write_bytes(ROWS.replace(b"3 2 30", b"3 2" + byte + b" 30"))
    with pytest.raises(FormatError, match="line 4: a byte that is not plain text"):
        read_signature(path)
    assert holds_strokes(load(path))


def test_a_file_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_BYTES", 20)
    path = tmp_path / "a.txt"
    path.write_bytes(ROWS)
    with pytest.raises(FormatError, match=r"a\.txt: over 0 MiB or 1000000 lines"):
        read_signature(path)
    assert holds_strokes(load(path))


def test_a_file_of_too_many_lines_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_LINES", 4)
    path = tmp_path / "a.txt"
    path.write_bytes(ROWS)
    with pytest.raises(FormatError, match="over 64 MiB or 4 lines; give the strokes of one"):
        read_signature(path)


def test_a_large_file_that_is_no_stroke_file_is_told_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_BYTES", 20)
    path = tmp_path / "Task1.zip"
    path.write_bytes(b"PK\x03\x04" * 100)
    assert not holds_strokes(load(path))


@pytest.mark.parametrize("name", ["absent.txt", ".", "a\0b.txt"])
def test_what_cannot_be_opened_is_named(tmp_path, name):
    with pytest.raises(FormatError, match="cannot be read"):
        read_signature(f"{tmp_path}/{name}")

"""Stroke files packed: what is in them is read, and what would harm is refused."""

import gzip
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import FormatError
from sigtdnn.formats.archive import MAX_FILES, MAX_RATIO, ROOM, contents, is_archive
from sigtdnn.formats.source import Source

TEXT = b"3\n1 1 0 0\n2 2 10 1\n3 5 20 1\n"


def packed(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, data)
    return buffer.getvalue()


def unpacked(tmp_path, data, name="set.zip"):
    return list(contents(Source(tmp_path / name, data)))


def test_a_plain_file_is_itself(tmp_path):
    source = Source(tmp_path / "a.txt", TEXT)
    assert list(contents(source)) == [("", source)]
    assert not is_archive(source)


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt", "a.txt.GZ"])
def test_a_gzip_file_has_the_name_of_what_is_in_it(tmp_path, name):
    ((part, source),) = unpacked(tmp_path, gzip.compress(TEXT) + gzip.compress(b"4"), name)
    assert (part, source.name, source.data) == ("", "a.txt", TEXT + b"4")
    assert source.path == tmp_path / name


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_archive_holds_many_files(tmp_path, method):
    files = [("U1S1.TXT", TEXT), ("more/", b""), ("more/U1S2.TXT", b"2"), ("empty", b"")]
    found = unpacked(tmp_path, packed(files, method))
    assert [part for part, _ in found] == ["/U1S1.TXT", "/more/U1S2.TXT", "/empty"]
    assert [source.data for _, source in found] == [TEXT, b"2", b""]
    assert found[1][1].path == tmp_path / "set.zip" / "more" / "U1S2.TXT"


def test_hidden_files_are_passed_over(tmp_path):
    files = [("__MACOSX/._a.txt", b"x"), (".git/a", b"x"), ("a/.b", b"x"), ("a.txt", TEXT)]
    assert [part for part, _ in unpacked(tmp_path, packed(files))] == ["/a.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "a\nb.txt"])
def test_no_path_leaves_the_archive(tmp_path, name):
    with pytest.raises(FormatError, match="which leads out of it; do not trust it"):
        unpacked(tmp_path, packed([("good.txt", TEXT), (name, TEXT)]))


def test_what_unpacks_is_limited(tmp_path):
    bomb = b"0" * (ROOM + 1)
    for data in (packed([("a.txt", bomb)]), gzip.compress(bomb)):
        assert len(data) * MAX_RATIO < ROOM
        with pytest.raises(FormatError, match="over 64 KiB unpack; unpack it"):
            unpacked(tmp_path, data)


def test_what_unpacks_is_limited_together(tmp_path):
    data = packed([(f"{i}.txt", b"0" * (ROOM // 4)) for i in range(5)])
    files = contents(Source(tmp_path / "set.zip", data))
    assert sum(len(next(files)[1].data) for _ in range(4)) == ROOM
    with pytest.raises(FormatError, match="over 64 KiB unpack"):
        next(files)


def test_a_size_that_lies_does_not_unpack_more(tmp_path):
    data = packed([("a.txt", b"0" * (2 * ROOM))])
    size = (2 * ROOM).to_bytes(4, "little")
    lying = data.replace(size, (100).to_bytes(4, "little"))
    with pytest.raises(FormatError, match=r"cannot be unpacked|over 64 KiB"):
        unpacked(tmp_path, lying)


def test_too_many_files_are_refused(tmp_path):
    data = packed([(f"{i}", b"") for i in range(MAX_FILES + 1)])
    with pytest.raises(FormatError, match="over 10000 files in an archive"):
        unpacked(tmp_path, data)


@pytest.mark.parametrize("inner", [gzip.compress(TEXT), packed([("a.txt", TEXT)])])
def test_an_archive_in_an_archive_is_refused(tmp_path, inner):
    for data in (gzip.compress(inner), packed([("inner", inner)])):
        with pytest.raises(FormatError, match="an archive in an archive"):
            unpacked(tmp_path, data)


def test_an_encrypted_archive_is_refused(tmp_path):
    data = bytearray(packed([("a.txt", TEXT)]))
    for magic in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(magic) + (6 if magic.endswith(b"\x04") else 8)] |= 1
    with pytest.raises(FormatError, match="the archive is encrypted"):
        unpacked(tmp_path, bytes(data))


@given(st.data())
def test_a_damaged_archive_is_read_or_refused(tmp_path_factory, data):
    whole = data.draw(
        st.sampled_from([packed([("a.txt", TEXT), ("b/c.txt", TEXT * 9)]), gzip.compress(TEXT)])
    )
    damaged = bytearray(whole)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=5)
    ):
        damaged[place] = byte
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    for content in (bytes(damaged), cut):
        with suppress(FormatError):
            unpacked(tmp_path_factory.getbasetemp(), content)

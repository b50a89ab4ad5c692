"""Archives through `read_signature` and into a corpus."""

import gzip
import zipfile

import pytest

from sigtdnn.corpus.build import build_corpus
from sigtdnn.errors import FormatError, NotStrokesError, SeveralSignaturesError
from sigtdnn.formats import plain_csv, read_signature, read_signatures, split_name
from tests.artificial import loops

TEXTS = [plain_csv.write(loops(seed)) for seed in range(3)]


@pytest.fixture
def archive(tmp_path):
    """A zip archive with three signatures, a broken one and a note."""
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number, text in enumerate(TEXTS, 1):
            file.writestr(f"ann/{number}.csv", text)
        file.writestr("README.md", "Three signatures.")
        file.writestr("scan.png", b"\x89PNG\r\n")
    return path


def test_a_file_in_an_archive_is_named_by_its_path(archive):
    assert split_name(f"{archive}/ann/2.csv") == (archive, "/ann/2.csv")
    for number in (1, 2, 3):
        found = read_signature(archive / "ann" / f"{number}.csv")
        assert found.x[:100].tolist() == loops(number - 1).x[:100].tolist()
    assert len(read_signatures(archive)) == 3


def test_none_is_guessed(archive):
    with pytest.raises(
        SeveralSignaturesError, match=r"holds 3 .*, such as '.*set\.zip/ann/2\.csv'"
    ):
        read_signature(archive)
    with pytest.raises(SeveralSignaturesError, match=r"holds 3 signatures, no '/ann/4\.csv'"):
        read_signature(archive / "ann" / "4.csv")


def test_a_broken_file_in_an_archive_is_named(archive):
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("ann/cut.csv", TEXTS[0][:-3] + b"x")
    with pytest.raises(FormatError, match=r"set\.zip/ann/cut\.csv, line \d+: "):
        read_signatures(archive)
    assert read_signature(archive / "ann" / "1.csv").strokes == 3


def test_an_archive_of_other_files_holds_no_strokes(tmp_path):
    path = tmp_path / "notes.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("README.md", "Nothing.")
    with pytest.raises(NotStrokesError, match="no stroke files in the archive"):
        read_signature(path)


def test_gzip_is_unpacked(tmp_path):
    path = tmp_path / "1.csv.gz"
    path.write_bytes(gzip.compress(TEXTS[0]))
    assert read_signature(path).x[:100].tolist() == loops(0).x[:100].tolist()
    path.write_bytes(gzip.compress(TEXTS[0])[:-30])
    with pytest.raises(FormatError, match=r"1\.csv\.gz: the archive cannot be unpacked"):
        read_signature(path)


def test_utf_16_is_read(tmp_path):
    path = tmp_path / "1.csv"
    path.write_bytes(TEXTS[0].decode().encode("utf-16"))
    assert read_signature(path).x[:100].tolist() == loops(0).x[:100].tolist()
    path.write_bytes(TEXTS[0].decode().encode("utf-16-le"))
    with pytest.raises(FormatError, match=r"UTF-16 without its mark.*; save it as UTF-8"):
        read_signature(path)


def svc2004(seed):
    signature = loops(seed)
    rows = [
        f"{1000 * x:.0f} {1000 * y:.0f} {1000 * t:.0f} {int(i % 50 > 0)} 0 0 500"
        for i, (t, x, y) in enumerate(zip(signature.t, signature.x, signature.y, strict=True))
    ]
    return "\n".join([str(len(rows)), *rows])


def test_the_names_in_an_archive_say_who_signed(tmp_path):
    with zipfile.ZipFile(tmp_path / "three.zip", "w") as file:
        for number in (1, 2, 21):
            file.writestr(f"U7S{number}.TXT", svc2004(number))
    (tmp_path / "U8S1.TXT.gz").write_bytes(gzip.compress(svc2004(9).encode()))
    (tmp_path / "damaged.zip").write_bytes((tmp_path / "three.zip").read_bytes()[:-40])
    build = build_corpus([tmp_path])
    table = build.corpus.recordings
    assert table["file"].tolist() == [
        "U8S1.TXT.gz", "three.zip/U7S1.TXT", "three.zip/U7S2.TXT", "three.zip/U7S21.TXT"
    ]  # fmt: skip
    assert table["signer"].tolist() == ["svc2004-task2/8", *["svc2004-task2/7"] * 3]
    assert table["kind"].tolist() == ["genuine", "genuine", "genuine", "skilled"]
    assert [name for name, _ in build.rejected] == ["damaged.zip"]


def test_a_list_of_recordings_may_name_files_in_an_archive(archive):
    (archive.parent / "recordings.csv").write_text(
        "file,signer,kind\nset.zip/ann/2.csv,ann,genuine\nset.zip/ann/3.csv,ann,skilled\n"
    )
    table = build_corpus([archive.parent]).corpus.recordings
    assert table["kind"].tolist() == ["", "genuine", "skilled"]

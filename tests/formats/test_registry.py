import pytest

from sigtdnn.errors import ConfigurationError, FormatError, NotStrokesError
from sigtdnn.formats import FORMATS, ReadingOptions, read_signature
from sigtdnn.formats.registry import Format, holds_strokes
from sigtdnn.formats.source import load

POINTS = ["1 1 10", "2 3 20", "3 2 30", "4 4 40"]
COUNTED_4 = ["4", *(f"{point} {min(i, 1)}" for i, point in enumerate(POINTS))]
COUNTED_7 = ["4", *(f"{point} 1 900 500 100" for point in POINTS)]
SUSIG = ["X, Y, TStamp, Pres., EndPts", "DataSize: 4", *(f"{point} 9 0" for point in POINTS)]
NFI = ["A-1 4", *(f"{point} 900 500" for point in POINTS)]
CSV = ["x,y,t,pen", *(point.replace(" ", ",") + ",1" for point in POINTS)]


@pytest.mark.parametrize(
    ("lines", "name", "like"),
    [
        (COUNTED_4, "a.txt", "svc2004"),
        (COUNTED_4, "a", "svc2004"),
        (COUNTED_7, "a.TXT", "svc2004"),
        (SUSIG, "a.dat", "susig"),
        (NFI, "a.dat", "sigcomp2009"),
        (POINTS, "a.hwr", "sigcomp2011"),
        (POINTS, "a.HWR", "sigcomp2011"),
        (CSV, "a.txt", "csv"),
        (COUNTED_7, "a.svc", "wacom"),
        (["9", *COUNTED_4[1:]], "u1001_g_1.txt", "deepsigndb"),
        (COUNTED_7, "u1001_s_1.txt", "deepsigndb"),
        (["4", *(f"{point} 900 500 100" for point in POINTS)], "a", "deepsigndb"),
        ([f"{point} 1 0 900 500" for point in POINTS], "a", "mcyt"),
    ],
)
def test_the_content_tells_the_format(read, lines, name, like):
    told, recognised = read(lines, name, like), read(lines, name)
    assert recognised.t.tolist() == told.t.tolist()
    assert recognised.x.tolist() == told.x.tolist()


@pytest.mark.parametrize(
    ("lines", "name", "message"),
    [
        (COUNTED_7, "a.dat", "SVC2004 or Wacom.*; name the format"),
        (POINTS, "a.txt", "three columns without a header.*; name the format"),
        (COUNTED_4[1:], "a.txt", "line 1: 4 columns without a header"),
        (["1 1", "2 2"], "a.hwr", "line 1: 2 columns without a header"),
        (["3", "1 1 1 1 1"], "a.txt", "line 2: 5 columns below a count"),
        (["84"], "a.txt", "line 2: 0 columns below a count"),
        (["x,y,z"], "a.txt", "line 1: unknown column 'z'"),
    ],
)
def test_strokes_of_an_ambiguous_or_unread_layout_are_refused_not_guessed(
    read, tmp_path, lines, name, message
):
    with pytest.raises(FormatError, match=message) as caught:
        read(lines, name)
    assert not isinstance(caught.value, NotStrokesError)
    assert holds_strokes(load(tmp_path / name))


@pytest.mark.parametrize("name", ["a.svc", "a.dat"])
def test_naming_the_format_overrides_the_ending(read, name):
    assert len(read(COUNTED_7, name, "svc2004")) == 4


@pytest.mark.parametrize(
    "content",
    [
        b"This folder holds signatures of 5\nusers.\n",
        b"file,signer,kind\na.txt,1,genuine\n",
        "x y t".encode("utf-16"),
        b"chapter 3\n",
    ],
)
def test_what_is_no_stroke_file_is_told_apart(tmp_path, content):
    path = tmp_path / "note.txt"
    path.write_bytes(content)
    assert not holds_strokes(load(path))
    with pytest.raises(NotStrokesError, match="not in a known stroke format"):
        read_signature(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", r"a picture \(PNG\): pen trajectories are needed"),
        (b"%PDF-1.7\n", r"a picture \(PDF\): pen trajectories are needed"),
        (bytes(9), "line 1: UTF-16 without its mark, or no text"),
        ("Z\xfcrich".encode(), "line 1: a byte that is not plain text"),
        (b"", "the file is empty; record the signature again"),
        (b"\n \n", "the file is empty; record the signature again"),
    ],
)
def test_pictures_and_empty_files_are_called_what_they_are(tmp_path, content, message):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert not holds_strokes(load(path))
    with pytest.raises(NotStrokesError, match=message):
        read_signature(path)


def test_an_unknown_format_name_lists_the_known_ones(tmp_path):
    (tmp_path / "a").write_text("4\n")
    with pytest.raises(ConfigurationError, match=r"'uni-pen'.*svc2004, susig, .*, csv"):
        read_signature(tmp_path / "a", ReadingOptions(format="uni-pen"))


def test_a_file_that_two_formats_claim_is_refused(read, monkeypatch):
    twin = Format(lambda source: source.fields(0) == ["4"], lambda source: [])
    monkeypatch.setitem(FORMATS, "twin", twin)
    with pytest.raises(FormatError, match="may be svc2004 or twin; name the format"):
        read(COUNTED_4, "a.txt")
    assert len(read(COUNTED_4, "a.txt", "svc2004")) == 4


@pytest.mark.parametrize("format", list(FORMATS))
def test_an_empty_file_of_a_named_format_is_refused(read, format):
    with pytest.raises(FormatError, match="the file is empty"):
        read([], "a.txt", format)

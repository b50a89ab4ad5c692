import pytest

from sigtdnn.corpus.identity import Identity
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.errors import CorpusError


@pytest.fixture
def manifest(tmp_path):
    """manifest(lines): a recordings.csv in a folder 'home' that has the files a.csv and s/b.csv."""
    home = tmp_path / "home"
    (home / "s").mkdir(parents=True)
    (home / "a.csv").touch()
    (home / "s" / "b.csv").touch()

    def write(*lines, encoding="utf-8"):
        path = home / "recordings.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return write


def test_the_required_columns_are_enough(manifest):
    path = manifest("kind,file,signer", "genuine,a.csv,ann", "skilled,./s/b.csv,ann")
    assert read_manifest(path) == {
        "a.csv": Identity("home", "home/ann", "home/ann", "genuine"),
        "s/b.csv": Identity("home", "home/ann", "", "skilled"),
    }


def test_the_optional_columns_are_read(manifest):
    path = manifest(
        "file,signer,kind,collection,writer,session,number",
        "a.csv,ann,genuine,study,ann,2,12",
        "s/b.csv,ann,skilled,,bob,,",
        encoding="utf-8-sig",
    )
    assert read_manifest(path) == {
        "a.csv": Identity("study", "study/ann", "study/ann", "genuine", 2, 12),
        "s/b.csv": Identity("home", "home/ann", "home/bob", "skilled"),
    }


def test_signer_and_kind_may_be_empty(manifest):
    path = manifest("file,signer,kind", "a.csv,,", "s/b.csv,ann,")
    assert read_manifest(path) == {
        "a.csv": Identity("home"),
        "s/b.csv": Identity("home", "home/ann"),
    }


@pytest.mark.parametrize(
    "lines",
    [
        ("File,SIGNER,Kind,Number,age", "a.csv,ann,Genuine,3.0,77", "s/b.csv,ann,skilled,,"),
        ("file;signer;kind;number", "a.csv;ann;genuine;3", "s/b.csv;ann;skilled;"),
        ("file\tsigner\tkind\tnumber", "a.csv\tann\tgenuine\t3.", "s/b.csv\tann\tskilled\t"),
    ],
)
def test_spreadsheets_write_it_in_their_own_ways(manifest, lines):
    assert read_manifest(manifest(*lines)) == {
        "a.csv": Identity("home", "home/ann", "home/ann", "genuine", number=3),
        "s/b.csv": Identity("home", "home/ann", "", "skilled"),
    }


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([""], "line 1: no column 'file'"),
        (["file,signer"], "line 1: no column 'kind'"),
        (["file,signer,kind,kind"], "line 1: column 'kind' appears twice"),
        (["file,signer,kind", "a.csv,ann"], "line 2: another number of columns"),
        (["file,signer,kind", "a.csv,ann,genuine,1"], "line 2: another number of columns"),
        (["file,signer,kind", "c.csv,ann,genuine"], r"line 2: no file 'c\.csv'"),
        (["file,signer,kind", ",ann,genuine"], "line 2: no file ''"),
        (["file,signer,kind", "a.csv,ann,forged"], "line 2: kind is 'forged', not 'genuine'"),
        (["file,signer,kind", "a.csv,,genuine"], "line 2: genuine, but of no signer"),
        (["file,signer,kind", *["a.csv,ann,genuine"] * 2], r"line 3: 'a\.csv' is listed twice"),
        (
            ["file,signer,kind,writer", "a.csv,ann,genuine,bob"],
            "line 2: genuine, but of signer 'ann' by",
        ),
        (
            ["file,signer,kind,writer", "a.csv,ann,skilled,ann"],
            "line 2: skilled, but of signer 'ann' by",
        ),
        (
            ["file,signer,kind,number", "a.csv,ann,genuine,-1"],
            "line 2: number is '-1', not a whole",
        ),
        (
            ["file,signer,kind,session", "a.csv,ann,genuine,1.5"],
            r"line 2: session is '1\.5', not a whole",
        ),
        (
            ["file,signer,kind", 'a.csv,"a\rn",genuine'],
            "line 3: a line end or control character in a field",
        ),
        (["file,signer,kind", "a.csv\0,ann,genuine"], "line 2: a line end or control character"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(manifest, lines, message):
    with pytest.raises(CorpusError, match=message):
        read_manifest(manifest(*lines))


def test_a_quote_that_is_not_closed_is_refused(manifest):
    with pytest.raises(CorpusError, match="cannot be read"):
        read_manifest(manifest("file,signer,kind", 'a.csv,"ann'))


def test_bytes_that_are_not_utf_8_are_refused(manifest):
    with pytest.raises(CorpusError, match="cannot be read"):
        read_manifest(manifest("file,signer,kind", "a.csv,J\u00f6rg,genuine", encoding="latin-1"))

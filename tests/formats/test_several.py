"""A file with several signatures, of a format made up here: a line `ink`, then x and y."""

import numpy as np
import pytest

from sigtdnn.errors import FormatError, SeveralSignaturesError
from sigtdnn.formats import (
    FORMATS,
    Format,
    ReadingOptions,
    read_signature,
    read_signatures,
    split_name,
)
from sigtdnn.signature import Signature


def sniff(source):
    return source.fields(0) == ["ink"]


def read(source, options):
    parts = "\n".join(source.lines).split("ink\n")[1:]
    rows = [np.array([line.split() for line in part.split("\n") if line], float) for part in parts]
    return [Signature.from_samples(np.arange(len(r)) / 20, *r.T, np.ones(len(r))) for r in rows]


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setitem(FORMATS, "toy", Format(sniff, read))
    path = tmp_path / "two.ink"
    path.write_text("ink\n0 0\n1 1\n2 4\nink\n0 0\n5 5\n6 9\n7 1\n")
    return path


def test_all_are_read_in_order(path):
    assert [len(signature) for signature in read_signatures(path)] == [3, 4]
    assert [
        len(signature) for signature in read_signatures(str(path), ReadingOptions(format="toy"))
    ] == [3, 4]


def test_one_is_named_by_its_number(path):
    assert len(read_signature(f"{path}#1")) == 3
    assert len(read_signature(f"{path}#2")) == 4
    assert len(read_signature(path.with_name("two.ink#2"), ReadingOptions(format="toy"))) == 4


def test_none_is_guessed(path):
    with pytest.raises(
        SeveralSignaturesError, match=r"holds 2 signatures; name one, .*two\.ink#2'"
    ):
        read_signature(path)
    with pytest.raises(SeveralSignaturesError, match="holds 2 signatures, no '#3'"):
        read_signature(f"{path}#3")


def test_a_file_that_is_called_so_itself_goes_first(path):
    path.with_name("two.ink#2").write_text("ink\n0 0\n1 1\n2 4\n3 9\n4 16\n")
    assert len(read_signature(f"{path}#2")) == 5
    assert len(read_signature(f"{path}#1")) == 3


def test_a_file_of_one_signature_has_a_first(path):
    path.write_text("ink\n0 0\n1 1\n2 4\n")
    assert len(read_signature(path)) == len(read_signature(f"{path}#1")) == 3


@pytest.mark.parametrize("name", ["a#0", "a#-1", "a#02", "a#x", "#2", "a#", "a2"])
def test_other_names_are_files(name):
    file, number = split_name(name)
    assert (str(file), number) == (name, "")


def test_a_part_of_a_file_that_is_not_there_is_named_by_the_file(tmp_path):
    with pytest.raises(FormatError, match=r"absent\.txt: cannot be read"):
        read_signature(tmp_path / "absent.txt#2")

import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import StoreError
from sigtdnn.store import sqlite as module
from sigtdnn.store.sqlite import Entry, open_store

ROOT_CODE = "from sigtdnn.store.sqlite import Entry, open_store\n"
BYTES = np.random.default_rng(0)


def some(count):
    return BYTES.bytes(count)


def enrolled(signer="anna", **changes):
    template = some(80)
    return replace(Entry(signer, b"abcd", template, template, some(200), given=6), **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def filled(path):
    put(path, enrolled())
    return path


def put(path, *entries):
    with open_store(path, "create") as store, store.changing():
        for entry in entries:
            store.put(entry)


def read(path, signer="anna"):
    with open_store(path, "read") as store:
        return store.get(signer)


def change(path, entry):
    with open_store(path, "change") as store, store.changing():
        store.put(entry)


def sqlite(path):
    return closing(sqlite3.connect(path, isolation_level=None))


def test_what_is_put_is_read_back(path):
    entry = enrolled(vectors=some(500), updates=3)
    put(path, entry)
    found = read(path)
    assert replace(found, enrolled="", changed="") == entry


def test_the_column_template_is_a_blob_of_80_bytes(filled):
    with sqlite(filled) as connection:
        row = connection.execute("SELECT typeof(template), length(template) FROM signers")
        assert row.fetchone() == ("blob", 80)


def test_the_file_says_whose_it_is(filled):
    with sqlite(filled) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x73677464,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_change_is_durable_and_deletes_for_good(path):
    with open_store(path, "create") as store:
        settings = {
            name: store._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "delete", "synchronous": 2, "secure_delete": 1, "busy_timeout": 60000,
    }  # fmt: skip


def test_signers_are_listed_by_name(path):
    put(path, enrolled("zoë"), enrolled("anna"), enrolled("Mr. X"))
    with open_store(path, "read") as store:
        assert [entry.signer for entry in store.entries()] == ["Mr. X", "anna", "zoë"]
        assert store.find("nobody") is None


def test_dates_are_of_the_first_and_the_last_change(path, monkeypatch):
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 0, 0, 0)))
    put(path, enrolled())
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 7, 8, 9, 0, 1, 0, 0, 0)))
    change(path, replace(read(path), updates=1))
    assert (read(path).enrolled, read(path).changed) == (
        "2026-01-02T03:04:05Z", "2026-07-08T09:00:01Z",
    )  # fmt: skip


def test_a_deleted_signer_is_gone(filled):
    with open_store(filled, "change") as store, store.changing():
        store.delete("anna")
    with pytest.raises(StoreError, match="holds no signer 'anna'; enrol, or list the signers"):
        read(filled)


def test_deleting_a_stranger_is_an_error(filled):
    with (
        pytest.raises(StoreError, match="holds no signer 'bob'"),
        open_store(filled, "change") as store,
        store.changing(),
    ):
        store.delete("bob")


def test_no_byte_of_the_deleted_or_replaced_stays_in_the_file(path):
    rng = np.random.default_rng(1)
    entries = {
        f"signer {number}": enrolled(f"signer {number}", vectors=some(912)) for number in range(120)
    }
    replaced, gone = [], []
    with open_store(path, "create") as store:

        def put_all(names, **changes):
            for name in rng.permutation(names).tolist():
                with store.changing():
                    store.put(replace(entries[name], **changes))

        # Only the speed of this test is at stake.
        store._connection.execute("PRAGMA synchronous = OFF")
        put_all(list(entries))
        assert all(entry.vectors[-12:] in path.read_bytes() for entry in entries.values())
        # An enrolment that completes, updates, and every second signer deleted.
        put_all(list(entries), vectors=None)
        put_all(list(entries), vectors=None, template=some(80), updates=1)
        for name in rng.permutation(list(entries)).tolist()[::2]:
            gone.append(entries.pop(name))
            with store.changing():
                store.delete(name)
        put_all([*entries][:30], vectors=None, template=some(80), updates=1)
        replaced = [entry.vectors for entry in entries.values()]
    data = path.read_bytes()
    windows = {data[i : i + 12] for i in range(len(data) - 11)}

    def remains(blob):
        return any(blob[i : i + 12] in windows for i in range(len(blob) - 11))

    for entry in gone:
        name = entry.signer.encode() + entry.model
        assert not any(map(remains, (entry.first, entry.profile, entry.vectors, name)))
    assert not any(map(remains, replaced))
    assert all(remains(entry.first) for entry in entries.values())


def fail_amid_a_change(path):
    with open_store(path, "change") as store, store.changing():
        store.put(replace(store.get("anna"), updates=9))
        store.put(enrolled("bob"))
        raise KeyError


def test_a_failed_change_changes_nothing(filled):
    before = read(filled)
    with pytest.raises(KeyError):
        fail_amid_a_change(filled)
    assert read(filled) == before
    with open_store(filled, "read") as store:
        assert len(list(store.entries())) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "tab\t", "\x00"])
def test_a_name_that_no_list_could_show_is_refused(path, name):
    with pytest.raises(StoreError, match="is no name of a signer"):
        put(path, enrolled(name))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"template": b"x" * 79}, "a template is not 80 bytes"),
        ({"first": b"x" * 81}, "a template is not 80 bytes"),
        ({"template": b""}, "a template is not 80 bytes"),
        ({"first": None}, "without its first form"),
        ({"profile": b"x" * 257}, "over 256 bytes"),
        ({"model": b"abc"}, "not 4 bytes"),
        ({"template": None, "first": None}, "neither template nor vectors"),
        ({"template": "x" * 80}, "not of bytes"),
        ({"given": -1}, "not a number"),
        ({"updates": "2"}, "not a number"),
    ],
)
def test_an_impossible_entry_is_refused(changes, problem):
    with pytest.raises(ValueError, match=problem):
        enrolled(**changes)


def test_sqlite_itself_refuses_other_lengths(filled):
    with sqlite(filled) as connection:
        for column, blob in (("template", b"x" * 79), ("first", b""), ("profile", b"x" * 257)):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"UPDATE signers SET {column} = ?", (blob,))


def test_a_damaged_row_is_refused_by_name(filled):
    with sqlite(filled) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE signers SET template = x'00'")
    with pytest.raises(StoreError, match=r"signer 'anna' is damaged \(a template is not 80 bytes"):
        read(filled)


@pytest.mark.parametrize("mode", ["read", "change"])
def test_an_absent_store_is_not_made_by_reading_or_changing(path, mode):
    with pytest.raises(StoreError, match="there is no such store"), open_store(path, mode):
        pass
    assert not path.exists()


def test_folders_are_made_for_a_new_store(tmp_path):
    put(tmp_path / "a" / "b" / "store.db", enrolled())
    assert read(tmp_path / "a" / "b" / "store.db").signer == "anna"


def test_awkward_file_names_are_names(tmp_path):
    path = tmp_path / "50%?mode=ro#é.db"
    put(path, enrolled())
    assert path.is_file()
    assert read(path).signer == "anna"


def foreign(path):
    with sqlite(path) as connection:
        connection.execute("CREATE TABLE mine (x)")


def newer(path):
    put(path, enrolled())
    with sqlite(path) as connection:
        connection.execute("PRAGMA user_version = 2")


def cut(path):
    put(path, *(enrolled(f"s{n}") for n in range(60)))
    path.write_bytes(path.read_bytes()[:5000])


def scribbled(path):
    put(path, *(enrolled(f"s{n}") for n in range(60)))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (foreign, "is no store of sigtdnn; name another file"),
        (lambda path: path.write_text("x y\n" * 400), "is no store, or a damaged one"),
        (newer, "store version 2, this sigtdnn reads 1"),
        (cut, "is no store, or a damaged one"),
        (scribbled, "is no store, or a damaged one"),
        (lambda path: path.mkdir(), "cannot be used"),
    ],
    ids=["foreign", "text", "newer", "cut", "scribbled", "folder"],
)
@pytest.mark.parametrize("mode", ["read", "change", "create"])
def test_a_file_that_is_no_sound_store_is_refused_and_left_alone(path, spoil, problem, mode):
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=problem) as caught, open_store(path, mode) as store:
        list(store.entries())
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_an_empty_file_becomes_a_store_but_is_none_to_read(path):
    # A process killed before its first change leaves one.
    path.touch()
    with pytest.raises(StoreError, match="is no store of sigtdnn"), open_store(path, "read"):
        pass
    put(path, enrolled())
    assert read(path).signer == "anna"


def test_reading_needs_no_right_to_write(filled, monkeypatch):
    opened = []
    original = module._opened

    def watched(path, access):
        opened.append(access)
        return original(path, access)

    monkeypatch.setattr(module, "_opened", watched)
    filled.chmod(stat.S_IRUSR)
    assert read(filled).signer == "anna"
    assert opened == ["ro"]


def test_a_reader_cannot_write(filled):
    with (
        pytest.raises(StoreError, match="attempt to write a readonly database"),
        open_store(filled, "read") as store,
        store.changing(),
    ):
        store.put(enrolled("bob"))


def test_a_held_store_is_waited_for_and_then_given_up(filled, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with sqlite(filled) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process has been changing it"):
            change(filled, enrolled("bob"))


def kill_while_writing(path):
    """A process dies with half of its change in the file: its journal is hot."""
    code = ROOT_CODE + (
        "import os, sys, signal\n"
        "from pathlib import Path\n"
        "with open_store(Path(sys.argv[1]), 'change') as store:\n"
        "    store._connection.execute('PRAGMA cache_size = 1')\n"
        "    store._connection.execute('PRAGMA cache_spill = 1')\n"
        "    with store.changing():\n"
        "        for n in range(400):\n"
        "            store.put(Entry(f'new {n}', b'abcd', b'x' * 80, b'x' * 80, b'y' * 256))\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = module.__file__.rsplit("/sigtdnn/", 1)[0]
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)


@pytest.mark.parametrize("mode", ["read", "change"])
def test_half_a_change_of_a_killed_process_is_taken_back(filled, mode):
    before = read(filled)
    kill_while_writing(filled)
    assert filled.with_name("store.db-journal").stat().st_size > 0
    with open_store(filled, mode) as store:
        assert list(store.entries()) == [before]
    assert not filled.with_name("store.db-journal").exists()

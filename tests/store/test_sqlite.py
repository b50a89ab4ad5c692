import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import (
    DamagedStoreError,
    SignerError,
    StoreBusyError,
    StoreError,
    StoreNotFoundError,
    StoreVersionError,
)
from sigtdnn.store import sqlite as module
from sigtdnn.store.sqlite import open_store
from sigtdnn.verification import SignerRecord
from tests.tools import write_store_1

BYTES = np.random.default_rng(0)


def some(count):
    return BYTES.bytes(count)


def made(**changes):
    """The record of an enrolled signer."""
    template = some(80)
    record = SignerRecord(b"abcd", template, template, some(200), given=6)
    return replace(record, **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def filled(path):
    put(path, anna=made())
    return path


def put(path, mode="create", **records):
    with open_store(path, mode) as store, store.changing():
        for signer, record in records.items():
            store.put(signer, record)


def entry(path, signer="anna"):
    with open_store(path, "read") as store:
        (found,) = store.of(signer)
    return found


def signers(path):
    with open_store(path, "read") as store:
        return [found.signer for found in store.entries()]


def sqlite(path):
    return closing(sqlite3.connect(path, isolation_level=None))


@pytest.mark.parametrize("size", [1, 80, 200_000])
def test_what_is_put_is_read_back(path, size):
    blobs = {name: some(size) for name in ("template", "first", "habits", "learnt", "pending")}
    record = made(**blobs, updates=3)
    put(path, anna=record)
    with open_store(path, "read") as store:
        assert store.find("anna", b"abcd") == record
        assert store.of("anna") == list(store.entries())
    assert (entry(path).signer, entry(path).record) == ("anna", record)


def test_the_bytes_stand_in_the_file_as_they_are(filled):
    template = entry(filled).record.template
    with sqlite(filled) as connection:
        row = connection.execute("SELECT typeof(template), template FROM records")
        assert row.fetchone() == ("blob", template)
    assert template in filled.read_bytes()


def test_one_signer_may_be_enrolled_with_several_models(path):
    one, other = made(model=b"bbbb"), made(model=b"aaaa")
    put(path, anna=one)
    put(path, anna=other, bob=made())
    with open_store(path, "read") as store:
        assert store.find("anna", b"bbbb") == one
        assert store.find("anna", b"aaaa") == other
        assert store.find("anna", b"abcd") is None
        assert [found.record for found in store.of("anna")] == [other, one]
        keys = [(found.signer, found.record.model) for found in store.entries()]
    assert keys == [("anna", b"aaaa"), ("anna", b"bbbb"), ("bob", b"abcd")]


def test_a_change_is_of_one_model_only(path):
    one, other = made(model=b"aaaa"), made(model=b"bbbb")
    put(path, anna=one)
    put(path, anna=other)
    put(path, anna=replace(one, updates=7))
    with open_store(path, "read") as store:
        assert [found.record for found in store.of("anna")] == [replace(one, updates=7), other]


def test_all_models_of_a_signer_are_deleted(path):
    for model in (b"aaaa", b"bbbb"):
        put(path, anna=made(model=model), bob=made(model=model))
    with open_store(path, "change") as store, store.changing():
        assert store.delete("anna") == 2
    assert signers(path) == ["bob", "bob"]


def test_the_file_says_whose_it_is(filled):
    with sqlite(filled) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x73677464,)
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
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
    put(path, **{"zoë": made(), "anna": made(), "Mr. X": made()})
    assert signers(path) == ["Mr. X", "anna", "zoë"]
    with open_store(path, "read") as store:
        assert store.find("nobody", b"abcd") is None
        assert store.of("nobody") == []


def test_dates_are_of_the_first_and_the_last_change(path, monkeypatch):
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 0, 0, 0)))
    put(path, anna=made())
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 7, 8, 9, 0, 1, 0, 0, 0)))
    put(path, "change", anna=made(updates=1))
    assert (entry(path).enrolled, entry(path).changed) == (
        "2026-01-02T03:04:05Z", "2026-07-08T09:00:01Z",
    )  # fmt: skip


def test_a_deleted_signer_is_gone(filled):
    with open_store(filled, "change") as store, store.changing():
        assert store.delete("anna") == 1
    with open_store(filled, "read") as store:
        assert store.find("anna", b"abcd") is None
        assert store.of("anna") == list(store.entries()) == []


def test_deleting_a_stranger_deletes_nobody(filled):
    with open_store(filled, "change") as store, store.changing():
        assert store.delete("bob") == 0
    assert signers(filled) == ["anna"]


def test_no_byte_of_the_deleted_or_replaced_stays_in_the_file(path):
    rng = np.random.default_rng(1)
    records = {f"signer {number}": made(pending=some(912)) for number in range(120)}
    replaced, gone = [], []
    with open_store(path, "create") as store:

        def put_all(names, **changes):
            for name in rng.permutation(names).tolist():
                with store.changing():
                    store.put(name, replace(records[name], **changes))

        # Only the speed of this test is at stake.
        store._connection.execute("PRAGMA synchronous = OFF")
        put_all(list(records))
        assert all(record.pending[-12:] in path.read_bytes() for record in records.values())
        # An enrolment that completes, updates, and every second signer deleted.
        put_all(list(records), pending=None)
        put_all(list(records), pending=None, template=some(80), updates=1)
        for name in rng.permutation(list(records)).tolist()[::2]:
            gone.append((name, records.pop(name)))
            with store.changing():
                store.delete(name)
        put_all([*records][:30], pending=None, template=some(80), updates=1)
        replaced = [record.pending for record in records.values()]
    data = path.read_bytes()
    windows = {data[i : i + 12] for i in range(len(data) - 11)}

    def remains(blob):
        return any(blob[i : i + 12] in windows for i in range(len(blob) - 11))

    for name, record in gone:
        key = name.encode() + record.model
        assert not any(map(remains, (record.first, record.habits, record.pending, key)))
    assert not any(map(remains, replaced))
    for name, record in records.items():
        assert all(map(remains, (record.first, record.habits, name.encode() + record.model)))


def fail_amid_a_change(path):
    with open_store(path, "change") as store, store.changing():
        store.put("anna", made(updates=9))
        store.put("bob", made())
        store.delete("anna")
        raise KeyError


def test_a_failed_change_changes_nothing(filled):
    before = entry(filled)
    with pytest.raises(KeyError):
        fail_amid_a_change(filled)
    assert entry(filled) == before
    assert signers(filled) == ["anna"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "tab\t", "\x00"])
def test_a_name_that_no_list_could_show_is_refused(path, name):
    with pytest.raises(SignerError, match="is not a valid name"):
        put(path, **{name: made()})


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("first = NULL", "a template comes without its first form"),
        ("model = x'00'", "the model's fingerprint is not 4 bytes"),
        ("habits = 'words'", "a blob is not of bytes"),
        ("given = 'many'", "a count is not a number of signatures"),
    ],
)
def test_a_damaged_row_is_refused_by_name(filled, damage, problem):
    with sqlite(filled) as connection:
        connection.execute(f"UPDATE records SET {damage}")
    with pytest.raises(DamagedStoreError, match=rf"signer 'anna' is damaged \({problem}\)") as told:
        entry(filled)
    assert str(told.value).startswith(f"{filled}: ")


@pytest.mark.parametrize("mode", ["read", "change"])
def test_an_absent_store_is_not_made_by_reading_or_changing(path, mode):
    with (
        pytest.raises(StoreNotFoundError, match="there is no such store"),
        open_store(path, mode),
    ):
        pass
    assert not path.exists()


def test_folders_are_made_for_a_new_store(tmp_path):
    put(tmp_path / "a" / "b" / "store.db", anna=made())
    assert signers(tmp_path / "a" / "b" / "store.db") == ["anna"]


def test_awkward_file_names_are_names(tmp_path):
    path = tmp_path / "50%?mode=ro#é.db"
    put(path, anna=made())
    assert path.is_file()
    assert signers(path) == ["anna"]


def text(path):
    path.write_text("x y\n" * 400)


def folder(path):
    path.mkdir()


def foreign(path):
    with sqlite(path) as connection:
        connection.execute("CREATE TABLE mine (x)")


def older(path):
    write_store_1(path)


def newer(path):
    put(path, anna=made())
    with sqlite(path) as connection:
        connection.execute("PRAGMA user_version = 4")


def cut(path):
    put(path, **{f"s{n}": made() for n in range(60)})
    path.write_bytes(path.read_bytes()[:5000])


def scribbled(path):
    put(path, **{f"s{n}": made() for n in range(60)})
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "cause", "problem"),
    [
        (foreign, DamagedStoreError, "is not a store of sigtdnn; name another file"),
        (text, DamagedStoreError, "is not a store, or a damaged one"),
        (older, StoreVersionError, "store version 1, this sigtdnn reads 3; use the sigtdnn that"),
        (newer, StoreVersionError, "store version 4, this sigtdnn reads 3"),
        (cut, DamagedStoreError, "is not a store, or a damaged one"),
        (scribbled, DamagedStoreError, "is not a store, or a damaged one"),
        (folder, StoreError, "cannot be used"),
    ],
)
@pytest.mark.parametrize("mode", ["read", "change", "create"])
def test_a_file_that_is_no_sound_store_is_refused_and_left_alone(path, spoil, cause, problem, mode):
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(cause, match=problem) as caught, open_store(path, mode) as store:
        list(store.entries())
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_an_empty_file_becomes_a_store_but_is_none_to_read(path):
    # A process killed before its first change leaves one.
    path.touch()
    with pytest.raises(DamagedStoreError, match="is not a store of"), open_store(path, "read"):
        pass
    put(path, anna=made())
    assert signers(path) == ["anna"]


def test_a_store_that_cannot_be_made_is_left_empty(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(module, "VERSION", "(")
        with pytest.raises(StoreError, match="syntax error"):
            put(path, anna=made())
    put(path, anna=made())
    assert signers(path) == ["anna"]


def test_a_store_that_another_process_has_just_made_is_used(filled, monkeypatch):
    is_empty, answers = module._is_empty, [True]  # as it was a moment before

    def seen(connection):
        return answers.pop() if answers else is_empty(connection)

    monkeypatch.setattr(module, "_is_empty", seen)
    put(filled, bob=made())
    assert signers(filled) == ["anna", "bob"]


def test_reading_needs_no_right_to_write(filled, monkeypatch):
    opened = []
    original = module._opened

    def watched(path, access):
        opened.append(access)
        return original(path, access)

    monkeypatch.setattr(module, "_opened", watched)
    filled.chmod(stat.S_IRUSR)
    assert signers(filled) == ["anna"]
    assert opened == ["ro"]


def test_a_reader_cannot_write(filled):
    with (
        pytest.raises(StoreError, match="attempt to write a readonly database"),
        open_store(filled, "read") as store,
        store.changing(),
    ):
        store.put("bob", made())


def test_a_held_store_is_waited_for(filled):
    other = sqlite3.connect(filled, isolation_level=None, check_same_thread=False)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.commit).start()
        put(filled, "change", bob=made())
    assert signers(filled) == ["anna", "bob"]


def test_a_store_that_is_held_for_too_long_is_given_up(filled, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with sqlite(filled) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="another process has been changing it"):
            put(filled, "change", bob=made())


def kill_while_writing(path):
    """A process dies with half of its change in the file: its journal is hot."""
    code = (
        "import os, sys, signal\n"
        "from pathlib import Path\n"
        "from sigtdnn.store.sqlite import open_store\n"
        "from sigtdnn.verification import SignerRecord\n"
        "record = SignerRecord(b'abcd', b'x' * 80, b'x' * 80, b'y' * 256)\n"
        "with open_store(Path(sys.argv[1]), 'change') as store:\n"
        "    store._connection.execute('PRAGMA cache_size = 1')\n"
        "    store._connection.execute('PRAGMA cache_spill = 1')\n"
        "    with store.changing():\n"
        "        for n in range(400):\n"
        "            store.put(f'new {n}', record)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = module.__file__.rsplit("/sigtdnn/", 1)[0]
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)


@pytest.mark.parametrize("mode", ["read", "change"])
def test_half_a_change_of_a_killed_process_is_taken_back(filled, mode):
    before = entry(filled)
    kill_while_writing(filled)
    assert filled.with_name("store.db-journal").stat().st_size > 0
    with open_store(filled, mode) as store:
        assert list(store.entries()) == [before]
    assert not filled.with_name("store.db-journal").exists()

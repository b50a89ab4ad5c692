"""What holds for every store, shown with one in memory."""

from contextlib import nullcontext

import pytest

from sigtdnn.errors import SignerError, SignerNotFoundError
from sigtdnn.store.base import Entry, Store, entries_of, get, require_name
from sigtdnn.verification import SignerRecord


class MemoryStore:
    """The least that the protocol asks for."""

    name = "memory"

    def __init__(self):
        self.records = {}

    def entries(self):
        return (
            Entry(signer, record, "then", "now")
            for (signer, _), record in sorted(self.records.items())
        )

    def of(self, signer):
        return [entry for entry in self.entries() if entry.signer == signer]

    def find(self, signer, model):
        return self.records.get((signer, model))

    def changing(self):
        return nullcontext()

    def put(self, signer, record):
        require_name(signer)
        self.records[signer, record.model] = record

    def delete(self, signer):
        gone = [key for key in self.records if key[0] == signer]
        for key in gone:
            del self.records[key]
        return len(gone)


@pytest.fixture
def store() -> Store:
    made = MemoryStore()
    for model in (b"bbbb", b"aaaa"):
        made.put("anna", SignerRecord(model, b"t", b"t"))
    return made


def test_the_record_of_a_signer_with_a_model(store):
    assert get(store, "anna", b"aaaa") == SignerRecord(b"aaaa", b"t", b"t")


def test_a_signer_enrolled_with_other_models_only_is_told_with_which(store):
    with pytest.raises(SignerNotFoundError) as told:
        get(store, "anna", b"cccc")
    assert str(told.value) == (
        "memory: 'anna' is enrolled with another model, 61616161, 62626262, this one is "
        "63636363; name that model, or enrol with this one"
    )


def test_a_stranger_is_told_with_any_model(store):
    problem = "memory: holds no signer 'bob'; enrol, or list the signers"
    for ask in (lambda: get(store, "bob", b"aaaa"), lambda: entries_of(store, "bob")):
        with pytest.raises(SignerNotFoundError) as told:
            ask()
        assert str(told.value) == problem


def test_the_entries_of_a_signer(store):
    assert [entry.record.model for entry in entries_of(store, "anna")] == [b"aaaa", b"bbbb"]


@pytest.mark.parametrize("name", ["a", "Mr. X", "zoë 2", "x" * 200, "'; DROP TABLE records"])
def test_a_name_may_be_anything_that_can_be_printed(name):
    require_name(name)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "tab\t", "\x00", "\u2028", "\ud800"])
def test_a_name_that_no_list_could_show_is_refused(name):
    with pytest.raises(SignerError, match="is not a valid name; give 1 to 200 printable"):
        require_name(name)

import json
import sqlite3
from contextlib import closing

import pytest

from tests.tools import write_store_1

KEYS = ["signer", "given", "wanted", "consistent", "odd", "protection", "complete"]


@pytest.fixture
def enroll(run, model, store):
    def enroll(*files, signer="anna", model=model, options=()):
        return run("enroll", signer, *files, "--model", model, "--store", store, *options)

    return enroll


def stored(store):
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute("SELECT template, first, pending, given FROM records").fetchone()


def test_six_signatures_complete_an_enrolment(enroll, genuine, store):
    result = enroll(*genuine[:6])
    assert result.exit_code == 0
    assert result.stdout.startswith("anna: 6 signatures, 6 were wanted: complete.")
    assert result.stderr == ""
    template, first, pending, given = stored(store)
    assert (len(template), first, pending, given) == (80, template, None, 6)


def test_json_tells_the_state(enroll, genuine):
    result = enroll(*genuine[:6], options=["--json"])
    table = json.loads(result.stdout)
    assert list(table) == KEYS
    assert (table["signer"], table["given"], table["complete"]) == ("anna", 6, True)


def test_an_enrolment_is_completed_from_time_to_time(enroll, genuine, store):
    states = [
        json.loads(enroll(*files, options=["--json"]).stdout)
        for files in (genuine[:1], genuine[1:3], genuine[3:6])
    ]
    assert [state["given"] for state in states] == [1, 3, 6]
    assert [state["complete"] for state in states] == [False, False, True]
    assert states[0]["consistent"] is None
    template, _, pending, _ = stored(store)
    assert pending is None
    together = store.with_name("together.db")
    enroll(*genuine[:6], options=["--store", together])
    assert stored(together)[0] == template


def test_two_signatures_make_no_template_and_three_do(enroll, genuine, store):
    enroll(*genuine[:2])
    template, first, pending, given = stored(store)
    assert (template, first, given) == (None, None, 2)
    assert len(pending) > 0
    enroll(genuine[2])
    assert len(stored(store)[0]) == 80


def test_a_repeated_signature_counts_once(enroll, genuine):
    for files in (genuine[:2], genuine[:2], [genuine[0], genuine[1], genuine[0]]):
        state = json.loads(enroll(*files, options=["--json"]).stdout)
        assert state["given"] == 2


def test_a_signature_takes_the_place_of_an_odd_one(enroll, genuine, forged):
    state = json.loads(enroll(*genuine[:3], forged, *genuine[3:5], options=["--json"]).stdout)
    assert (state["given"], state["odd"], state["consistent"]) == (6, 3, False)
    result = enroll(genuine[5], options=["--json"])
    state = json.loads(result.stdout)
    assert (state["given"], state["odd"], state["complete"]) == (6, None, True)


def test_fewer_may_be_wanted_but_no_less_than_the_matcher_needs(enroll, genuine):
    assert json.loads(enroll(*genuine[:3], options=["--wanted", 3, "--json"]).stdout)["complete"]
    result = enroll(*genuine[:3], signer="bob", options=["--wanted", 2])
    assert result.exit_code == 2
    assert "2 signatures wanted, enrolment needs at least 3" in result.stderr


def test_who_is_enrolled_is_not_enrolled_again(enroll, genuine, store):
    enroll(*genuine[:6])
    before = stored(store)
    result = enroll(*genuine[6:])
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: 'anna': the signer is enrolled already; use 'verify --update', or delete the "
        "signer to enrol anew\n"
    )
    assert stored(store) == before


def test_another_model_begins_an_enrolment_of_its_own(enroll, genuine, store, model_file, elastic):
    enroll(*genuine[:2])
    for other in (model_file("other", seed=3), elastic):
        state = json.loads(enroll(genuine[2], model=other, options=["--json"]).stdout)
        assert state["given"] == 1
    assert json.loads(enroll(genuine[2], options=["--json"]).stdout)["given"] == 3
    with closing(sqlite3.connect(store)) as connection:
        found = connection.execute("SELECT signer, given FROM records ORDER BY given")
        assert found.fetchall() == [("anna", 1), ("anna", 1), ("anna", 3)]


def test_a_damaged_enrolment_is_named(enroll, genuine, store):
    enroll(*genuine[:2])
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE records SET pending = x'00'")
    result = enroll(genuine[2])
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: 'anna': the pending signatures are damaged")


def test_a_name_that_cannot_be_printed_enrols_nobody(enroll, genuine, store):
    result = enroll(*genuine[:3], signer="an\tna")
    assert result.exit_code == 2
    assert "'an\\tna' is not a valid name" in result.stderr
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read"), ("t,x,y,pen\n1,2,x,1\n", "line 2")],
    ids=["absent", "broken"],
)
def test_a_bad_file_enrols_nobody(enroll, genuine, store, tmp_path, content, problem):
    if content is not None:
        (tmp_path / "bad.csv").write_text(content)
    result = enroll(*genuine[:5], tmp_path / "bad.csv")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert not store.exists()


def test_a_signature_without_size_enrols_nobody_and_its_file_is_named(enroll, genuine, store, flat):
    result = enroll(*genuine[:2], flat, genuine[3])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {flat}: y does not vary")
    assert result.stderr.count("\n") == 1
    assert not store.exists()


def test_a_store_of_version_1_is_refused(enroll, genuine, store):
    write_store_1(store)
    before = store.read_bytes()
    result = enroll(*genuine[:6])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: {store}: store version 1, this sigtdnn reads 3; use the sigtdnn that made it, or "
        "enrol anew into another file\n"
    )
    assert store.read_bytes() == before

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from cli.verify import NO_UPDATE
from sigtdnn.models.file import load_model
from sigtdnn.store.sqlite import open_store
from tests.tools import HEAVY, ROOT, write_store_1

KEYS = ["signer", "file", "raw", "log_odds", "score", "threshold", "accepted", "reason", "where"]


@pytest.fixture
def verify(run, model, enrolled):
    def verify(file, *options, signer="anna", model=model, store=enrolled):
        return run("verify", signer, file, "--model", model, "--store", store, *options)

    return verify


def record(store):
    with open_store(store, "read") as opened:
        (entry,) = opened.of("anna")
        return entry.record


def test_a_genuine_is_accepted_with_status_0(verify, genuine):
    result = verify(genuine[7])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"anna, {genuine[7]}: accepted, score ")
    assert result.stderr == ""


def test_a_forgery_is_rejected_with_status_1_and_a_reason(verify, forged):
    result = verify(forged)
    assert result.exit_code == 1
    assert "REJECTED" in result.stdout
    assert "furthest from habit: " in result.stdout
    assert result.stderr == ""


def test_json_keys(verify, genuine, forged):
    accepted, rejected = (json.loads(verify(f, "--json").stdout) for f in (genuine[7], forged))
    assert list(accepted) == list(rejected) == KEYS
    assert (accepted["signer"], accepted["file"]) == ("anna", str(genuine[7]))
    assert accepted["accepted"] is True
    assert accepted["reason"] is None
    assert accepted["threshold"] == 0.5
    assert accepted["score"] >= 0.5 > rejected["score"]
    assert accepted["raw"] > rejected["raw"]
    assert accepted["log_odds"] > rejected["log_odds"]
    assert rejected["accepted"] is False
    assert rejected["reason"] in ("shape", "rhythm", "pen-up movement", "direction")


def test_the_threshold_may_be_given(verify, genuine, forged):
    assert verify(forged, "--threshold", 0).exit_code == 0
    result = verify(genuine[7], "--threshold", 1, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["threshold"] == 1


def test_a_score_on_the_threshold_is_accepted(verify, genuine):
    score = json.loads(verify(genuine[7], "--json").stdout)["score"]
    assert verify(genuine[7], "--threshold", repr(score)).exit_code == 0


def test_the_threshold_may_be_chosen_by_far(verify, genuine):
    # By the model's calibration: 20 % of random forgeries reach a raw number of -20, 5 % of skilled
    # ones 0.8033 deviates of 10 more than 0.
    for options, raw in (
        (("--far-random", 0.2), -20),
        (("--far", 0.05), 8.033),
        (("--far", 0.05, "--far-random", 0.2), 8.033),
    ):
        result = verify(genuine[7], *options, "--json")
        found = json.loads(result.stdout)["threshold"]
        assert found == pytest.approx(1 / (1 + np.exp(-raw / 10)), rel=1e-4)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--threshold", "0.5", "--far", "0.1"), "--threshold excludes --far"),
        (("--threshold", "0.5", "--far-random", "0.1"), "--threshold excludes --far"),
        (("--threshold", "1.5"), "'--threshold': 1.5 is not in the range"),
        (("--far", "0"), "'--far': 0.0 is not in the range"),
        (("--far", "1"), "'--far': 1.0 is not in the range"),
        (("--far", "0.001"), "cannot tell a false acceptance rate below 0.05"),
        (("--far-random", "0.001"), "cannot tell a false acceptance rate below 0.01"),
        (("--threshold", "nan"), "--threshold is not a number"),
    ],
)
def test_an_impossible_threshold_is_an_error(verify, genuine, options, told):
    result = verify(genuine[7], *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert told in result.stderr


def test_without_update_the_store_is_only_read(verify, genuine, enrolled, monkeypatch):
    before = enrolled.read_bytes()
    modes = []
    # To root, who may write everywhere, the rights of the file would say nothing.
    monkeypatch.setattr(
        "cli.verify.open_store", lambda path, mode: modes.append(mode) or open_store(path, mode)
    )
    assert verify(genuine[7]).exit_code == 0
    assert modes == ["read"]
    assert enrolled.read_bytes() == before


def test_update_learns_from_an_accepted_signature(verify, genuine, enrolled):
    before = record(enrolled)
    result = verify(genuine[7], "--update", "--json")
    assert result.exit_code == 0
    assert list(json.loads(result.stdout)) == KEYS
    assert result.stderr == "The template was updated.\n"
    after = record(enrolled)
    assert after.updates == 1
    assert after.template != before.template
    assert after.first == before.first


def test_update_learns_nothing_from_a_rejected_signature(verify, forged, enrolled):
    before = enrolled.read_bytes()
    result = verify(forged, "--update")
    assert result.exit_code == 1
    assert result.stderr == NO_UPDATE + "\n"
    assert enrolled.read_bytes() == before


def test_an_unfinished_enrolment_is_verified_but_not_updated(run, model, store, genuine):
    where = ("--model", model, "--store", store)
    run("enroll", "anna", *genuine[:3], *where)
    result = run("verify", "anna", genuine[7], *where, "--update", "--threshold", 0)
    assert result.exit_code == 0
    assert result.stderr == NO_UPDATE + "\n"
    assert record(store).updates == 0


def test_too_few_signatures_are_an_error(run, model, store, genuine):
    where = ("--model", model, "--store", store)
    run("enroll", "anna", *genuine[:2], *where)
    result = run("verify", "anna", genuine[7], *where)
    assert result.exit_code == 2
    assert result.stderr == ("Error: 'anna': 2 signature(s), verification needs 3; enrol more\n")


def test_a_stranger_is_an_error(verify, genuine):
    result = verify(genuine[7], signer="bob")
    assert result.exit_code == 2
    assert "holds no signer 'bob'" in result.stderr


def test_a_signer_enrolled_with_another_model_is_an_error(verify, genuine, model_file):
    result = verify(genuine[7], model=model_file("other", seed=4))
    assert result.exit_code == 2
    assert "'anna' is enrolled with another model" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_template_of_another_model_is_an_error(verify, genuine, enrolled, model_file, run):
    other = model_file("other", seed=4)
    run("enroll", "anna", *genuine[:6], "--model", other, "--store", enrolled)
    with closing(sqlite3.connect(enrolled)) as connection, connection:
        ours = load_model(other).id
        connection.execute(
            "UPDATE records SET template = (SELECT template FROM records WHERE model <> ?)",
            (ours,),
        )
    result = verify(genuine[7], model=other)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: 'anna': template of another model")


@pytest.mark.parametrize("column", ["template", "habits"])
def test_damaged_bytes_are_an_error_that_names_the_signer(verify, forged, enrolled, column):
    with closing(sqlite3.connect(enrolled)) as connection, connection:
        connection.execute(f"UPDATE records SET {column} = x'01060123'")
    result = verify(forged)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: 'anna': ")
    assert result.stderr.count("\n") == 1


def test_a_questioned_file_without_size_is_named(verify, flat):
    for options in ((), ("--update",)):
        result = verify(flat, *options)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {flat}: y does not vary")
        assert result.stderr.count("\n") == 1


def test_a_signer_enrolled_with_two_models_is_verified_with_both(
    verify, run, genuine, forged, enrolled, elastic
):
    where = ("--model", elastic, "--store", enrolled)
    assert run("enroll", "anna", *genuine[:6], *where).exit_code == 0
    answers = []
    for model in ({}, {"model": elastic}):
        accepted = verify(genuine[7], "--json", **model)
        rejected = verify(forged, "--json", **model)
        assert (accepted.exit_code, rejected.exit_code) == (0, 1)
        assert list(json.loads(accepted.stdout)) == list(json.loads(rejected.stdout)) == KEYS
        answers.append(json.loads(accepted.stdout)["raw"])
    assert answers[0] != answers[1]
    # One of them learns, and the other stays as it is.
    assert verify(genuine[7], "--update").stderr == "The template was updated.\n"
    assert json.loads(verify(genuine[7], "--json", model=elastic).stdout)["raw"] == answers[1]
    assert verify(genuine[7], "--update", model=elastic).stderr == "The template was updated.\n"


def test_a_store_of_version_1_is_refused(verify, genuine, store):
    store.unlink()
    write_store_1(store)
    for options in ((), ("--update",)):
        result = verify(genuine[7], *options)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == (
            f"Error: {store}: store version 1, this sigtdnn reads 3; use the sigtdnn that made "
            "it, or enrol anew into another file\n"
        )


@pytest.mark.parametrize("missing", ["file", "model", "store"])
def test_what_is_not_there_is_an_error(verify, genuine, tmp_path, missing):
    absent = tmp_path / "absent"
    arguments = {"model": absent} if missing == "model" else {}
    arguments |= {"store": absent} if missing == "store" else {}
    result = verify(absent if missing == "file" else genuine[7], **arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {absent}: ")
    assert result.stderr.count("\n") == 1


def real(*words):
    """The command in a process of its own, which then tells the heavy modules it has loaded."""
    code = (
        "import sys\n"
        "from cli.main import cli\n"
        "try:\n"
        "    cli()\n"
        "finally:\n"
        f"    print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        input="",
        check=False,
    )


def test_the_commands_load_nothing_heavy(genuine, forged, model, store):
    where = ("--model", model, "--store", store)
    statuses = [
        real(*words)
        for words in (
            ("enroll", "anna", *genuine[:6], *where),
            ("verify", "anna", genuine[7], *where),
            ("verify", "anna", genuine[7], *where, "--update"),
            ("verify", "anna", forged, *where, "--json"),
            ("identify", genuine[7], *where),
            ("score", "--model", model, "-r", genuine[0], "-r", genuine[1], forged),
            ("score", "--model", model, "--trials", "-"),
            ("signers", "list", "--store", store),
            ("signers", "show", "anna", "--store", store),
            ("signers", "export", "anna", "--store", store),
            ("signers", "delete", "anna", "--store", store),
        )
    ]
    assert [result.stderr.splitlines()[-1] for result in statuses] == ["[]"] * len(statuses)
    assert [result.returncode for result in statuses] == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]

"""Eight processes at once, one of them killed at random, 100 times."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from sigtdnn.matching.packing import unpack
from sigtdnn.models.file import load_model
from sigtdnn.store.sqlite import open_store
from tests.tools import ROOT

KILLS = 100
UPDATED = "The template was updated."


@pytest.fixture
def log(run, model, store, genuine, tmp_path):
    """The acknowledged lines of many processes, most of them killed."""
    run("enroll", "shared", *genuine[:6], "--model", model, "--store", store)
    words = map(str, (tmp_path, model, store, KILLS, 1))
    subprocess.run(
        [sys.executable, str(ROOT / "tests" / "cli" / "crash.py"), *words],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    # A line without its end was being printed: nobody has read it.
    return (tmp_path / "log").read_text().rpartition("\n")[0].split("\n")


def test_nothing_acknowledged_is_lost_and_nothing_half_written(log, store, model):
    assert [line for line in log if "FAILED" in line or "Error" in line] == []
    told = [json.loads(line) for line in log if line.startswith("{") and line.endswith("}")]
    given: dict[str, int] = {}
    for line in told:
        if "given" in line:
            given[line["signer"]] = max(given.get(line["signer"], 0), line["given"])
    deleted = {line["signer"] for line in told if "deleted" in line}
    updates = sum(UPDATED in line for line in log)
    # The test would be empty otherwise.
    assert len(given) > 2
    assert updates > 2

    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with open_store(store, "read") as opened:
        records = {entry.signer: entry.record for entry in opened.entries()}
    made = load_model(model)
    for record in records.values():
        assert record.given in (3, 6)
        assert record.complete == (record.given == 6)
        assert unpack(made.matcher, record.template, made.id).count >= record.given
    # A process that deletes may die before it can say so: every third signer is in doubt.
    lost = {signer for signer in given if signer not in records} - deleted
    assert [signer for signer in lost if int(signer.rpartition("-")[2]) % 3 != 2] == []
    assert all(records[s].given >= n for s, n in given.items() if s in records)
    assert not deleted & set(records)
    # An update may have been made by a process that died before it could say so.
    assert updates <= records["shared"].updates <= updates + KILLS + 8
    assert records["shared"].first != records["shared"].template

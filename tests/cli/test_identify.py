import json
import sqlite3
from contextlib import closing

import pytest

from sigtdnn.models.file import load_model
from sigtdnn.store.sqlite import SqliteStore, open_store
from tests.artificial import write_signature
from tests.tools import write_store_1

KEYS = ["signer", "raw", "log_odds", "score"]


@pytest.fixture
def full(run, model, enrolled, tmp_path):
    """The store with two more signers: bob writes slowly, zoë shakes."""
    for signer, noise, pace in (("bob", 0.02, 3.0), ("zoë", 0.4, 1.0)):
        files = [
            write_signature(tmp_path / f"{signer}{n}.csv", 50 + n, noise, pace) for n in range(6)
        ]
        words = ("enroll", signer, *files, "--model", model, "--store", enrolled)
        assert run(*words).exit_code == 0
    return enrolled


@pytest.fixture
def identify(run, model, full):
    def identify(file, *options, model=model, store=full):
        return run("identify", file, "--model", model, "--store", store, *options)

    return identify


def test_table_has_rank_signer_and_score(identify, genuine):
    result = identify(genuine[7])
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(identify(genuine[7], "--json").stdout)
    assert result.stdout.splitlines() == [
        "rank  signer  score",
        *(
            f"{rank:4}  {row['signer']:6}  {row['score']:.4f}"
            for rank, row in enumerate(found, 1)
        ),
    ]  # fmt: skip
    assert len(found) == 3
    assert found[0]["signer"] == "anna"


@pytest.mark.parametrize("signer", ["bob", "zoë"])
def test_the_writer_comes_first(identify, tmp_path, signer):
    (first, *_) = json.loads(identify(tmp_path / f"{signer}0.csv", "--json").stdout)
    assert first["signer"] == signer


def test_json_has_the_scores_of_verify_best_first(identify, run, genuine, model, full):
    found = json.loads(identify(genuine[7], "--json").stdout)
    assert [list(row) for row in found] == [KEYS] * 3
    assert [row["raw"] for row in found] == sorted((row["raw"] for row in found), reverse=True)
    for row in found:
        words = ("verify", row["signer"], genuine[7], "--model", model, "--store", full, "--json")
        verified = json.loads(run(*words).stdout)
        for key in KEYS[1:]:
            assert row[key] == pytest.approx(verified[key])


def test_k_limits_how_many_are_named(identify, genuine):
    every = json.loads(identify(genuine[7], "--json").stdout)
    assert json.loads(identify(genuine[7], "--json", "-k", 2).stdout) == every[:2]
    assert json.loads(identify(genuine[7], "--json", "-k", 50).stdout) == every
    assert identify(genuine[7], "-k", 1).stdout.count("\n") == 2
    assert identify(genuine[7], "-k", 0).exit_code == 2


def test_the_store_is_only_read_and_only_once(identify, genuine, full, monkeypatch):
    before = full.read_bytes()
    modes, asked = [], []
    select = SqliteStore._select
    monkeypatch.setattr(
        "cli.identify.open_store", lambda path, mode: modes.append(mode) or open_store(path, mode)
    )
    monkeypatch.setattr(
        SqliteStore, "_select", lambda *words: asked.append(words[1:]) or select(*words)
    )
    assert identify(genuine[7]).exit_code == 0
    assert modes == ["read"]
    assert asked == [("ORDER BY signer, model",)]
    assert full.read_bytes() == before


def test_only_templates_of_the_model_are_compared(identify, run, genuine, full, model, elastic):
    where = ("--model", elastic, "--store", full)
    for signer, count in (("anna", 6), ("carl", 4), ("dora", 2)):
        assert run("enroll", signer, *genuine[:count], *where).exit_code == 0
    run("enroll", "eve", *genuine[:2], "--model", model, "--store", full)
    ours = json.loads(identify(genuine[7], "--json").stdout)
    assert {row["signer"] for row in ours} == {"anna", "bob", "zoë"}
    theirs = json.loads(identify(genuine[7], "--json", model=elastic).stdout)
    assert {row["signer"] for row in theirs} == {"anna", "carl", "dora"}


def test_a_model_with_which_nobody_is_enrolled_is_an_error(identify, genuine, full, elastic):
    result = identify(genuine[7], model=elastic)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: {full}: holds no template of this model, {load_model(elastic).id.hex()}; enrol "
        "signers with this model, or name another\n"
    )


def test_a_damaged_template_is_named_by_its_signer(identify, genuine, full):
    with closing(sqlite3.connect(full)) as connection, connection:
        connection.execute("UPDATE records SET template = x'01' WHERE signer = 'bob'")
    result = identify(genuine[7])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: 'bob': a template of 1 bytes")


def test_a_file_without_size_is_named(identify, flat):
    result = identify(flat)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {flat}: y does not vary")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("missing", ["file", "model", "store"])
def test_what_is_not_there_is_an_error(identify, genuine, tmp_path, missing):
    absent = tmp_path / "absent"
    settings = {missing: absent} if missing != "file" else {}
    result = identify(absent if missing == "file" else genuine[7], **settings)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {absent}: ")
    assert result.stderr.count("\n") == 1
    assert not absent.exists()


def test_a_store_of_version_1_is_refused(identify, genuine, tmp_path):
    store = tmp_path / "old.db"
    write_store_1(store)
    result = identify(genuine[7], store=store)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {store}: store version 1, this sigtdnn reads 3; ")
    assert result.stderr.count("\n") == 1

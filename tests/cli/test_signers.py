import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sigtdnn.store.sqlite import open_store

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def signers(run, enrolled):
    def signers(*words, store=enrolled, **settings):
        return run("signers", *words, "--store", store, **settings)

    return signers


def test_list(signers, run, model, enrolled, genuine):
    run("enroll", "bob", *genuine[:2], "--model", model, "--store", enrolled)
    assert signers("list").stdout == (
        "anna: 6 signatures, 0 updates\nbob: 2 signatures, 0 updates, enrolment unfinished\n"
    )
    table = json.loads(signers("list", "--json").stdout)
    assert [row["signer"] for row in table] == ["anna", "bob"]
    assert [row["complete"] for row in table] == [True, False]


def test_show(signers):
    result = signers("show", "anna")
    assert result.exit_code == 0
    assert result.stdout.startswith("anna: 6 signatures, 0 updates\n  enrolled 20")
    assert "bytes: template 80, first 80, profile" in result.stdout
    facts = json.loads(signers("show", "anna", "--json").stdout)
    assert list(facts) == [
        "signer", "given", "updates", "complete", "model", "enrolled", "changed", "bytes",
    ]  # fmt: skip
    assert facts["bytes"]["template"] == 80
    assert 0 < facts["bytes"]["profile"] <= 256
    assert facts["bytes"]["vectors"] == 0


def test_export_prints_80_bytes_as_base64(signers, enrolled):
    text = signers("export", "anna").stdout
    with open_store(enrolled, "read") as store:
        assert base64.b64decode(text, validate=False) == store.get("anna").template
    assert len(base64.b64decode(text)) == 80
    table = json.loads(signers("export", "anna", "--json").stdout)
    assert table == {"signer": "anna", "template": text.strip()}


@pytest.mark.parametrize("by_file", [True, False])
def test_what_is_exported_can_be_imported_elsewhere(
    signers, run, model, genuine, forged, tmp_path, by_file
):
    text = signers("export", "anna").stdout
    (tmp_path / "anna.txt").write_text(text)
    other = tmp_path / "other.db"
    words = ("anna 2", tmp_path / "anna.txt") if by_file else ("anna 2",)
    result = signers("import", *words, store=other, input=None if by_file else text)
    assert result.exit_code == 0
    assert result.stdout == "anna 2: imported\n"
    assert signers("export", "anna 2", store=other).stdout == text
    where = ("--model", model, "--store", other, "--json")
    assert run("verify", "anna 2", genuine[7], *where).exit_code == 0
    rejected = run("verify", "anna 2", forged, *where)
    assert rejected.exit_code == 1
    assert json.loads(rejected.stdout)["reason"] is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a template has 80 bytes, not 0"),
        ("no base64!", "is not base64"),
        (base64.b64encode(b"\x01" * 79).decode(), "a template has 80 bytes, not 79"),
        (base64.b64encode(b"\x07" * 80).decode(), "template of format version 7"),
        (base64.b64encode(b"\x01\x00".ljust(80, b"\0")).decode(), "template of 0 signature(s)"),
        ("A" * 5000, "a template has 80 bytes, not 3072"),
        ("é", "is not base64"),
    ],
    ids=["empty", "text", "short", "version", "count", "long", "accent"],
)
def test_what_is_no_template_is_not_imported(signers, tmp_path, text, problem):
    result = signers("import", "bob", input=text)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert problem in result.stderr
    assert signers("show", "bob").exit_code == 2


def test_a_signer_is_not_overwritten_by_an_import(signers):
    text = signers("export", "anna").stdout
    result = signers("import", "anna", input=text)
    assert result.exit_code == 2
    assert "'anna' is there already" in result.stderr


def test_an_unfinished_enrolment_has_nothing_to_export(signers, run, model, enrolled, genuine):
    run("enroll", "bob", *genuine[:2], "--model", model, "--store", enrolled)
    result = signers("export", "bob")
    assert result.exit_code == 2
    assert "'bob' has no template yet" in result.stderr


def test_a_deleted_signer_leaves_no_byte(signers, enrolled, run, model, genuine):
    with open_store(enrolled, "read") as store:
        entry = store.get("anna")
    run("enroll", "bob", *genuine[3:6], "--model", model, "--store", enrolled)
    result = signers("delete", "anna")
    assert result.stdout == "anna: deleted\n"
    data = enrolled.read_bytes()
    for blob in (entry.template, entry.first, entry.profile, b"anna"):
        # The head of a template is the same for everybody of one model.
        assert blob[-64:-8] not in data or blob == b"anna"
    assert b"anna" not in data
    assert signers("delete", "anna").exit_code == 2
    assert json.loads(signers("delete", "bob", "--json").stdout) == {
        "signer": "bob",
        "deleted": True,
    }


@pytest.mark.parametrize("word", ["list", "show", "export", "delete"])
def test_an_absent_store_is_an_error_and_not_made(signers, tmp_path, word):
    name = () if word == "list" else ("anna",)
    result = signers(word, *name, store=tmp_path / "absent.db")
    assert result.exit_code == 2
    assert "there is no such store" in result.stderr
    assert not (tmp_path / "absent.db").exists()


@pytest.mark.parametrize("command", ["enroll", "verify", "score", "signers"])
def test_help_has_an_example(run, command):
    result = run(command, "-h")
    assert result.exit_code == 0
    assert f"Example: sigtdnn {command}" in result.stdout


@pytest.mark.parametrize("command", ["list", "show", "export", "import", "delete"])
def test_help_of_each_has_an_example(run, command):
    result = run("signers", command, "-h")
    assert result.exit_code == 0
    assert f"Example: sigtdnn signers {command}" in result.stdout


def test_the_group_is_listed_with_the_others():
    found = subprocess.run(
        [sys.executable, "-c", "from cli.main import COMMANDS; print(*COMMANDS)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {"enroll", "verify", "score", "signers"} <= set(found.stdout.split())

import base64
import json
from dataclasses import replace

import pytest

from sigtdnn.matching.elastic import Elastic
from sigtdnn.models.file import load_model, save_model
from sigtdnn.store.sqlite import open_store
from tests.tools import write_store_1


@pytest.fixture
def mark(model):
    return load_model(model).id.hex()


@pytest.fixture
def signers(run, enrolled):
    def signers(*words, store=enrolled, **settings):
        return run("signers", *words, "--store", store, **settings)

    return signers


@pytest.fixture
def twice(run, enrolled, elastic, genuine):
    """The store, with anna enrolled with another model, too."""
    words = ("enroll", "anna", *genuine[:4], "--model", elastic, "--store", enrolled)
    assert run(*words, "--wanted", 4).exit_code == 0
    return enrolled


def test_list(signers, run, model, enrolled, genuine, mark):
    run("enroll", "bob", *genuine[:2], "--model", model, "--store", enrolled)
    assert signers("list").stdout == (
        f"anna: 6 signatures, 0 updates, model {mark}\n"
        f"bob: 2 signatures, 0 updates, model {mark}, enrolment unfinished\n"
    )
    table = json.loads(signers("list", "--json").stdout)
    assert [row["signer"] for row in table] == ["anna", "bob"]
    assert [row["complete"] for row in table] == [True, False]


def test_list_tells_every_model_of_a_signer(signers, twice, elastic, mark):
    other = load_model(elastic).id.hex()
    wanted = sorted([(mark, 6), (other, 4)])
    assert signers("list").stdout == "".join(
        f"anna: {given} signatures, 0 updates, model {model}\n" for model, given in wanted
    )
    rows = json.loads(signers("list", "--json").stdout)
    assert [(row["model"], row["given"]) for row in rows] == wanted


def test_show(signers, mark):
    result = signers("show", "anna")
    assert result.exit_code == 0
    first = f"anna: 6 signatures, 0 updates, model {mark}\n  enrolled 20"
    assert result.stdout.startswith(first)
    assert "bytes: template 80, first 80, habits 130, learnt 0, pending 0\n" in result.stdout
    facts = json.loads(signers("show", "anna", "--json").stdout)
    assert list(facts) == [
        "signer", "given", "updates", "complete", "model", "enrolled", "changed", "bytes",
    ]  # fmt: skip
    assert facts["model"] == mark
    assert facts["bytes"] == {"template": 80, "first": 80, "habits": 130, "learnt": 0, "pending": 0}


def test_show_and_export_print_a_line_for_each_model(signers, twice):
    with open_store(twice, "read") as store:
        records = [entry.record for entry in store.of("anna")]
    assert len(records) == 2
    shown = [json.loads(line) for line in signers("show", "anna", "--json").stdout.splitlines()]
    assert [facts["model"] for facts in shown] == [record.model.hex() for record in records]
    assert [facts["bytes"]["template"] for facts in shown] == [len(r.template) for r in records]
    assert signers("show", "anna").stdout.count("anna: ") == 2
    templates = [base64.b64encode(record.template).decode() for record in records]
    assert signers("export", "anna").stdout.splitlines() == templates
    lines = signers("export", "anna", "--json").stdout.splitlines()
    assert list(map(json.loads, lines)) == [{"signer": "anna", "template": t} for t in templates]


def test_all_models_of_a_signer_are_exported_and_imported_at_once(
    signers, run, twice, model, elastic, genuine, tmp_path
):
    text = signers("export", "anna").stdout
    other = tmp_path / "other.db"
    assert signers("import", "anna", store=other, input=text).stdout == "anna: imported\n"
    assert signers("export", "anna", store=other).stdout == text
    for one in (model, elastic):
        words = ("verify", "anna", genuine[7], "--model", one, "--store", other)
        assert run(*words).exit_code == 0


def test_an_import_is_made_whole_or_not_at_all(signers, run, twice, model, genuine, tmp_path):
    text = signers("export", "anna").stdout
    other = tmp_path / "other.db"
    run("enroll", "anna", *genuine[:3], "--model", model, "--store", other)
    result = signers("import", "anna", store=other, input=text)
    assert result.exit_code == 2
    assert "'anna' already exists; delete the signer first" in result.stderr
    assert len(signers("list", store=other).stdout.splitlines()) == 1


def test_what_is_begun_is_not_exported_beside_what_is_there(
    signers, run, enrolled, model, genuine, tmp_path
):
    known = load_model(model)
    encoder = replace(known.encoder, scales=2 * known.encoder.scales)
    save_model(replace(known, encoder=encoder), tmp_path / "other.safetensors")
    other = ("--model", tmp_path / "other.safetensors", "--store", enrolled)
    assert run("enroll", "anna", *genuine[:2], *other).exit_code == 0
    assert len(signers("list").stdout.splitlines()) == 2
    assert len(base64.b64decode(signers("export", "anna").stdout)) == 80


def test_delete_removes_a_signer_with_every_model(signers, twice):
    with open_store(twice, "read") as store:
        blobs = [entry.record.template for entry in store.of("anna")]
    assert signers("delete", "anna").stdout == "anna: deleted\n"
    assert json.loads(signers("list", "--json").stdout) == []
    data = twice.read_bytes()
    assert not any(blob[-64:-8] in data for blob in blobs)
    assert b"anna" not in data


def test_export_prints_80_bytes_as_base64(signers, enrolled):
    text = signers("export", "anna").stdout
    with open_store(enrolled, "read") as store:
        (entry,) = store.of("anna")
    assert base64.b64decode(text, validate=False) == entry.record.template
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


def encoded(data):
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no template"),
        ("AQI=", "a template of 2 bytes"),
        ("base64!", "is not base64"),
        (encoded(b"\x01" * 79), "template of 1 signature(s), at least 2 make one"),
        (encoded(b"\x01\x06" + b"\x01" * 77), "has 74 bytes behind its head, not 73"),
        (encoded(b"\x07" * 80), "template of format 7"),
        (encoded(b"\x01\x00".ljust(80, b"\0")), "template of no signature"),
        (
            encoded(bytes([Elastic.code, 2]).ljust(80, b"\0")),
            "template with impossible numbers",
        ),
        ("A" * 5000, "template of format 0"),
        ("A" * (1 << 24) + "A", "is over 16777216 bytes"),
        ("é", "is not base64"),
    ],
    ids=[
        "empty",
        "head",
        "text",
        "one",
        "short",
        "format",
        "count",
        "elastic",
        "long",
        "endless",
        "accent",
    ],
)
def test_what_is_no_template_is_not_imported(signers, tmp_path, text, problem):
    result = signers("import", "bob", input=text)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: standard input: ")
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert signers("show", "bob").exit_code == 2


def test_a_file_that_holds_no_template_is_named(signers, tmp_path):
    file = tmp_path / "bob.txt"
    file.write_text(encoded(b"\x01" * 80))
    result = signers("import", "bob", file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {file}: template of 1 signature(s)")
    result = signers("import", "bob", tmp_path / "absent.txt")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path / 'absent.txt'}: No such file or directory\n"


def test_a_signer_is_not_overwritten_by_an_import(signers):
    text = signers("export", "anna").stdout
    result = signers("import", "anna", input=text)
    assert result.exit_code == 2
    assert "'anna' already exists" in result.stderr


def test_an_unfinished_enrolment_has_nothing_to_export(signers, run, model, enrolled, genuine):
    run("enroll", "bob", *genuine[:2], "--model", model, "--store", enrolled)
    result = signers("export", "bob")
    assert result.exit_code == 2
    assert "'bob' has no template yet" in result.stderr


def test_a_deleted_signer_leaves_no_byte(signers, enrolled, run, model, genuine):
    with open_store(enrolled, "read") as store:
        (entry,) = store.of("anna")
    run("enroll", "bob", *genuine[3:6], "--model", model, "--store", enrolled)
    result = signers("delete", "anna")
    assert result.stdout == "anna: deleted\n"
    data = enrolled.read_bytes()
    for blob in (entry.record.template, entry.record.first, entry.record.habits):
        # The head of a template is the same for everybody of one model.
        assert blob[-64:-8] not in data
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


@pytest.mark.parametrize("word", ["list", "show", "export", "import", "delete"])
def test_a_store_of_version_1_is_refused(signers, tmp_path, word):
    template = signers("export", "anna").stdout
    store = tmp_path / "old.db"
    write_store_1(store)
    before = store.read_bytes()
    name = () if word == "list" else ("anna",)
    result = signers(word, *name, store=store, input=template)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {store}: store version 1, this sigtdnn reads 3; ")
    assert result.stderr.count("\n") == 1
    assert store.read_bytes() == before


@pytest.mark.parametrize("command", ["list", "show", "export", "import", "delete"])
def test_help_of_each_has_an_example(run, command):
    result = run("signers", command, "-h")
    assert result.exit_code == 0
    assert f"Example: sigtdnn signers {command}" in result.stdout

"""`sigtdnn signers`: who is in a store; and their templates, out of it and into it."""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

import click

from sigtdnn.errors import SignerError, SignerExistsError, TemplateError, about
from sigtdnn.store.base import Entry, entries_of
from sigtdnn.store.sqlite import open_store
from sigtdnn.verification.record import SignerRecord

from .options import json_option, store_option

MAX_BYTES = 1 << 24  # of exported templates, to read
EXPORTED = "give what 'sigtdnn signers export' printed"


@click.group(
    "signers",
    epilog="Example: sigtdnn signers export anna --store signers.db > anna.txt",
)
def command() -> None:
    """List, show, export, import and delete the signers of a store."""


@command.command("list", epilog="Example: sigtdnn signers list --store signers.db")
@store_option
@json_option
def list_signers(store: Path, as_json: bool) -> None:
    """List all signers by name, and by model."""
    with open_store(store, "read") as opened:
        entries = list(opened.entries())
    if as_json:
        click.echo(json.dumps([_facts(entry) for entry in entries]))
    else:
        for entry in entries:
            click.echo(_line(entry))


@command.command("show", epilog="Example: sigtdnn signers show anna --store signers.db")
@click.argument("signer")
@store_option
@json_option
def show(signer: str, store: Path, as_json: bool) -> None:
    """Show counts, dates and bytes of SIGNER, for each model."""
    with open_store(store, "read") as opened:
        entries = entries_of(opened, signer)
    if as_json:
        for entry in entries:
            click.echo(json.dumps(_facts(entry)))
        return
    for entry in entries:
        facts = _facts(entry)
        stored = ", ".join(f"{name} {size}" for name, size in facts["bytes"].items())
        click.echo(
            f"{_line(entry)}\n  enrolled {entry.enrolled}, changed {entry.changed}\n"
            f"  bytes: {stored}"
        )


@command.command("export", epilog="Example: sigtdnn signers export anna --store signers.db")
@click.argument("signer")
@store_option
@json_option
def export(signer: str, store: Path, as_json: bool) -> None:
    """Print the template of SIGNER as base64, a line for each model."""
    with open_store(store, "read") as opened:
        records = [entry.record for entry in entries_of(opened, signer)]
    templates = [record.template for record in records if record.template is not None]
    if not templates:
        raise SignerError(f"{store}: '{signer}' has no template yet", "enrol more signatures")
    for template in templates:
        text = base64.b64encode(template).decode("ascii")
        click.echo(json.dumps({"signer": signer, "template": text}) if as_json else text)


@command.command("import", epilog="Example: sigtdnn signers import anna anna.txt --store other.db")
@click.argument("signer")
@click.argument("file", default="-")
@store_option
@json_option
def import_signer(signer: str, file: str, store: Path, as_json: bool) -> None:
    """Put exported templates into the store, as SIGNER.

    FILE holds what 'sigtdnn signers export' printed; without it, standard input does. Habits are
    not exported, so that rejections of an imported signer have no reason.
    """
    with click.open_file(file, "rb") as opened_file:
        text = opened_file.read(MAX_BYTES + 1)
    with about("standard input" if file == "-" else file, TemplateError):
        records = _exported(text)
    with open_store(store, "create") as opened, opened.changing():
        for record in records:
            if opened.find(signer, record.model) is not None:
                raise SignerExistsError(
                    f"{store}: '{signer}' already exists", "delete the signer first"
                )
            opened.put(signer, record)
    _done(signer, "imported", as_json)


@command.command("delete", epilog="Example: sigtdnn signers delete anna --store signers.db")
@click.argument("signer")
@store_option
@json_option
def delete(signer: str, store: Path, as_json: bool) -> None:
    """Delete SIGNER for good, with every model.

    The bytes in the file are overwritten.
    """
    with open_store(store, "change") as opened, opened.changing():
        entries_of(opened, signer)
        opened.delete(signer)
    _done(signer, "deleted", as_json)


def _exported(text: bytes) -> list[SignerRecord]:
    """The records of templates in base64, a line each."""
    if len(text) > MAX_BYTES:
        raise TemplateError(f"is over {MAX_BYTES} bytes", EXPORTED)
    try:
        templates = [base64.b64decode(line, validate=True) for line in text.split()]
    except binascii.Error as error:
        raise TemplateError(f"is not base64 ({error})", EXPORTED) from error
    if not templates:
        raise TemplateError("holds no template", EXPORTED)
    return [SignerRecord.imported(template) for template in templates]


def _facts(entry: Entry) -> dict[str, Any]:
    """What may be said of a signer; the keys are a promise to scripts."""
    record = entry.record
    kept = ("template", "first", "habits", "learnt", "pending")
    return {
        "signer": entry.signer,
        "given": record.given,
        "updates": record.updates,
        "complete": record.complete,
        "model": record.model.hex(),
        "enrolled": entry.enrolled,
        "changed": entry.changed,
        "bytes": {name: len(getattr(record, name) or b"") for name in kept},
    }


def _line(entry: Entry) -> str:
    record = entry.record
    state = "" if record.complete else ", enrolment unfinished"
    return (
        f"{entry.signer}: {record.given} signatures, {record.updates} updates, "
        f"model {record.model.hex()}{state}"
    )


def _done(signer: str, what: str, as_json: bool) -> None:
    click.echo(json.dumps({"signer": signer, what: True}) if as_json else f"{signer}: {what}")

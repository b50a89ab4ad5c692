"""`sigtdnn signers`: who is in a store; out of it, into it and gone from it."""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

import click

from sigtdnn.errors import StoreError
from sigtdnn.store.sqlite import Entry, open_store
from sigtdnn.verification.registry import import_template

from .options import json_option, store_option


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
    """List all signers, by name."""
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
    """Show what is kept of SIGNER: counts, dates and bytes."""
    with open_store(store, "read") as opened:
        entry = opened.get(signer)
    facts = _facts(entry)
    if as_json:
        click.echo(json.dumps(facts))
        return
    stored = ", ".join(f"{name} {size}" for name, size in facts["bytes"].items())
    click.echo(
        f"{_line(entry)}\n  enrolled {entry.enrolled}, changed {entry.changed}\n"
        f"  model {facts['model']}\n  bytes: {stored}"
    )


@command.command("export", epilog="Example: sigtdnn signers export anna --store signers.db")
@click.argument("signer")
@store_option
@json_option
def export(signer: str, store: Path, as_json: bool) -> None:
    """Print the template of SIGNER: 80 bytes, as base64."""
    with open_store(store, "read") as opened:
        entry = opened.get(signer)
    if entry.template is None:
        raise StoreError(f"{store}: '{signer}' has no template yet; enrol more signatures")
    text = base64.b64encode(entry.template).decode("ascii")
    click.echo(json.dumps({"signer": signer, "template": text}) if as_json else text)


@command.command("import", epilog="Example: sigtdnn signers import anna anna.txt --store other.db")
@click.argument("signer")
@click.argument("file", type=click.File("rb"), default="-")
@store_option
@json_option
def import_signer(signer: str, file: Any, store: Path, as_json: bool) -> None:
    """Put an exported template into the store, as SIGNER.

    FILE holds the 80 bytes as base64; without it, standard input does. With a bare template a
    rejection has no reason.
    """
    text = file.read(_MAX_BYTES)
    try:
        template = base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise StoreError(
            f"{file.name}: is not base64 ({error}); give what 'signers export' printed"
        ) from error
    with open_store(store, "create") as opened:
        entry = import_template(opened, signer, template)
    _done(entry.signer, "imported", as_json)


@command.command("delete", epilog="Example: sigtdnn signers delete anna --store signers.db")
@click.argument("signer")
@store_option
@json_option
def delete(signer: str, store: Path, as_json: bool) -> None:
    """Delete SIGNER for good: the bytes in the file are overwritten."""
    with open_store(store, "change") as opened, opened.changing():
        opened.delete(signer)
    _done(signer, "deleted", as_json)


# Bytes of base64 that are read: a template has 108.
_MAX_BYTES = 4096


def _facts(entry: Entry) -> dict[str, Any]:
    """What may be said of a signer; the keys are a promise to scripts."""
    kept = {"template": entry.template, "first": entry.first}
    kept |= {"profile": entry.profile, "vectors": entry.vectors}
    return {
        "signer": entry.signer,
        "given": entry.given,
        "updates": entry.updates,
        "complete": entry.complete,
        "model": entry.model.hex(),
        "enrolled": entry.enrolled,
        "changed": entry.changed,
        "bytes": {name: len(blob or b"") for name, blob in kept.items()},
    }


def _line(entry: Entry) -> str:
    state = "" if entry.complete else ", enrolment unfinished"
    return f"{entry.signer}: {entry.given} signatures, {entry.updates} updates{state}"


def _done(signer: str, what: str, as_json: bool) -> None:
    click.echo(json.dumps({"signer": signer, what: True}) if as_json else f"{signer}: {what}")

"""`sigtdnn verify`: is this signature by whom it claims?"""

import json
from contextlib import ExitStack
from pathlib import Path

import click

from sigtdnn.errors import PreprocessingError, SignerError, TemplateError, about
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.store.base import get
from sigtdnn.store.sqlite import open_store
from sigtdnn.verification.verifier import Verifier

from .options import (
    chosen_threshold,
    json_option,
    model_option,
    reader,
    reading_options,
    store_option,
    threshold_options,
)
from .verdicts import sentence

NO_UPDATE = (
    "No update: only what is accepted with confidence is learnt, once, by a complete enrolment."
)


@click.command(
    "verify",
    epilog="Example: sigtdnn verify anna questioned.txt --store signers.db --far 0.05",
)
@click.argument("signer")
@click.argument("file", type=click.Path(path_type=Path))
@model_option
@store_option
@threshold_options
@click.option(
    "--update", "updating", is_flag=True,
    help="Let a signature that is accepted with confidence improve the template.",
)  # fmt: skip
@reading_options
@json_option
@click.pass_context
def command(
    context: click.Context,
    signer: str,
    file: Path,
    model: str,
    store: Path,
    threshold: float | None,
    far: float | None,
    far_random: float | None,
    updating: bool,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Verify that the signature in FILE is by SIGNER, who is enrolled in the store.

    Ends with status 0 when the signature is accepted and 1 when it is rejected. The store is
    only read, unless --update is given. The reason for a rejection is what is furthest from the
    signer's habit: shape, rhythm, pen-up movement, direction or pressure, and where along the
    signature, if the model tells; or that the file is the recording of a reference, replayed.
    --update learns from no recording twice, and within bounds around the first enrolment.
    """
    verifier = Verifier.load(model)
    limit = chosen_threshold(verifier, threshold, far, far_random)
    signature = reader(options)(file)
    learnt = False
    with ExitStack() as stack:
        opened = stack.enter_context(open_store(store, "change" if updating else "read"))
        if updating:
            # What is learnt from must not change in between.
            stack.enter_context(opened.changing())
        record = get(opened, signer, verifier.model.id)
        stack.enter_context(about(f"'{signer}'", SignerError, TemplateError))
        stack.enter_context(about(file, PreprocessingError))
        verdict = verifier.verify(record, signature, limit(verifier.references(record)))
        if updating and verdict.accepted:
            updated = verifier.update(record, signature)
            learnt = updated is not record
            if learnt:
                opened.put(signer, updated)
    if as_json:
        click.echo(json.dumps({"signer": signer, "file": str(file), **verdict.as_dict()}))
    else:
        click.echo(f"{signer}, {file}: {sentence(verdict)}")
    if updating:
        click.echo("The template was updated." if learnt else NO_UPDATE, err=True)
    context.exit(0 if verdict.accepted else 1)

"""`sigtdnn enroll`: makes or completes a signer's template."""

import json
from pathlib import Path

import click

from sigtdnn.errors import EnrolmentError, SignerError, TemplateError, about
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.store.sqlite import open_store
from sigtdnn.verification.enrolment import WANTED
from sigtdnn.verification.verifier import Verifier

from .options import json_option, model_option, reader, reading_options, store_option


@click.command(
    "enroll",
    epilog="Example: sigtdnn enroll anna anna-1.txt anna-2.txt anna-3.txt --store signers.db",
)
@click.argument("signer")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@model_option
@store_option
@click.option(
    "--wanted", metavar="N", type=click.IntRange(min=1), default=WANTED,
    show_default=True,
    help="Signatures that complete the enrolment.",
)  # fmt: skip
@reading_options
@json_option
def command(
    signer: str,
    files: tuple[Path, ...],
    model: str,
    store: Path,
    wanted: int,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Enrol SIGNER with the signatures in FILES, all genuine.

    Give them at once or from time to time. One makes a template to verify against, with the
    paper's networks three; with as many as wanted the enrolment is complete. Prints whether the
    signatures agree with one another, which one is odd and, if the model tells, how hard they are
    to forge. A new signature takes the place of an odd one. Signatures of different people are
    refused. Strokes are not kept.
    """
    verifier = Verifier.load(model)
    signatures = verifier.read(files, reader(options))
    with open_store(store, "create") as opened, opened.changing():
        there = opened.find(signer, verifier.model.id)
        with about(f"'{signer}'", EnrolmentError, SignerError, TemplateError):
            record, state = verifier.enroll(signatures, there, wanted)
        opened.put(signer, record)
    click.echo(
        json.dumps({"signer": signer, **state.as_dict()}) if as_json else f"{signer}: {state.words}"
    )

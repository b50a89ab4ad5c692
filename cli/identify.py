"""`sigtdnn identify`: whose signature is this?"""

import json
from dataclasses import asdict
from pathlib import Path

import click

from sigtdnn.errors import PreprocessingError, SignerNotFoundError, about
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.store.sqlite import open_store
from sigtdnn.verification.verdict import Score
from sigtdnn.verification.verifier import Verifier

from .options import json_option, model_option, reader, reading_options, store_option


@click.command(
    "identify",
    epilog="Example: sigtdnn identify questioned.txt --store signers.db -k 3",
)
@click.argument("file", type=click.Path(path_type=Path))
@model_option
@store_option
@click.option(
    "-k", "count", metavar="N", type=click.IntRange(min=1), default=5, show_default=True,
    help="How many signers to name.",
)  # fmt: skip
@reading_options
@json_option
def command(
    file: Path, model: str, store: Path, count: int, options: ReadingOptions, as_json: bool
) -> None:
    """Name the signers in the store who most likely wrote the signature in FILE, best first.

    FILE is compared with all who are enrolled with the model; among more than a hundred, the
    elastic matcher compares with those who are most alike at a quick look. Each score is the one
    that 'sigtdnn verify' gives. Somebody always comes first, even when nobody in the store wrote
    it.
    """
    verifier = Verifier.load(model)
    signature = reader(options)(file)
    with open_store(store, "read") as opened:
        records = {
            entry.signer: entry.record
            for entry in opened.entries()
            if entry.record.model == verifier.model.id
        }
    with about(file, PreprocessingError):
        found = verifier.identify(signature, records, count)
    if not found:
        raise SignerNotFoundError(
            f"{store}: holds no template of this model, {verifier.model.id.hex()}",
            "enrol signers with this model, or name another",
        )
    if as_json:
        click.echo(json.dumps([{"signer": name, **asdict(score)} for name, score in found]))
    else:
        click.echo(_table(found))


def _table(found: list[tuple[str, Score]]) -> str:
    """Rank, signer and score, aligned."""
    width = max(len(name) for name in ("signer", *dict(found)))
    lines = [f"rank  {'signer'.ljust(width)}  score"]
    for rank, (name, score) in enumerate(found, 1):
        lines.append(f"{rank:4}  {name.ljust(width)}  {score.score:.4f}")
    return "\n".join(lines)

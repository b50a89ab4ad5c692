"""`sigtdnn preprocess`: stroke files and folders in, a corpus folder out."""

import json
from pathlib import Path

import click

from sigtdnn.corpus.build import Build, build_folder
from sigtdnn.corpus.folder import REJECTED
from sigtdnn.corpus.identity import Kind
from sigtdnn.formats import FORMATS

from .progress import progress

# More than these would hide the summary; all are in the folder.
MAX_ERRORS_SHOWN = 10


@click.command(
    "preprocess",
    epilog="Example: sigtdnn preprocess svc2004/Task2 -o corpus/svc2004-task2",
)
@click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o", "output", metavar="CORPUS", required=True, type=click.Path(path_type=Path),
    help="The folder to make; it must be absent or empty.",
)  # fmt: skip
@click.option(
    "--format", "format", type=click.Choice(list(FORMATS)),
    help="Read every file as this format, instead of recognising it.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True,
    help="Processes to read with; more pay from some thousand files.",
)  # fmt: skip
@click.option("--keep-going", is_flag=True, help="End with status 0 even if files are rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.pass_context
def command(
    context: click.Context,
    inputs: tuple[Path, ...],
    output: Path,
    format: str | None,
    jobs: int,
    keep_going: bool,
    as_json: bool,
) -> None:
    """Read stroke files, and all files below folders, into a corpus.

    The corpus folder holds the recordings and who signed what. Who signed is known for the
    public data sets; for other files a recordings.csv beside them tells, with the columns
    file, signer and kind (genuine or skilled). Files that are rejected are listed in
    rejected.csv with the error, and those that are no stroke files in skipped.csv.
    """
    with progress("Reading") as advance:
        build = build_folder(inputs, output, format=format, jobs=jobs, progress=advance)
    for _, error in build.rejected[:MAX_ERRORS_SHOWN]:
        click.echo(f"Rejected: {error}", err=True)
    if len(build.rejected) > MAX_ERRORS_SHOWN:
        click.echo(f"All {len(build.rejected)} rejected files: {output / REJECTED}", err=True)
    counts: dict[str, int | str] = {"corpus": str(output), **_counts(build)}
    click.echo(json.dumps(counts) if as_json else _summary(counts))
    if build.rejected and not keep_going:
        context.exit(2)


def _counts(build: Build) -> dict[str, int]:
    recordings = build.corpus.recordings
    kinds = recordings["kind"].value_counts()
    return {
        "recordings": len(recordings),
        "signers": len(set(recordings["signer"]) - {""}),
        "genuine": int(kinds.get(Kind.GENUINE, 0)),
        "skilled": int(kinds.get(Kind.SKILLED, 0)),
        "unlabelled": int(kinds.get(Kind.UNKNOWN, 0)),
        "repaired": int((recordings["repaired"] > 0).sum()),
        "rejected": len(build.rejected),
        "skipped": len(build.skipped),
    }


def _summary(counts: dict[str, int | str]) -> str:
    return (
        "{corpus}: {recordings} recordings of {signers} signers ({genuine} genuine, {skilled} "
        "skilled forgeries, {unlabelled} unlabelled); time stamps repaired in {repaired}; "
        "{rejected} files rejected, {skipped} skipped"
    ).format_map(counts)

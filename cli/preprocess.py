"""`sigtdnn preprocess`: stroke files and folders in, a corpus folder out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigtdnn.extras import needs
from sigtdnn.formats.options import ReadingOptions

from .options import json_option, reading_options
from .progress import progress

if TYPE_CHECKING:
    from sigtdnn.corpus.build import Build

# More than these would hide the summary; all are in the folder.
MAX_ERRORS_SHOWN = 10
NOBODY = (
    "Nobody is labelled: no name is known, so that nothing can be trained or tested; say who "
    "signed in a recordings.csv beside the files (data/README.md)"
)


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
    "--jobs", metavar="N", type=click.IntRange(min=1), default=1, show_default=True,
    help="Processes that read; more than one pays from some thousand files.",
)  # fmt: skip
@click.option("--keep-going", is_flag=True, help="End with status 0 although files are rejected.")
@reading_options
@json_option
@click.pass_context
@needs("evaluate")
def command(
    context: click.Context,
    inputs: tuple[Path, ...],
    output: Path,
    jobs: int,
    keep_going: bool,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Read stroke files, and all files below folders, into a corpus.

    The corpus folder keeps the recordings, and who signed what. In the public data sets the
    names of the files tell who; for other files a recordings.csv beside them does, with the
    columns file, signer and kind (genuine or skilled). rejected.csv lists the files that cannot
    be used, each with its error; skipped.csv those that are no stroke files. Ends with status 2
    if files are rejected.
    """
    from sigtdnn.corpus.build import build_folder
    from sigtdnn.corpus.folder import REJECTED

    with progress("Reading") as advance:
        build = build_folder(inputs, output, options=options, jobs=jobs, progress=advance)
    for _, error in build.rejected[:MAX_ERRORS_SHOWN]:
        click.echo(f"Rejected: {error}", err=True)
    if len(build.rejected) > MAX_ERRORS_SHOWN:
        click.echo(f"All {len(build.rejected)} rejected files: {output / REJECTED}", err=True)
    counts: dict[str, int | str] = {"corpus": str(output), **_counts(build)}
    click.echo(json.dumps(counts) if as_json else _summary(counts))
    if not counts["signers"]:
        click.echo(NOBODY, err=True)
    if build.rejected and not keep_going:
        context.exit(2)


def _counts(build: "Build") -> dict[str, int]:
    from sigtdnn.corpus.identity import Kind

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

"""`sigtdnn preprocess`: stroke files and folders in, a corpus folder out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sigtdnn.extras import needs
from sigtdnn.formats.options import ReadingOptions

from .options import json_option, reading_options
from .progress import progress

if TYPE_CHECKING:
    from sigtdnn.corpus.build import Build

# More than these would hide the summary; all are in the folder.
MAX_LINES_SHOWN = 10
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
@click.option(
    "--duplicates", type=click.Choice(["refuse", "first"]), default="refuse", show_default=True,
    help="Of recordings with equal strokes, or of one signer, session and number, take the first.",
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
    duplicates: Literal["refuse", "first"],
    keep_going: bool,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Read stroke files, and all files below folders, into a corpus.

    The corpus folder keeps the recordings, and who signed what. In the public data sets the
    names of the files tell who; for other files a recordings.csv beside them does, with the
    columns file, signer and kind (genuine or skilled). rejected.csv lists the files that cannot
    be used, each with its error; skipped.csv those that are no stroke files; notes.csv what was
    tolerated or mended. Ends with status 2 if files are rejected.
    """
    from sigtdnn.corpus.build import build_folder
    from sigtdnn.corpus.folder import NOTES, REJECTED

    with progress("Reading") as advance:
        build = build_folder(
            inputs, output, options=options, duplicates=duplicates, jobs=jobs, progress=advance
        )
    _list("Rejected", [error for _, error in build.rejected], output / REJECTED)
    _list("Note", [f"{file}: {note}" for file, note in build.notes], output / NOTES)
    for warning in build.summary.warnings:
        click.echo(f"Warning: {warning}", err=True)
    facts = {"corpus": str(output), **_facts(build)}
    click.echo(json.dumps(facts) if as_json else _words(facts))
    if build.rejected and not keep_going:
        context.exit(2)


def _list(what: str, lines: list[str], path: Path) -> None:
    """Prints the first lines, and where the others are."""
    for line in lines[:MAX_LINES_SHOWN]:
        click.echo(f"{what}: {line}", err=True)
    if len(lines) > MAX_LINES_SHOWN:
        click.echo(f"All {len(lines)}: {path}", err=True)


def _facts(build: "Build") -> dict[str, Any]:
    from sigtdnn.corpus.identity import Kind

    summary = build.summary
    return {
        "recordings": summary.kinds.total(),
        "signers": len(summary.signers),
        "genuine": summary.kinds[Kind.GENUINE],
        "skilled": summary.kinds[Kind.SKILLED],
        "unlabelled": summary.kinds[Kind.UNKNOWN],
        "repaired": summary.repaired,
        "rejected": len(build.rejected),
        "skipped": len(build.skipped),
        "noted": len({file for file, _ in build.notes}),
        "pressure": summary.pressure,
        "air": summary.air,
        "duration": _quartiles(summary.durations),
        "rate": _quartiles(summary.rates),
        "warnings": summary.warnings,
    }


def _quartiles(values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("q1", "median", "q3"), values, strict=True))


def _words(facts: dict[str, Any]) -> str:
    return (
        "{corpus}: {recordings} recordings of {signers} signers ({genuine} genuine, {skilled} "
        "skilled forgeries, {unlabelled} unlabelled); time stamps repaired in {repaired}; "
        "{rejected} files rejected, {skipped} skipped\n"
        "Half take {duration[q1]:.2f} to {duration[q3]:.2f} s, the median {duration[median]:.2f}; "
        "{rate[q1]:.3g} to {rate[q3]:.3g} samples a second; {pressure} with pressure, {air} with "
        "the pen followed in the air"
    ).format_map(facts)

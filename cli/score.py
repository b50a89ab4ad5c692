"""`sigtdnn score`: questioned signatures against references, without a store."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from sigtdnn.errors import FormatError, SigtdnnError
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.verification.scorer import Scorer
from sigtdnn.verification.stream import BadLine, Trial, stream_trials
from sigtdnn.verification.verifier import Verifier

from .options import (
    chosen_threshold,
    json_option,
    model_option,
    reader,
    reading_options,
    threshold_options,
)
from .verdicts import Lines


@click.command(
    "score",
    epilog="Example: sigtdnn score -r anna-1.txt -r anna-2.txt -r anna-3.txt questioned.txt",
)
@click.argument("questioned", metavar="[QUESTIONED]...", nargs=-1)
@model_option
@click.option(
    "-r", "references", metavar="FILE", multiple=True,
    help="A genuine signature to compare with. Repeat it for each; six are best.",
)  # fmt: skip
@click.option(
    "--trials", metavar="FILE",
    help="Take questioned files and their references from the lines of FILE, or from standard "
    "input ('-').",
)  # fmt: skip
@threshold_options
@reading_options
@json_option
@click.pass_context
def command(
    context: click.Context,
    questioned: tuple[str, ...],
    model: str,
    references: tuple[str, ...],
    trials: str | None,
    threshold: float | None,
    far: float | None,
    far_random: float | None,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Score QUESTIONED signatures against references, one line each, as CSV or JSON lines.

    Trials are JSON lines such as {"file": "q.txt", "references": ["a.txt", "b.txt"]}; or CSV with
    the columns file and references, the references separated by ';'; or the trials.csv of
    'sigtdnn evaluate', with the columns draw, signer, role and file, the references of a signer
    before what is questioned. File names are relative to the working directory. Each line is
    answered as soon as it has come. One that cannot be scored is answered with an error, and the
    rest goes on.

    References that differ as those of different people do are refused.

    Ends with status 0 when all are accepted, 1 when one is rejected and 2 when one could not be
    scored.
    """
    if (trials is None) != bool(questioned) or (trials is None) != bool(references):
        raise click.UsageError("Give references (-r) and questioned files, or --trials FILE.")
    verifier = Verifier.load(model)
    scorer = Scorer(
        verifier, chosen_threshold(verifier, threshold, far, far_random), reader(options)
    )
    if trials is None:
        scorer.prepare(references)
        rejected, failed = _answer(
            (Trial(file, references) for file in questioned), scorer, as_json
        )
    else:
        with _opened(trials) as stream:
            name = "standard input" if trials == "-" else trials
            rejected, failed = _answer(stream_trials(stream, name), scorer, as_json)
    if failed:
        click.echo(f"Error: {failed} could not be scored; see their lines.", err=True)
    context.exit(2 if failed else 1 if rejected else 0)


def _answer(trials: Iterator[Trial | BadLine], scorer: Scorer, as_json: bool) -> tuple[int, int]:
    """Prints the answers; how many are rejections, and how many errors."""
    lines = Lines(as_json=as_json)
    rejected = failed = 0
    for trial in trials:
        if isinstance(trial, BadLine):
            failed += 1
            lines.error(None, trial.error)
            continue
        try:
            verdict = scorer.judge(trial)
        except SigtdnnError as error:
            failed += 1
            lines.error(trial.file, error)
        else:
            rejected += not verdict.accepted
            lines.verdict(trial.file, verdict)
    return rejected, failed


@contextmanager
def _opened(trials: str) -> Iterator[BinaryIO]:
    if trials == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(trials).open("rb"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            problem = f"cannot be read ({reason})"
            raise FormatError(trials, None, problem, "give a file of trials") from error
        yield file

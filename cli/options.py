"""Options that several commands share, as decorators."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sigtdnn.formats import FORMATS
from sigtdnn.models.pretrained import DEFAULT, NAMES

if TYPE_CHECKING:
    from sigtdnn.verification.scorer import Threshold
    from sigtdnn.verification.verifier import Verifier

F = TypeVar("F", bound=Callable[..., Any])


def model_option(function: F) -> F:
    """`--model M`, as `model`: what `load_model` finds."""
    return click.option(
        "--model", metavar="M", default=DEFAULT, show_default=True,
        help=f"One of those that ship, {' and '.join(NAMES)}; a model file; or a run folder of "
        "'sigtdnn train'.",
    )(function)  # fmt: skip


def format_option(function: F) -> F:
    """`--format NAME`, as `format`: that of every file."""
    return click.option(
        "--format", "format", type=click.Choice(list(FORMATS)),
        help="Read every file as this format. By default each is recognised.",
    )(function)  # fmt: skip


def store_option(function: F) -> F:
    """`--store S`, as `store`: a path."""
    return click.option(
        "--store", metavar="S", required=True, type=click.Path(path_type=Path),
        help="The file that keeps the signers' templates.",
    )(function)  # fmt: skip


def json_option(function: F) -> F:
    """`--json`, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def threshold_options(function: F) -> F:
    """`--threshold P`, `--far F` and `--far-random F`, by those names; see `chosen_threshold`."""
    share = click.FloatRange(0, 1, min_open=True, max_open=True)
    function = click.option(
        "--far-random", metavar="F", type=share,
        help="Accept this share of random forgeries, signatures of other people who imitate "
        "nobody. With --far, the stricter of the two is kept.",
    )(function)  # fmt: skip
    function = click.option(
        "--far", metavar="F", type=share,
        help="Accept this share of skilled forgeries (false acceptance rate), as measured on the "
        "model's validation signers.",
    )(function)  # fmt: skip
    return click.option(
        "--threshold", metavar="P", type=click.FloatRange(0, 1),
        help="Accept from this score on. By default the one that detects 80 % of the forgeries of "
        "the model's validation signers.",
    )(function)  # fmt: skip


def chosen_threshold(
    verifier: "Verifier", threshold: float | None, far: float | None, far_random: float | None
) -> "Threshold":
    """The threshold on the score, by the number of references.

    Raises UsageError when it is both given and to be chosen, or no number; ThresholdError for a
    share too small to be measured.
    """
    if threshold is None:
        verifier.threshold(far, far_random)
        return lambda references: verifier.threshold(far, far_random, references=references)
    if far is not None or far_random is not None:
        raise click.UsageError("--threshold excludes --far and --far-random; give one.")
    if math.isnan(threshold):
        raise click.UsageError("--threshold is not a number; give one from 0 to 1.")
    return lambda _: threshold

"""Options that several commands share, as decorators."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def model_option(function: F) -> F:
    """`--model M`, as `model`: a path."""
    return click.option(
        "--model", metavar="M", required=True, type=click.Path(path_type=Path),
        help="A model file, or a run folder of 'sigtdnn train'.",
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
    """`--threshold P` and `--far F`, as `threshold` and `far`; see `check_threshold`."""
    function = click.option(
        "--far", metavar="F", type=click.FloatRange(0, 1, min_open=True, max_open=True),
        help="Accept at most this share of forgeries (false acceptance rate), as measured on the "
        "model's validation signers.",
    )(function)  # fmt: skip
    return click.option(
        "--threshold", metavar="P", type=click.FloatRange(0, 1),
        help="Accept from this score on. By default the one that detects 80 % of the forgeries of "
        "the model's validation signers.",
    )(function)  # fmt: skip


def check_threshold(threshold: float | None, far: float | None) -> None:
    """Raises UsageError when the threshold is both given and to be chosen, or no number."""
    if threshold is not None and far is not None:
        raise click.UsageError("--threshold and --far exclude each other; give one.")
    if threshold is not None and math.isnan(threshold):
        raise click.UsageError("--threshold is not a number; give one from 0 to 1.")

"""Options that several commands share, as decorators."""

import math
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sigtdnn.formats import FORMATS, ReadingOptions, read_signature
from sigtdnn.formats.options import TIME_UNITS, Columns, read_options
from sigtdnn.models.pretrained import DEFAULT, NAMES
from sigtdnn.signature import Signature
from sigtdnn.tables import settings_from, table_from

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


def reading_options(function: F) -> F:
    """What readers of stroke files are told, as `options`: a `ReadingOptions`."""

    @wraps(function)
    def command(*args: Any, table: Path | None, **values: Any) -> Any:
        told = {name: values.pop(name) for name in _READING}
        return function(*args, options=_told(table, told), **values)

    for option in reversed(_READING.values()):
        command = option(command)
    return cast("F", _TABLE(command))


def reader(options: ReadingOptions) -> Callable[[Path | str], Signature]:
    """What reads the signature in a file, or on standard input ('-'), and says what was mended."""

    def read(file: Path | str) -> Signature:
        signature = read_signature(sys.stdin.buffer if str(file) == "-" else file, options)
        for note in signature.notes:
            click.echo(f"{file}: {note}", err=True)
        return signature

    return read


def _columns(_: click.Context, __: click.Parameter, text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [pair.partition("=") for pair in text.split(",")]
    columns = {name.strip().lower(): column.strip() for name, _, column in pairs}
    if not all(columns.values()) or len(columns) < len(pairs):
        raise click.BadParameter(f"{text!r} is not like t=time,x=1,y=2")
    return columns


def _values(_: click.Context, __: click.Parameter, text: str | None) -> list[str] | None:
    return None if text is None else [value.strip() for value in text.split(",")]


def _separator(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    return {"tab": "\t", "blank": " "}.get(text or "", text)


def _told(table: Path | None, told: dict[str, Any]) -> ReadingOptions:
    """The options in the file `table`, and before them those that are told one by one."""
    common = {} if table is None else table_from(read_options(table))
    given = {
        name: value for name, value in told.items() if value is not None and value is not False
    }
    if "columns" in given:
        given["columns"] = {**common.get("columns", {}), **given["columns"]}
    return settings_from(ReadingOptions, {**common, **given}, "options")


_TABLE = click.option(
    "--table", metavar="FILE.toml", type=click.Path(path_type=Path),
    help="Take what follows from a TOML file; its keys are these options, with '_' for '-'.",
)  # fmt: skip
# By the field of `ReadingOptions`.
_READING = {
    "format": click.option(
        "--format", "format", type=click.Choice(list(FORMATS)),
        help="Read stroke files as this format. By default each is recognised.",
    ),
    "time_unit": click.option(
        "--time-unit", type=click.Choice(list(TIME_UNITS)),
        help="The unit of time stamps, where it is not the usual one of the format.",
    ),
    "rate": click.option(
        "--rate", metavar="HZ", type=float,
        help="Samples a second, evenly spaced, for files without time stamps or with wrong ones.",
    ),
    "y": click.option(
        "--y", type=click.Choice(["up", "down"]),
        help="Where y grows, if not as is usual in the format.",
    ),
    "pressure_range": click.option(
        "--pressure-range", metavar="N", type=int,
        help="What the tablet reports at full pressure.",
    ),
    "columns": click.option(
        "--columns", metavar="t=NAME,...", callback=_columns,
        help="Read a table, and take these columns, by name or by number from 1: "
        f"{', '.join(vars(Columns()))}. Others are ignored.",
    ),
    "separator": click.option(
        "--separator", metavar="C", callback=_separator,
        help="What separates the columns of a table: a character, or 'tab' or 'blank'.",
    ),
    "comment": click.option(
        "--comment", metavar="MARK", help="What a line of comment in a table begins with.",
    ),
    "decimal_comma": click.option(
        "--decimal-comma", is_flag=True, help="Numbers in a table have a decimal comma.",
    ),
    "pen_from_pressure": click.option(
        "--pen-from-pressure", is_flag=True,
        help="The pen is on the surface where there is pressure; the table need not tell it.",
    ),
    "down": click.option(
        "--down", metavar="VALUE,...", callback=_values,
        help="Values in the column 'pen' of a table that set the pen down.",
    ),
    "up": click.option(
        "--up", metavar="VALUE,...", callback=_values, help="Values there that lift it.",
    ),
}  # fmt: skip

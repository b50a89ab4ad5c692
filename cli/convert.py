"""`sigtdnn convert`: stroke files of one format to another."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import click

from sigtdnn.corpus.scan import find_files
from sigtdnn.errors import ConfigurationError, FormatError, NotStrokesError, SigtdnnError
from sigtdnn.formats import FORMATS, ReadingOptions, read_parts, write_signatures
from sigtdnn.formats.source import load
from sigtdnn.formats.writing import WRITTEN
from sigtdnn.signature import Signature

from .options import json_option, reading_options
from .progress import progress

_NUMBER = re.compile(r"#\d+$")
STANDARD_INPUT = Path("-")

Part = tuple[str, Signature | FormatError]


@dataclass(frozen=True)
class Input:
    """A file to convert."""

    path: Path
    target: Path
    # Whether the target is a file, and several are this one with numbers; else it has no ending.
    numbered: bool


@click.command(
    "convert", epilog="Example: sigtdnn convert tablet.svc ann/ -o json --to signature_pad"
)
@click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o", "output", metavar="OUT", required=True, type=click.Path(path_type=Path),
    help="The file to write; or a folder, if there are several inputs, a folder among them, or "
    "there is one of that name. Older files are replaced.",
)  # fmt: skip
@click.option(
    "--to", required=True, type=click.Choice(WRITTEN), help="The format to write.",
)  # fmt: skip
@reading_options
@json_option
@click.pass_context
def command(
    context: click.Context,
    inputs: tuple[Path, ...],
    output: Path,
    to: str,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Write stroke files, and all files below folders, in another format.

    Prints the files that are written; what the format has no place for, such as tilt, is said on
    standard error. In a folder, files keep their names but for the ending. Several signatures of
    a file stay together where the format holds several, else each becomes a file with a number.
    A file that cannot be converted is reported, and the rest goes on: the status is 2 then.
    """
    whole = len(inputs) > 1 or inputs[0].is_dir() or output.is_dir()
    if whole and STANDARD_INPUT in inputs:
        raise click.UsageError("Standard input ('-') is converted alone, and to a file.")
    files = _below(inputs, output) if whole else [Input(inputs[0], output, numbered=True)]
    report = Report(as_json=as_json)
    writer = Writer(to, {one.path.resolve() for one in files})
    with progress("Converting") as advance:
        for done, one in enumerate(files, start=1):
            try:
                parts = _read(one.path, options)
            except NotStrokesError as error:
                if not whole or one.path in inputs:
                    report.failed(str(one.path), error)
            except FormatError as error:
                report.failed(str(one.path), error)
            else:
                for part, found in parts:
                    if isinstance(found, FormatError):
                        report.failed(f"{one.path}{part}", found)
                for part, target, signatures in _targets(one, parts, to):
                    name = f"{one.path}{part}"
                    try:
                        report.written(name, target, writer.write(target, signatures))
                    except SigtdnnError as error:
                        report.failed(name, error)
            advance(done, len(files))
    report.end()
    context.exit(2 if report.failures else 0)


class Writer:
    """Writes files of one format, none twice and none over an input."""

    def __init__(self, format: str, inputs: set[Path]) -> None:
        self._format = format
        self._taken = dict.fromkeys(inputs, "an input")

    def write(self, target: Path, signatures: Sequence[Signature]) -> list[str]:
        """What is lost. Raises SigtdnnError when the target or the signatures cannot be used."""
        where = target.resolve()
        if where in self._taken:
            raise ConfigurationError(
                f"{target}: is {self._taken[where]}", "convert it to another folder"
            )
        lost = write_signatures(target, signatures, self._format)
        self._taken[where] = "written already, from a file of the same name"
        return lost


class Report:
    """What is said of each file as it is done, and of all in the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._lost: list[list[str]] = []
        self.failures = 0

    def written(self, name: str, target: Path, lost: list[str]) -> None:
        """A file that was written, without what is lost."""
        self._lost.append(lost)
        if self._as_json:
            click.echo(json.dumps({"file": name, "written": str(target), "lost": lost}))
        else:
            click.echo(target)

    def failed(self, name: str, error: SigtdnnError) -> None:
        """A file that could not be converted."""
        self.failures += 1
        if self._as_json:
            click.echo(json.dumps({"file": name, "error": str(error)}))
        else:
            click.echo(f"Error: {error}", err=True)

    def end(self) -> None:
        """What is lost in all; and whether there was anything to convert."""
        if not self._lost and not self.failures:
            self.failures += 1
            click.echo("Error: no stroke files among the inputs; give stroke files", err=True)
        if len(self._lost) == 1:
            told = self._lost[0]
        else:
            # How much of it is lost differs, and would hide what.
            kinds = Counter(loss.partition(" (")[0] for one in self._lost for loss in one)
            told = [f"{kind} ({count} files)" for kind, count in kinds.items()]
        if told and not self._as_json:
            click.echo(f"Lost: {', '.join(told)}", err=True)


def _below(inputs: Sequence[Path], folder: Path) -> list[Input]:
    """The files at and below the inputs."""
    files, _ = find_files(inputs)
    return [Input(file.path, folder / _stem(file.name), numbered=False) for file in files]


def _stem(name: str) -> str:
    """A name without the ending of its format, and without that of gzip behind it."""
    path = PurePosixPath(name)
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    return str(path.with_suffix(""))


def _read(path: Path, options: ReadingOptions) -> Sequence[Part]:
    return read_parts(load(sys.stdin.buffer if path == STANDARD_INPUT else path), options)


def _targets(
    one: Input, parts: Sequence[Part], format: str
) -> Iterator[tuple[str, Path, list[Signature]]]:
    """The files to write of one that was read: of what part, where, and what.

    Signatures of a file stay together where the format holds several.
    """
    groups: dict[str, list[Signature]] = {}
    for part, found in parts:
        if not isinstance(found, FormatError):
            key = _NUMBER.sub("", part) if FORMATS[format].several else part
            groups.setdefault(key, []).append(found)
    for number, (part, signatures) in enumerate(groups.items(), start=1):
        target = one.target
        if not one.numbered:
            inner, mark, place = part.partition("#")
            stem = f"{target}{_stem(inner) if inner else ''}"
            target = Path(f"{stem}{'-' if mark else ''}{place}{FORMATS[format].ending}")
        elif len(groups) > 1:
            target = target.with_name(f"{target.stem}-{number}{target.suffix}")
        yield part, target, signatures

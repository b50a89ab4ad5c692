"""`sigtdnn show`: a signature, or two, as a picture; or a corpus as a page."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from sigtdnn.drawing.encode import FORMATS
from sigtdnn.drawing.picture import comparison_picture, signature_picture
from sigtdnn.errors import ConfigurationError
from sigtdnn.extras import needs
from sigtdnn.files import replacing
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.matching.difference import Difference
from sigtdnn.verification.verifier import Verifier

from .options import json_option, model_option, reader, reading_options
from .verdicts import place


@click.command("show", epilog="Example: sigtdnn show anna-1.txt questioned.txt -o both.svg")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("other", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o", "picture", metavar="PICTURE", type=click.Path(path_type=Path, dir_okay=False),
    help=f"The picture to write, in the format of its ending: {', '.join(FORMATS)}; of a corpus "
    "the page, which ends in html. An older one is replaced.",
)  # fmt: skip
@model_option
@reading_options
@json_option
def command(
    file: Path,
    other: Path | None,
    picture: Path | None,
    model: str,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    """Draw a signature and its ten features; two signatures over each other; or a corpus.

    The pen's path is coloured by its speed, and dotted where the pen is in the air. Of two,
    what differs most is marked, and where, as the model tells the reason for a rejection. Without
    -o the picture is a new PNG in the current folder, named after the files: anna-1.png, or
    anna-1-questioned.png for two. Of a corpus, the folder that 'sigtdnn preprocess' made, all
    signatures are drawn small on one page.
    """
    if file.is_dir():
        _show_corpus(file, other, picture, as_json)
    else:
        _show_signatures(file, other, picture, model, options, as_json)


def _show_corpus(folder: Path, other: Path | None, page: Path | None, as_json: bool) -> None:
    if other is not None:
        raise click.UsageError("A corpus is shown by itself.")
    target = page or _free_name([folder], "html")
    if target.suffix.lower() != ".html":
        raise ConfigurationError(f"{target}: is not the name of a page", "end it in html")
    with needs("evaluate"):
        from sigtdnn.corpus.folder import open_corpus
        from sigtdnn.drawing.thumbnails import thumbnail_page
    corpus = open_corpus(folder)
    with replacing(target) as temporary:
        temporary.write_text(thumbnail_page(folder.name, corpus), encoding="utf-8")
    facts = {"page": str(target), "recordings": len(corpus)}
    click.echo(json.dumps(facts) if as_json else target)


@needs("plot")
def _show_signatures(
    file: Path,
    other: Path | None,
    picture: Path | None,
    model: str,
    options: ReadingOptions,
    as_json: bool,
) -> None:
    files = [file] if other is None else [file, other]
    target = picture or _free_name(files, "png")
    ending = target.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise ConfigurationError(
            f"{target}: is not the name of a picture", f"end it in one of {', '.join(FORMATS)}"
        )
    signatures = list(map(reader(options), files))
    names = [click.format_filename(one, shorten=True) for one in files]
    marked: Difference | None = None
    if other is None:
        drawn = signature_picture(names[0], signatures[0], ending)
    else:
        first, second = signatures
        marked = Verifier.load(model).difference_of(first, second)
        drawn = comparison_picture((names[0], names[1]), (first, second), marked, ending)
    with replacing(target) as temporary:
        temporary.write_bytes(drawn)
    if as_json:
        reason, where = marked or (None, None)
        facts = {"picture": str(target), "files": [str(one) for one in files]}
        click.echo(json.dumps({**facts, "reason": reason, "where": where}))
    elif marked is None:
        click.echo(target)
    else:
        click.echo(f"{target}: differs most in {marked.group}{place(marked.where)}")


def _free_name(files: Sequence[Path], ending: str) -> Path:
    """The name of a picture of these files in the current folder, not taken yet."""
    path = Path("-".join(one.stem for one in files) + f".{ending}")
    if path.exists():
        raise ConfigurationError(
            f"{path}: already exists", "name the picture with -o to replace it"
        )
    return path

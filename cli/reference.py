"""README.md beside this file, written from the commands' help: `python -m cli.reference`.

In a checkout only. With `--check` it is compared, not written.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from .main import cli

PAGE = Path(__file__).with_name("README.md")
WIDTH = 80
HEAD = """\
# Commands

`pip install` makes the command `sigtdnn`; `python -m sigtdnn` is the same. This page is what `-h`
prints; `python -m cli.reference` writes it.
"""


def page() -> str:
    """The page: every command in the order of `COMMANDS`, subcommands below theirs."""
    sections = (
        f"{'#' * level} {name}\n\n```text\n{help_text}\n```\n"
        for level, name, help_text in _helps(cli, "sigtdnn", None, 2)
    )
    return "\n".join([HEAD, *sections])


def _helps(
    command: click.Command, name: str, above: click.Context | None, level: int
) -> Iterator[tuple[int, str, str]]:
    """Level of heading, name and help of a command and all below."""
    context = command.make_context(name, [], parent=above, resilient_parsing=True)
    context.terminal_width = WIDTH
    yield level, context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _helps(found, below, context, level + (above is not None))


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if the page is not current.")
def write(check: bool) -> None:
    """Write the page of all commands."""
    if not check:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        raise click.ClickException(f"{PAGE}: is not current; run python -m cli.reference")


if __name__ == "__main__":
    write()

"""Progress bars on standard error, and none when that is not a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click


class Advance(Protocol):
    """Moves a bar."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` steps, with a note behind the bar."""
        ...


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """A bar for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield lambda done, total, note="": None
        return
    shown = ""
    with click.progressbar(
        range(1), label=label, file=sys.stderr, item_show_func=lambda item: shown
    ) as bar:

        def advance(done: int, total: int, note: str = "") -> None:
            nonlocal shown
            shown, bar.length = note, total
            bar.update(done - bar.pos)

        yield advance

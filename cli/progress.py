"""Progress bars on standard error, and none when that is not a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Advance = Callable[[int, int, str], None]


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """A bar, as a function of steps done, steps in all and what to show behind it."""
    if not sys.stderr.isatty():
        yield lambda done, total, note: None
        return
    shown = ""
    with click.progressbar(
        range(1), label=label, file=sys.stderr, item_show_func=lambda item: shown
    ) as bar:

        def advance(done: int, total: int, note: str) -> None:
            nonlocal shown
            shown, bar.length = note, total
            bar.update(done - bar.pos)

        yield advance

"""One `map` over items, done here, by threads or by processes; and reports of progress.

Processes and threads are joblib's: to use Dask or Ray instead, wrap the call in
`joblib.parallel_config(backend=...)`.
"""

import builtins
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sigtdnn.extras import needs

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], object]  # called with the number of items done and of all
PART = 1000  # as what a part of something counts


def ignore_progress(done: int, total: int) -> None:
    """Reports nothing."""


def part(progress: Progress, number: int, count: int) -> Progress:
    """The progress of one of `count` parts of equal weight, as that of the whole."""
    return lambda done, total: progress(number * PART + PART * done // total, count * PART)


def map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int = 1,
    *,
    threads: bool = False,
) -> Iterator[Result]:
    """`function` of every item, in order, each given as soon as it and those before are done.

    With one job everything happens here. With more, `jobs` processes or threads share the
    items; processes receive function and items pickled, and start afresh. They ignore an
    interruption: the process that started them ends them.
    """
    if jobs == 1:
        yield from builtins.map(function, items)
        return
    # Scoring, which has one job, must start fast.
    with needs("evaluate"):
        from joblib import Parallel, delayed

    pool = Parallel(
        n_jobs=jobs, prefer="threads" if threads else "processes", return_as="generator"
    )
    parent = os.getpid()
    yield from pool(delayed(_undisturbed)(function, item, parent) for item in items)


def _undisturbed(function: Callable[[Item], Result], item: Item, parent: int) -> Result:
    # A terminal interrupts all processes at once, and each would print a traceback.
    if os.getpid() != parent:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return function(item)

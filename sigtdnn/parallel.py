"""One `map` over items, whoever does the work.

Processes and threads are joblib's: who wants Dask or Ray wraps the call in
`joblib.parallel_config(backend=...)`.
"""

import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int = 1,
    *,
    threads: bool = False,
) -> Iterator[Result]:
    """`function` of every item, in order, each as soon as it and those before it are done.

    With one job everything happens here. With more, `jobs` processes or threads share the
    items; processes receive function and items pickled, and start afresh.
    """
    if jobs == 1:
        yield from builtins.map(function, items)
        return
    # Scoring, which has one job, must start fast.
    from joblib import Parallel, delayed

    pool = Parallel(
        n_jobs=jobs, prefer="threads" if threads else "processes", return_as="generator"
    )
    yield from pool(delayed(function)(item) for item in items)

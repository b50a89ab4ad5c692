import os
import signal
import threading
import time

import pytest

from sigtdnn import parallel


def square(number: int) -> int:
    # The first is the last to be done.
    time.sleep(0.3 * (number == 0))
    return number * number


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


@pytest.mark.parametrize(("jobs", "threads"), [(1, False), (2, True), (2, False)])
def test_results_come_in_the_order_of_the_items(jobs, threads):
    found = parallel.map(square, range(7), jobs, threads=threads)
    assert list(found) == [0, 1, 4, 9, 16, 25, 36]


@pytest.mark.parametrize(("jobs", "threads"), [(1, False), (2, True), (2, False)])
def test_an_error_reaches_the_caller(jobs, threads):
    with pytest.raises(ValueError, match="no 3"):
        list(parallel.map(fail, [3], jobs, threads=threads))


def test_one_job_works_here_and_only_when_asked():
    done = []
    results = parallel.map(done.append, [1, 2])
    assert done == []
    next(results)
    assert done == [1]


def where(_: int) -> tuple[int, bool]:
    return os.getpid(), threading.current_thread() is threading.main_thread()


def test_processes_are_others():
    assert os.getpid() not in {pid for pid, _ in parallel.map(where, range(4), 2)}


def test_threads_are_others_of_this_process():
    found = set(parallel.map(where, range(4), 2, threads=True))
    assert found == {(os.getpid(), False)}


def test_processes_leave_interruptions_to_the_one_that_started_them():
    before = signal.getsignal(signal.SIGINT)
    for jobs, found in ((1, before), (2, signal.SIG_IGN)):
        assert list(parallel.map(signal.getsignal, [signal.SIGINT] * 3, jobs)) == [found] * 3
    list(parallel.map(signal.getsignal, [signal.SIGINT] * 3, 2, threads=True))
    assert signal.getsignal(signal.SIGINT) is before

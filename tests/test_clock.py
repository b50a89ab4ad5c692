import numpy as np
import pytest

from sigtdnn.clock import mend_times, repair_times, spread_batches
from sigtdnn.errors import SignatureError


def test_a_repeated_stamp_lies_between_its_neighbours():
    assert repair_times(np.array([0.0, 1.0, 1.0, 3.0])).tolist() == [0, 1, 2, 3]


def test_stamps_after_a_jump_ahead_are_repaired_until_the_clock_catches_up():
    times = repair_times(np.array([0.0, 1.0, 4.0, 2.0, 3.0, 7.0]))
    assert times.tolist() == [0, 1, 4, 5, 6, 7]


def test_bad_stamps_at_the_end_go_on_by_the_median_step():
    times = repair_times(np.array([0.0, 2.0, 4.0, 7.0, 7.0, 1.0]))
    assert times.tolist() == [0, 2, 4, 7, 9, 11]


def test_a_good_clock_is_left_alone():
    times, repaired, how = mend_times(np.array([5.0, 6.0, 8.0]))
    assert times.tolist() == [0, 1, 3]
    assert (repaired, how) == (0, "")


def test_a_few_bad_stamps_are_repaired_and_told():
    t = np.arange(100.0)
    t[50] = t[49]
    times, repaired, how = mend_times(t)
    assert times.tolist() == np.arange(100).tolist()
    assert repaired == 1
    assert how == "1 of 100 time stamps were repaired"


@pytest.mark.parametrize("size", [2, 3, 5])
def test_stamps_of_a_batch_are_spread_evenly_over_it(size):
    true = np.arange(60) / 100
    times, repaired, how = mend_times(true[np.arange(60) // size * size])
    np.testing.assert_allclose(times, true)
    assert repaired == 60 - 60 // size
    assert how.endswith("of 60 time stamps came in batches and were spread evenly over them")


def test_batches_of_an_event_queue_differ_in_size():
    true = np.arange(400) / 200
    frames = np.floor(true * 60) / 60
    times = spread_batches(frames)
    assert (np.diff(times) > 0).all()
    assert np.abs(times - true).max() < 1 / 60


def test_no_batch_is_spread_over_a_pause():
    t = np.repeat(np.arange(20) / 50, 2)
    t[20:] += 3
    times = spread_batches(t)
    np.testing.assert_allclose(np.delete(np.diff(times), 19), 0.01)
    assert np.diff(times)[19] == pytest.approx(3.01)


@pytest.mark.parametrize(
    "t",
    [
        np.repeat([0.0, 0.1, 0.2, 5.0, 5.1, 9.0, 9.01, 9.02], [1, 9, 1, 1, 9, 1, 1, 9]),
        np.array([0, 1, 1, 0, 2, 2, 1, 3, 3, 2.0]),
        np.zeros(9),
    ],
)
def test_irregular_batches_and_clocks_that_run_backward_are_refused(t):
    assert spread_batches(t) is None
    with pytest.raises(SignatureError, match=r"can be repaired; if samples .* \(--rate\)"):
        mend_times(t)

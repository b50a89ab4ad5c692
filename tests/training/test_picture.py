from sigtdnn.training.loop import PassRecord
from sigtdnn.training.picture import training_picture


def record(number, loss=0.4):
    return PassRecord(number, loss, 0.9, 0.7, loss + 0.1, 0.8, 0.6, 1.0)


HISTORY = [record(1), record(2), record(3)]


def test_the_history_is_drawn_the_same_for_the_same_numbers():
    picture = training_picture(HISTORY, 2, "network-4")
    assert picture.startswith(b"\x89PNG\r\n")
    assert picture == training_picture(HISTORY, 2, "network-4")
    assert picture != training_picture([*HISTORY[:2], record(3, loss=0.3)], 2, "network-4")


def test_a_single_pass_can_be_drawn():
    assert training_picture([record(1)], 1, "network-4").startswith(b"\x89PNG\r\n")

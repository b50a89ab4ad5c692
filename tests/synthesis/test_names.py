import numpy as np

from sigtdnn.synthesis.letters import CAPITALS, FLOURISHES, PLAIN, SMALL, Step
from sigtdnn.synthesis.names import write_name


def test_the_alphabet_is_there():
    assert len(SMALL) == 20
    assert len(CAPITALS) == 19
    assert SMALL[4] == (Step(0.55, 0.95, 50), Step(0.2, 0.3, 150), Step(0.85, 0.1, 110))


def test_capitals_and_plain_strokes_begin_from_the_air():
    assert all(not shape[0].pen and shape[-1].pen for shape in (*CAPITALS, *PLAIN))
    assert all(step.pen for shape in SMALL for step in shape)


def test_no_step_turns_a_whole_circle():
    shapes = (*SMALL, *CAPITALS, *PLAIN, *FLOURISHES)
    assert max(abs(step.bend) for shape in shapes for step in shape) < 300


def test_names_differ_and_have_something_on_the_paper():
    names = [write_name(np.random.default_rng(seed)) for seed in range(50)]
    assert len({tuple(name) for name in names}) == 50
    assert all(any(step.pen for step in name) for name in names)

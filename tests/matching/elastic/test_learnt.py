import numpy as np
import pytest

from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import (
    CONTEXT,
    MAX_SLOWNESS,
    SIZE,
    WEIGHT,
    fit_projection,
    in_context,
    with_learnt,
)
from tests.artificial import examples

GENUINE = 6
FORGED = 6
TELLING = 7  # the function by which forgeries differ


def people(signers: int, frames: int = 40, slowness: float = 1.0):
    """Examples whose forgeries differ from the genuines in one function only."""
    rng = np.random.default_rng(0)
    represented, signer, genuine = [], [], []
    for number in range(signers):
        course = rng.normal(size=(frames, 14)).cumsum(axis=0) / 3
        for kind in [True] * GENUINE + [False] * FORGED:
            own = course + 0.1 * rng.normal(size=course.shape)
            if not kind:
                own[:, TELLING] += 2 * rng.normal()
                own = np.repeat(own, round(slowness), axis=0)
            represented.append(own.astype(np.float32))
            signer.append(f"s{number}")
            genuine.append(kind)
    return examples(represented, signer, genuine)


def test_a_frame_stands_with_two_neighbours_on_either_side() -> None:
    functions = np.arange(10.0).reshape(5, 2)
    found = in_context(functions)
    assert found.shape == (5, 10)
    for place in range(5):
        wanted = [functions[min(max(place + k, 0), 4)] for k in range(-CONTEXT, CONTEXT + 1)]
        assert found[place].tolist() == np.concatenate(wanted).tolist()


def test_learnt_functions_stand_beside_the_others() -> None:
    rng = np.random.default_rng(1)
    functions = rng.normal(size=(7, 14)).astype(np.float32)
    projection = rng.normal(size=(SIZE, 3)).astype(np.float32)
    found = with_learnt(functions, projection)
    np.testing.assert_array_equal(found[:, :14], functions)
    wanted = in_context(functions[:, ALWAYS_KNOWN]) @ projection
    np.testing.assert_array_equal(found[:, 14:], wanted)
    assert with_learnt(functions, None) is functions


def test_what_tells_forgeries_is_found() -> None:
    projection = fit_projection(people(8), 2)
    assert projection.shape == (SIZE, 2)
    assert projection.dtype == np.float32
    by_function = np.abs(projection[:, 0].reshape(5, -1)).sum(axis=0)
    assert by_function.argmax() == ALWAYS_KNOWN.index(TELLING)
    assert by_function.max() > 5 * np.median(by_function)


def test_genuine_differences_have_the_weight_they_shall_have() -> None:
    known = people(8)
    projection = fit_projection(known, 4)
    rng = np.random.default_rng(2)
    apart = []
    for own, _ in known.by_signer():
        one, other = (known.representations[place] for place in rng.choice(own, 2, replace=False))
        frames = [with_learnt(functions, projection)[:, 14:] for functions in (one, other)]
        apart.append(frames[0] - frames[1])
    # Frames of equal number stand beside each other but for noise of the path.
    deviation = np.concatenate(apart).std(axis=0)
    np.testing.assert_allclose(deviation, WEIGHT, rtol=0.5)


def test_the_same_examples_give_the_same_functions() -> None:
    assert (fit_projection(people(4), 3) == fit_projection(people(4), 3)).all()


def test_slow_forgeries_teach_nothing() -> None:
    assert round(MAX_SLOWNESS) < 2
    with pytest.raises(TooFewExamplesError, match="a forgery as quick as they are"):
        fit_projection(people(3, slowness=2), 3)

import numpy as np
import pytest

from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import SIZE, with_learnt
from sigtdnn.matching.elastic.linear import MAX_SLOWNESS, WEIGHT, fit_projection
from tests.matching.elastic.people import TELLING, people


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
        frames = [with_learnt(functions, projection, None)[:, 14:] for functions in (one, other)]
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

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import EnrolmentError
from sigtdnn.matching.gaussian.codec import pack, unpack
from sigtdnn.matching.gaussian.density import Density
from sigtdnn.matching.gaussian.template import Grid

# A range of its own for each of 20 components.
LOW = np.linspace(-1, 0.5, 20)
HIGH = LOW + np.linspace(0.1, 2, 20)
GRID = Grid(LOW, HIGH)
STEP = (HIGH - LOW) / (2**7 - 1)


def density(share=0.3, variance=0.01, count=6):
    return Density(LOW + share * (HIGH - LOW), variance, count)


def test_the_mean_comes_back_to_half_a_step():
    own = density()
    template = GRID.rounded(own)
    assert (np.abs(template.mean - own.mean) <= STEP / 2 * (1 + 1e-9)).all()
    assert template.variance == np.float32(0.01)
    assert template.count == 6


def test_the_share_that_goes_up_is_told():
    own = Density(LOW + 10.25 * STEP, 0.01, 6)
    for up, level in ((0.0, 10), (0.5, 10), (0.74, 10), (0.76, 11), (np.full(20, 0.76), 11)):
        assert set(GRID.rounded(own, up).levels.tolist()) == {level}


@given(st.floats(-3, 3), st.floats(1e-30, 1e30), st.integers(2, 300))
def test_a_template_is_what_its_bytes_say(share, variance, count):
    template = GRID.rounded(density(share, variance, count))
    data = pack(template.variance, template.levels)
    single, levels = unpack(data, 20)
    found = GRID.template(single, template.count, levels)
    assert pack(found.variance, found.levels) == data
    assert found.mean.tolist() == template.mean.tolist()
    assert (found.variance, found.count) == (template.variance, template.count)
    # Once more through the density: rounding what is rounded changes nothing.
    again = GRID.rounded(found)
    assert pack(again.variance, again.levels) == data


def test_components_beyond_their_range_take_its_end():
    assert GRID.rounded(density(-0.5)).mean.tolist() == LOW.tolist()
    np.testing.assert_allclose(GRID.rounded(density(1.5)).mean, HIGH)


def test_more_than_255_signatures_count_as_255():
    assert GRID.rounded(density(count=1000)).count == 255


@pytest.mark.parametrize("variance", [1e-60, 1e60])
def test_a_variance_beyond_single_precision_is_refused(variance):
    with pytest.raises(EnrolmentError, match="does not fit a template"):
        GRID.rounded(density(variance=variance))

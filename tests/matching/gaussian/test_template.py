from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigtdnn.errors import ModelError
from sigtdnn.verification import Density, Template

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def ranged(model):
    """A model whose card has ranges of its own for each of 20 components."""
    low = np.linspace(-1, 0.5, 20)
    card = replace(
        model.card, low=tuple(low.tolist()), high=tuple((low + np.linspace(0.1, 2, 20)).tolist())
    )
    return replace(model, card=card)


def density(card, share=0.3, variance=0.01, count=6):
    low, high = np.array(card.low), np.array(card.high)
    return Density(low + share * (high - low), variance, count)


def test_the_mean_comes_back_to_half_a_step(ranged):
    own = density(ranged.card)
    template = Template.rounded(own, ranged)
    step = (np.array(ranged.card.high) - np.array(ranged.card.low)) / (2**7 - 1)
    assert (np.abs(template.mean - own.mean) <= step / 2 * (1 + 1e-9)).all()
    assert template.variance == np.float32(0.01)
    assert template.count == 6
    assert template.fingerprint == ranged.fingerprint[:4]


@SHARED
@given(st.floats(-3, 3), st.floats(1e-30, 1e30), st.integers(2, 300))
def test_a_template_is_what_its_bytes_say(ranged, share, variance, count):
    template = Template.rounded(density(ranged.card, share, variance, count), ranged)
    data = template.to_bytes()
    found = Template.from_bytes(data, ranged)
    assert len(data) == 80
    assert found.to_bytes() == data
    assert found.mean.tolist() == template.mean.tolist()
    assert (found.variance, found.count) == (template.variance, template.count)
    # Once more through the density: rounding what is rounded changes nothing.
    assert Template.rounded(found, ranged).to_bytes() == data


def test_components_beyond_their_range_take_its_end(ranged):
    assert Template.rounded(density(ranged.card, -0.5), ranged).mean.tolist() == list(
        ranged.card.low
    )
    np.testing.assert_allclose(
        Template.rounded(density(ranged.card, 1.5), ranged).mean, ranged.card.high
    )


def test_more_than_255_signatures_count_as_255(ranged):
    assert Template.rounded(density(ranged.card, count=1000), ranged).count == 255


@pytest.mark.parametrize("variance", [1e-60, 1e60])
def test_a_variance_beyond_single_precision_is_refused(ranged, variance):
    with pytest.raises(ModelError, match="does not fit a template"):
        Template.rounded(density(ranged.card, variance=variance), ranged)


@pytest.mark.parametrize("change", ["weights", "range", "components"])
def test_a_template_of_another_model_is_refused(ranged, change):
    data = Template.rounded(density(ranged.card), ranged).to_bytes()
    card = ranged.card
    other = {
        "weights": replace(ranged, scales=2 * ranged.scales),
        "range": replace(ranged, card=replace(card, high=(9.0, *card.high[1:]))),
        "components": replace(ranged, components=ranged.components[::-1]),
    }[change]
    with pytest.raises(ModelError, match=f"another model, {data[2:6].hex()}"):
        Template.from_bytes(data, other)


def test_a_decision_measured_anew_leaves_templates_valid(ranged):
    data = Template.rounded(density(ranged.card), ranged).to_bytes()
    decided = replace(ranged.card.decision, slope=9.0)
    other = replace(ranged, card=replace(ranged.card, decision=decided))
    assert Template.from_bytes(data, other).to_bytes() == data

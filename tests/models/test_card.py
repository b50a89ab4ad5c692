from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.models.decision import Curve

CURVE = Curve((-1.0, 0.0, 2.0), (0.5, 0.2, 0.0), (0.0, 0.1, 0.1), 10, 20)
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "change",
    [
        {"log_odds": ()},
        {"log_odds": (-1.0, 0.0)},
        {"log_odds": (0.0, 0.0, 2.0)},
        {"log_odds": (2.0, 0.0, -1.0)},
        {"log_odds": (-1.0, 0.0, INF)},
        {"log_odds": (-1.0, NAN, 2.0)},
        {"far": (0.5, 0.6, 0.0)},
        {"far": (1.5, 0.2, 0.0)},
        {"far": (0.5, NAN, 0.0)},
        {"frr": (0.1, 0.0, 0.1)},
        {"frr": (0.0, 0.1, 1.1)},
        {"forgeries": 0},
        {"genuines": 0},
    ],
    ids=str,
)
def test_a_curve_that_tells_no_threshold_is_refused(change):
    with pytest.raises(ValueError, match="curve"):
        replace(CURVE, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"odd": 0.0},
        {"odd": NAN},
        {"widest": -1.0},
        {"drift": INF},
        {"widening": 0.9},
        {"habits": (0.1, 0.0)},
        {"habits": (0.1, NAN)},
        {"forged": (0.5,)},
        {"forged": (0.5, 0.2)},
        {"forged": (-0.1, 0.2)},
        {"forged": (0.0, INF)},
        {"forged": (0.0, NAN)},
        {"update": NAN},
    ],
    ids=str,
)
def test_a_population_that_judges_nobody_is_refused(model, change):
    with pytest.raises(ValueError, match=r"positive|below 1|ascending|finite"):
        replace(model.card.population, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"components": ()},
        {"components": tuple(range(39))},
        {"components": (0, 1, 1)},
        {"components": (1, 0, 2)},
        {"components": (-1, 0, 2)},
        {"low": (0.0, 0.0)},
        {"high": (1.0, 1.0, 1.0, 1.0)},
        {"high": (0.0, 1.0, 1.0)},
        {"low": (2.0, 0.0, 0.0)},
        {"low": (NAN, 0.0, 0.0)},
        {"high": (1.0, INF, 1.0)},
        {"low": (-1e308, 0.0, 0.0), "high": (1e308, 1.0, 1.0)},
        {"low": (1.0, 0.0, 0.0), "high": (float(np.nextafter(1, 2)), 1.0, 1.0)},
    ],
    ids=str,
)
def test_a_card_that_holds_no_template_is_refused(model, change):
    card = replace(model.card, components=(0, 1, 2), low=(0.0,) * 3, high=(1.0,) * 3)
    with pytest.raises(ValueError, match="card"):
        replace(card, **change)

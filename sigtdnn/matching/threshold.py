"""Which threshold to use: chosen as an error rate on the validation signers."""

from sigtdnn.errors import ModelError
from sigtdnn.models.card import Card

# Two of these name one share: 1 - 0.8 is a little more than 0.2.
ROUNDING = 1e-9


def choose_threshold(card: Card, far: float | None = None, fr: float | None = None) -> float:
    """The least log-odds that accept at most `far` of the forgeries, or detect at least `fr`.

    With neither, the paper's operating point, that detects 80 % of them.

    Raises ModelError when both are given, for a share outside 0..1, and for one that so few
    validation forgeries do not measure.
    """
    if far is None and fr is None:
        return card.decision.threshold_fr80
    if far is not None and fr is not None:
        raise ModelError("a threshold is chosen by far or by fr, not both; give one of them")
    share = far if fr is None else 1 - fr
    assert share is not None
    if not 0 < share < 1:
        name = "a false acceptance rate" if fr is None else "a detection rate"
        raise ModelError(f"{name} lies between 0 and 1; give a share such as 0.05")
    curve = card.curve
    if share * curve.forgeries < 1 - ROUNDING:
        raise ModelError(
            f"the model was measured on {curve.forgeries} forgeries and cannot tell a false "
            f"acceptance rate below {1 / curve.forgeries:.2g}; ask for more, or give a threshold"
        )
    return next(
        log_odds
        for log_odds, accepted in zip(curve.log_odds, curve.far, strict=True)
        if accepted <= share + ROUNDING
    )

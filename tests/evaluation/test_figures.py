import numpy as np
import pandas as pd
import pytest

from sigtdnn.evaluation.figures import (
    FIGURES,
    difference,
    eer_of_signers,
    estimates,
    estimates_of,
    samples_of,
)
from sigtdnn.metrics import cllr, eer, ga_at_fr, min_cllr, min_dcf, signer_weights
from sigtdnn.metrics.bootstrap import SAMPLES


def table(
    genuine: dict[str, list[float]], skilled: dict[str, list[float]], draw: int = 0
) -> pd.DataFrame:
    """Raw scores as given, log-odds half of them, a threshold of 1.5."""
    rows = [
        ("it", draw, signer, f"{signer}-{kind}-{n}", kind, raw)
        for kind, scores in (("genuine", genuine), ("skilled", skilled))
        for signer, values in scores.items()
        for n, raw in enumerate(values)
    ]  # fmt: skip
    columns = ["system", "draw", "signer", "questioned", "kind", "raw"]
    found = pd.DataFrame(rows, columns=columns)
    log_odds = found["raw"] / 2
    return found.assign(log_odds=log_odds, score=1 / (1 + np.exp(-log_odds)), threshold=1.5)


GENUINE = {"a": [1.0, 4.0], "b": [3.0, 3.5, -1.0], "c": [2.0]}
SKILLED = {"a": [0.0, 2.0, -3.0], "b": [-2.0, 1.0]}
SCORES = table(GENUINE, SKILLED)


def pooled(scores: dict[str, list[float]]) -> list[float]:
    return [score for values in scores.values() for score in values]


def test_figures_of_one_draw_are_those_of_its_trials() -> None:
    found = estimates(SCORES, "skilled")
    genuine, skilled = pooled(GENUINE), pooled(SKILLED)
    expected = {
        "eer_global": eer(genuine, skilled),
        "eer_per_signer": np.mean([eer(GENUINE[s], SKILLED[s]) for s in "ab"]),
        "ga_at_fr80": ga_at_fr(genuine, skilled, 0.8),
        "ga_at_fr95": ga_at_fr(genuine, skilled, 0.95),
        "ga_at_fr99": ga_at_fr(genuine, skilled, 0.99),
        "ga_at_validation_threshold": 4 / 6,
        "fr_at_validation_threshold": 4 / 5,
        "min_dcf": min_dcf(genuine, skilled),
        "cllr": cllr(np.array(genuine) / 2, np.array(skilled) / 2),
        "min_cllr": min_cllr(genuine, skilled),
    }
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert found[name].mean == pytest.approx(float(value)), name
        assert found[name].std is None


def test_each_trial_is_held_against_its_own_threshold() -> None:
    own = np.where(SCORES["signer"] == "a", 1.5, 3.5)
    found = estimates(SCORES.assign(threshold=own), "skilled")
    # Of "a" 4 and the forgery 2 are accepted, of "b" 3.5 and nothing else, of "c" nothing.
    assert found["ga_at_validation_threshold"].mean == pytest.approx(2 / 6)
    assert found["fr_at_validation_threshold"].mean == pytest.approx(4 / 5)


def test_interval_is_that_of_repeating_signers_with_all_their_trials() -> None:
    signers = ["a", "b", "c"]
    weights = signer_weights(3, seed=0, samples=150)
    resampled = estimates_of(samples_of(SCORES, "skilled", signers), weights)
    for row in range(0, 150, 7):
        often = zip(signers, weights[row], strict=True)
        drawn = [signer for signer, times in often for _ in range(int(times))]
        again = pd.concat(
            [SCORES[SCORES["signer"] == s].assign(signer=f"{s}{n}") for n, s in enumerate(drawn)]
        )
        alone = estimates(again, "skilled")
        for name in FIGURES:
            value = np.nan if alone[name].mean is None else alone[name].mean
            np.testing.assert_allclose(resampled[name].resampled[row], value, err_msg=name)


def test_mean_and_spread_are_over_draws() -> None:
    second = table({"a": [1.0, 4.0]}, {"a": [2.0, 0.0]}, draw=1)
    both = pd.concat([table({"a": [1.0, 4.0]}, {"a": [0.0, -1.0]}), second])
    found = estimates(both, "skilled")["eer_global"]
    assert found.values.tolist() == [0.0, 0.5]
    assert found.mean == 0.25
    assert found.std == pytest.approx(np.sqrt(0.125))
    assert found.ci95 == (0.25, 0.25)


def test_what_cannot_be_computed_is_none() -> None:
    found = estimates(SCORES.assign(threshold=np.nan), "random")
    for name in FIGURES:
        assert (found[name].mean, found[name].std, found[name].ci95) == (None, None, None), name
    unknown = dict.fromkeys(["log_odds", "score", "threshold"], np.nan)
    uncalibrated = estimates(SCORES.assign(**unknown), "skilled")
    assert uncalibrated["cllr"].mean is None
    assert uncalibrated["ga_at_validation_threshold"].mean is None
    assert uncalibrated["eer_global"].mean is not None


def test_intervals_follow_from_the_seed() -> None:
    one, same, other = (estimates(SCORES, "skilled", seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["cllr"].resampled, same["cllr"].resampled)
    assert (one["cllr"].resampled != other["cllr"].resampled).any()
    assert one["cllr"].resampled.shape == (SAMPLES,)


def test_difference_is_paired_by_signers() -> None:
    worse = SCORES.assign(log_odds=SCORES["log_odds"] * 0.99)
    one, other = (estimates(scores, "skilled")["cllr"] for scores in (SCORES, worse))
    found = difference(one, other)
    assert found.mean == pytest.approx(one.mean - other.mean)
    assert one.ci95 is not None
    assert found.ci95 is not None
    # The signers differ far more from one another than the two systems do.
    assert found.ci95[1] - found.ci95[0] < (one.ci95[1] - one.ci95[0]) / 5


def test_eer_of_each_signer_is_nan_without_both_kinds() -> None:
    found = eer_of_signers(SCORES, "skilled")
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["a"] == pytest.approx(eer(GENUINE["a"], SKILLED["a"]))
    assert np.isnan(found["c"])

"""The figures of a scores table: mean and spread over draws, interval over signers.

One figure is one function of the trials of one system, draw and kind of forgery, and of
weights of the signers. It is computed with every signer counted once, for the value of that
draw, and with the weights of the bootstrap, for the interval. The kind is `skilled` or
`random`; the genuine trials are the same beside either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float64, Rows
from sigtdnn.metrics import rates as metrics
from sigtdnn.metrics.bootstrap import interval, signer_weights
from sigtdnn.metrics.likelihood import forged_cost, genuine_cost, min_cllr
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points_by_signer, share

# Samples of the bootstrap that are counted at once: bounds the memory, changes no figure.
BLOCK = 100
# A probability of exactly 0 or 1 was rounded there; its odds are large, not infinite.
ROUNDING = 2.0**-53


@dataclass(frozen=True, eq=False)
class Sample:
    """The trials of one system in one draw against one kind of forgery."""

    points: OperatingPoints  # counts (signers, points)
    costs: tuple[Float64, Float64]  # bits of the calibrated score, genuine and forged, (signers,)
    threshold: float | None  # chosen on validation signers


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure with its spread and its uncertainty. What cannot be computed is None."""

    values: Float64  # (draws,), NaN where it cannot be computed
    resampled: Float64  # (samples,), the mean over draws in every sample of signers

    @property
    def mean(self) -> float | None:
        """Over draws."""
        return _known(self.values.mean())

    @property
    def std(self) -> float | None:
        """Over draws, unbiased; None for a single draw."""
        return _known(self.values.std(ddof=1)) if len(self.values) > 1 else None

    @property
    def ci95(self) -> tuple[float, float] | None:
        """Of the mean, over signers; None where the mean is."""
        return None if self.mean is None else interval(self.resampled)


def _known(value: np.floating) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True, eq=False)
class Resampling:
    """A sample whose signers are counted as often as weights (samples, signers) say."""

    sample: Sample
    weights: Float64
    points: OperatingPoints  # counts (samples, points)


Figure = Callable[[Resampling], Float64]  # (samples,)


def _pooled(figure: Callable[[OperatingPoints], Float64]) -> Figure:
    """A figure of all signers' trials together, under one threshold."""
    return lambda resampling: figure(resampling.points)


def _eer_per_signer(resampling: Resampling) -> Float64:
    each = metrics.eer(resampling.sample.points)
    return metrics.mean_of_signers(each, resampling.weights)


def _cllr(resampling: Resampling) -> Float64:
    genuine, forged = (resampling.weights @ bits for bits in resampling.sample.costs)
    points = resampling.points
    mean = share(genuine, points.genuine_below[:, -1]) + share(forged, points.forged_below[:, -1])
    return mean / 2


def _at_threshold(rate: Callable[[OperatingPoints, float], Float64]) -> Figure:
    """A figure at the threshold that the system brings; NaN without one."""

    def figure(resampling: Resampling) -> Float64:
        threshold = resampling.sample.threshold
        if threshold is None:
            return np.full(len(resampling.weights), np.nan)
        return rate(resampling.points, threshold)

    return figure


FIGURES: dict[str, Figure] = {
    "eer_global": _pooled(metrics.eer),
    "eer_per_signer": _eer_per_signer,
    "ga_at_fr80": _pooled(partial(metrics.ga_at_fr, fr=0.80)),
    "ga_at_fr95": _pooled(partial(metrics.ga_at_fr, fr=0.95)),
    "ga_at_fr99": _pooled(partial(metrics.ga_at_fr, fr=0.99)),
    "ga_at_validation_threshold": _at_threshold(metrics.ga_at_threshold),
    "fr_at_validation_threshold": _at_threshold(metrics.fr_at_threshold),
    "min_dcf": _pooled(metrics.min_dcf),
    "cllr": _cllr,
    "min_cllr": _pooled(min_cllr),
}


def samples_of(
    scores: pd.DataFrame, kind: str, signers: Sequence[str], threshold: float | None
) -> list[Sample]:
    """A sample a draw, from one system's scores table.

    `signers` fixes the rows of the counts; all the table's signers are among them.
    """
    number = {signer: row for row, signer in enumerate(signers)}
    samples = []
    for _, draw in scores[scores["kind"].isin(["genuine", kind])].groupby("draw"):
        signer = draw["signer"].map(number).to_numpy().astype(np.intp)
        is_genuine = (draw["kind"] == "genuine").to_numpy()
        log_odds = draw["raw"].to_numpy(np.float64)
        score = draw["score"].to_numpy(np.float64).clip(ROUNDING, 1 - ROUNDING)
        llr = np.log(score) - np.log1p(-score)
        points = operating_points_by_signer(
            log_odds[is_genuine], signer[is_genuine], log_odds[~is_genuine], signer[~is_genuine],
            len(signers),
        )  # fmt: skip
        costs = (
            _sums(genuine_cost(llr[is_genuine]), signer[is_genuine], len(signers)),
            _sums(forged_cost(llr[~is_genuine]), signer[~is_genuine], len(signers)),
        )
        samples.append(Sample(points, costs, threshold))
    return samples


def _sums(values: Float64, signer: Rows, signers: int) -> Float64:
    """The sum of each signer's values, shape (signers,)."""
    return np.bincount(signer, values, signers).astype(np.float64)


def estimates_of(samples: Sequence[Sample], weights: Float64) -> dict[str, Estimate]:
    """Every figure over draws; `weights` (samples, signers) come from `signer_weights`."""
    once = np.ones((1, weights.shape[1]))
    blocks = np.array_split(weights, -(-len(weights) // BLOCK))
    values = [_compute(sample, once) for sample in samples]
    resampled = [[_compute(sample, block) for sample in samples] for block in blocks]
    return {
        name: Estimate(
            np.concatenate([of_draw[name] for of_draw in values]),
            np.concatenate(
                [np.mean([of_draw[name] for of_draw in block], axis=0) for block in resampled]
            ),
        )
        for name in FIGURES
    }


def _compute(sample: Sample, weights: Float64) -> dict[str, Float64]:
    resampling = Resampling(sample, weights, sample.points.weighted(weights))
    return {name: figure(resampling) for name, figure in FIGURES.items()}


def estimates(
    scores: pd.DataFrame, kind: str, threshold: float | None = None, seed: int = 0
) -> dict[str, Estimate]:
    """Every figure of one system's scores table against one kind of forgery.

    Two systems with the same trials and seed are resampled alike: their `resampled` values
    can be subtracted one by one.
    """
    signers = sorted(scores["signer"].unique())
    samples = samples_of(scores, kind, signers, threshold)
    return estimates_of(samples, signer_weights(len(signers), seed))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """one - other, paired: both were resampled with the same signers."""
    return Estimate(one.values - other.values, one.resampled - other.resampled)


def eer_of_signers(scores: pd.DataFrame, kind: str) -> pd.Series:
    """The EER of each signer at his own threshold, mean over draws; NaN without both kinds."""
    signers = sorted(scores["signer"].unique())
    each = [metrics.eer(sample.points) for sample in samples_of(scores, kind, signers, None)]
    return pd.Series(np.mean(each, axis=0), index=pd.Index(signers, name="signer"), name="eer")

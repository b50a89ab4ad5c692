"""The figures of a scores table: mean and deviation over draws, interval over signers.

One figure is one function of the trials of one system, draw and kind of forgery, and of
weights of the signers. It is computed with every signer counted once, for the value of that
draw, and with the weights of the bootstrap, for the interval. The kind is `skilled` or
`random`; the genuine trials are the same beside either. Cllr judges the column `log_odds`, the
rates at the validation threshold compare `raw` with `threshold`, and every other figure judges
the order of `raw`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.corpus.identity import Kind
from sigtdnn.metrics.bootstrap import interval, mean_of_signers, signer_weights
from sigtdnn.metrics.likelihood import genuine_cost, impostor_cost, min_cllr_of_points
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points_by_signer, share
from sigtdnn.metrics.rates import eer_of_points, ga_at_fr_of_points, min_dcf_of_points

# Samples of the bootstrap that are counted at once: bounds the memory, changes no figure.
BLOCK = 100


@dataclass(frozen=True, eq=False)
class Sample:
    """The trials of one system in one draw against one kind of forgery."""

    points: OperatingPoints  # counts (signers, points)
    costs: tuple[Float64, Float64]  # bits of the log-odds, genuine and forged, (signers,)
    # Genuines and forgeries accepted at the thresholds of validation signers, (signers,); or NaN.
    accepted: tuple[Float64, Float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure with its deviation and its uncertainty. What cannot be computed is None."""

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
    return mean_of_signers(eer_of_points(resampling.sample.points), resampling.weights)


def _cllr(resampling: Resampling) -> Float64:
    genuine, forged = _means(resampling, resampling.sample.costs)
    return (genuine + forged) / 2


def _means(resampling: Resampling, sums: tuple[Float64, Float64]) -> tuple[Float64, Float64]:
    """The means over the genuines and over the forgeries of what signers' trials sum up to."""
    genuine, forged = (resampling.weights @ each for each in sums)
    points = resampling.points
    of_genuine = share(genuine, points.genuine_below[:, -1])
    return of_genuine, share(forged, points.impostor_below[:, -1])


FIGURES: dict[str, Figure] = {
    "eer_global": _pooled(eer_of_points),
    "eer_per_signer": _eer_per_signer,
    "ga_at_fr80": _pooled(partial(ga_at_fr_of_points, fr=0.80)),
    "ga_at_fr95": _pooled(partial(ga_at_fr_of_points, fr=0.95)),
    "ga_at_fr99": _pooled(partial(ga_at_fr_of_points, fr=0.99)),
    "ga_at_validation_threshold": lambda found: _means(found, found.sample.accepted)[0],
    "fr_at_validation_threshold": lambda found: 1 - _means(found, found.sample.accepted)[1],
    "min_dcf": _pooled(min_dcf_of_points),
    "cllr": _cllr,
    "min_cllr": _pooled(min_cllr_of_points),
}


def samples_of(scores: pd.DataFrame, kind: str, signers: Sequence[str]) -> list[Sample]:
    """A sample a draw, from one system's scores table.

    `signers` fixes the rows of the counts; all the table's signers are among them.
    """
    number = {signer: row for row, signer in enumerate(signers)}
    samples = []
    for _, draw in scores[scores["kind"].isin([Kind.GENUINE, kind])].groupby("draw"):
        signer = draw["signer"].map(number).to_numpy().astype(np.intp)
        is_genuine = (draw["kind"] == Kind.GENUINE).to_numpy()
        raw, log_odds, threshold = (
            draw[name].to_numpy(np.float64) for name in ("raw", "log_odds", "threshold")
        )
        accepted = np.where(np.isnan(threshold), np.nan, raw >= threshold)
        points = operating_points_by_signer(
            raw[is_genuine], signer[is_genuine], raw[~is_genuine], signer[~is_genuine],
            len(signers),
        )  # fmt: skip
        costs = np.where(is_genuine, genuine_cost(log_odds), impostor_cost(log_odds))
        samples.append(
            Sample(
                points,
                _sums_by_kind(costs, is_genuine, signer, len(signers)),
                _sums_by_kind(accepted, is_genuine, signer, len(signers)),
            )
        )
    return samples


def _sums_by_kind(
    values: Float64, genuine: Bool, signer: Rows, signers: int
) -> tuple[Float64, Float64]:
    """The sums (signers,) of values (n,) over each signer's genuines and over their forgeries."""
    of_genuine = np.bincount(signer[genuine], values[genuine], signers)
    of_forged = np.bincount(signer[~genuine], values[~genuine], signers)
    return of_genuine.astype(np.float64), of_forged.astype(np.float64)


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


def estimates(scores: pd.DataFrame, kind: str, seed: int = 0) -> dict[str, Estimate]:
    """Every figure of one system's scores table against one kind of forgery.

    Two systems with the same trials and seed are resampled alike: their `resampled` values
    can be subtracted one by one.
    """
    signers = sorted(scores["signer"].unique())
    samples = samples_of(scores, kind, signers)
    return estimates_of(samples, signer_weights(len(signers), seed))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """one - other, paired: both were resampled with the same signers."""
    return Estimate(one.values - other.values, one.resampled - other.resampled)


def eer_of_signers(scores: pd.DataFrame, kind: str) -> pd.Series:
    """The EER of each signer at their own threshold, mean over draws; NaN without both kinds."""
    signers = sorted(scores["signer"].unique())
    each = [eer_of_points(sample.points) for sample in samples_of(scores, kind, signers)]
    return pd.Series(np.mean(each, axis=0), index=pd.Index(signers, name="signer"), name="eer")

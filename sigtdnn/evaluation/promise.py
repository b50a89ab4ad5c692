"""Whether thresholds keep what they promise: the false acceptance rate asked, and that met.

A threshold is chosen on a model's validation signers; here it meets others. Beside the rate stand
the genuines that are accepted with it. What the log-odds are worth, Cllr beside its minimum, is
among the `figures`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float64
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import ThresholdError
from sigtdnn.evaluation.figures import Estimate
from sigtdnn.evaluation.systems import System
from sigtdnn.metrics.bootstrap import signer_weights
from sigtdnn.metrics.operating_points import share

# Kind of forgery and false acceptance rate.
ASKED: tuple[tuple[Kind, float], ...] = (
    (Kind.SKILLED, 0.01),
    (Kind.SKILLED, 0.05),
    (Kind.SKILLED, 0.20),
    (Kind.RANDOM, 0.001),
    (Kind.RANDOM, 0.01),
)


@dataclass(frozen=True, eq=False)
class Promise:
    """A false acceptance rate that was asked for, and what the threshold for it accepts."""

    kind: Kind  # of forgery
    asked: float
    far: Estimate  # forgeries of that kind accepted
    ga: Estimate  # genuines accepted


def promises(system: System, scores: pd.DataFrame, seed: int = 0) -> list[Promise]:
    """What becomes of `ASKED` in a system's scores table, as `systems.run` makes it.

    Rates that the system cannot be asked for, or for which there is no forgery, are left out.
    """
    found = []
    for kind, asked in ASKED:
        forged = scores[scores["kind"] == kind]
        genuine = scores[scores["kind"] == Kind.GENUINE]
        thresholds = _thresholds(system, scores["references"].unique().tolist(), kind, asked)
        if len(forged) and thresholds:
            signers = sorted(scores["signer"].unique())
            weights = signer_weights(len(signers), seed)
            far, ga = (
                _accepted(trials, thresholds, signers, weights) for trials in (forged, genuine)
            )
            found.append(Promise(kind, asked, far, ga))
    return found


def _thresholds(system: System, references: list[int], kind: Kind, far: float) -> dict[int, float]:
    """The raw thresholds by number of references; none where the system does not know one."""
    name = "far" if kind == Kind.SKILLED else "far_random"
    try:
        found = {count: system.threshold(count, **{name: far}) for count in references}
    except ThresholdError:
        return {}
    return {count: raw for count, raw in found.items() if raw is not None}


def _accepted(
    trials: pd.DataFrame, thresholds: dict[int, float], signers: list[str], weights: Float64
) -> Estimate:
    """The share accepted: over draws, and in every sample of signers."""
    number = {signer: row for row, signer in enumerate(signers)}
    accepted = trials["raw"] >= trials["references"].map(thresholds)
    values, resampled = [], []
    for _, draw in trials.assign(accepted=accepted).groupby("draw"):
        signer = draw["signer"].map(number).to_numpy(np.intp)
        every = np.bincount(signer, minlength=len(signers)).astype(np.float64)
        some = np.bincount(signer, draw["accepted"], len(signers))
        values.append(float(draw["accepted"].mean()))
        resampled.append(share(weights @ some, weights @ every))
    return Estimate(np.array(values), np.mean(resampled, axis=0))

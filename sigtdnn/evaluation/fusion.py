"""Score fusion: log-odds as a weighted sum of the raw numbers of several systems.

The weights come from logistic regression on other signers, genuine against skilled
forgeries, at prior 1/2, so that the fused score is calibrated as well. The signers whom the
weights are fitted on count as trained on, and the guard keeps them out of the test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import FusionError
from sigtdnn.evaluation.guard import guard_signers
from sigtdnn.evaluation.systems import System, run
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import Protocol
from sigtdnn.trials.table import Trials

# Keeps the weights finite where genuines and forgeries do not overlap; for standardised scores.
RIDGE = 1e-3


@dataclass(frozen=True, eq=False)
class FusionWeights:
    """log-odds = raw @ weights + offset."""

    weights: Float64  # (systems,)
    offset: float
    signers: frozenset[str]  # whom they were fitted on


class Fusion:
    """Several systems as one."""

    name = "fusion"

    def __init__(self, parts: Sequence[System], fitted: FusionWeights) -> None:
        """`fitted` has a weight for each of the parts, in their order."""
        self._parts = tuple(parts)
        self._fitted = fitted
        self.trained_on = fitted.signers.union(*(part.trained_on for part in parts))

    def prepare(self, trials: Trials) -> None:
        """Prepares every part; none computes anything twice."""
        for part in self._parts:
            part.prepare(trials)

    def enroll(self, references: Rows) -> list[Any]:
        """A template of every part."""
        return [part.enroll(references) for part in self._parts]

    def compare(self, template: list[Any], questioned: Rows) -> Float64:
        """The fused log-odds."""
        pairs = zip(self._parts, template, strict=True)
        raw = np.column_stack([part.compare(own, questioned) for part, own in pairs])
        fused: Float64 = raw @ self._fitted.weights + self._fitted.offset
        return fused

    def log_odds(self, raw: Float64, references: int) -> Float64:
        """The fused numbers are log-odds."""
        return raw

    def threshold(
        self, references: int, far: float | None = None, far_random: float | None = None
    ) -> None:
        """None is measured."""


def fit_fusion(corpus: Corpus, systems: Sequence[System], protocol: Protocol) -> FusionWeights:
    """Weights for the systems, which work on this corpus, under a protocol.

    Signers that a system was trained on are left out: on them it would seem too good.

    Raises FusionError for fewer than two systems or signers without skilled forgeries, and
    ProtocolError when the corpus leaves no signers to fit on.
    """
    if len(systems) < 2:
        raise FusionError("a fusion needs at least two systems", "name another one")
    guard = guard_signers(set(corpus.recordings["signer"]) - {""}, systems, allow_overlap=False)
    trials = make_trials(corpus, protocol, guard.tested)
    tables = [run(system, trials) for system in systems]
    genuine = (tables[0]["kind"] == Kind.GENUINE).to_numpy()
    used = genuine | (tables[0]["kind"] == Kind.SKILLED).to_numpy()
    if genuine[used].all():
        raise FusionError(
            "the signers that the fusion is fitted on have no skilled forgeries", "give others"
        )
    raw = np.column_stack([table["raw"].to_numpy(np.float64) for table in tables])
    weights, offset = logistic_regression(raw[used], genuine[used])
    return FusionWeights(weights, offset, frozenset(trials.signers))


def logistic_regression(scores: Float64, genuine: Bool) -> tuple[Float64, float]:
    """Weights (systems,) and offset for scores (n, systems), `genuine` telling the kind (n,).

    Both kinds weigh the same, however many trials they have.
    """
    centre, spread = scores.mean(axis=0), scores.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    standard = (scores - centre) / spread
    sign = np.where(genuine, 1.0, -1.0)
    share = np.where(genuine, 0.5 / genuine.sum(), 0.5 / (~genuine).sum())

    def cost(parameters: Float64) -> tuple[float, Float64]:
        weights, offset = parameters[:-1], parameters[-1]
        margin = sign * (standard @ weights + offset)
        slope = -share * sign * expit(-margin)
        gradient = np.append(slope @ standard + 2 * RIDGE * weights, slope.sum())
        return float(share @ np.logaddexp(0.0, -margin) + RIDGE * weights @ weights), gradient

    found = minimize(cost, np.zeros(scores.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights: Float64 = found[:-1] / spread
    return weights, float(found[-1] - weights @ centre)

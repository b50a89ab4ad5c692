"""Settings of training: the paper's choices (PAPER section 4), and ours with their reasons.

Those of pairs, random variation and loss stand with them, in `sampling`, `augmentation` and
`objectives`.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class DataSettings:
    """Which recordings are learnt from, and how their features are scaled."""

    # The paper's cleaning rules, for training and validation only.
    cleaned: bool = True
    # Share of the training signers that are used: networks 1-3 had a smaller training set.
    training_share: float = 1.0
    # A feature is divided by this percentile of its absolute value over the training set.
    scale_percentile: float = 95.0

    def __post_init__(self) -> None:
        if not 0 < self.training_share <= 1:
            raise ValueError("training_share is above 0 and at most 1")
        if not 0 < self.scale_percentile <= 100:
            raise ValueError("scale_percentile lies in 0..100")


@dataclass(frozen=True)
class OptimiserSettings:
    """How the weights descend the loss, how often, and which of them are kept."""

    kind: Literal["levenberg-marquardt", "sgd", "adam"] = "levenberg-marquardt"
    # Global rate of the first pass; it falls to 0 along half a cosine.
    rate: float = 0.02
    # Added to every curvature, to bound the step where the error is flat.
    damping: float = 0.02
    # Pairs on which the curvature is measured before every pass.
    curvature_pairs: int = 256
    batch: int = 64  # pairs between two updates; 1 is the paper's per-pattern descent
    passes: int = 20
    # Share of the old average that every update keeps; 0 keeps the last weights as they are.
    averaging: float = 0.0
    # The paper keeps the weights with the lowest validation error; with few validation
    # signers that error is mostly chance, and the last weights are as good or better.
    keep: Literal["lowest validation error", "last"] = "lowest validation error"

    def __post_init__(self) -> None:
        if min(self.curvature_pairs, self.batch, self.passes) < 1:
            raise ValueError("curvature_pairs, batch and passes are 1 or more")
        if not (self.rate > 0 and self.damping > 0):
            raise ValueError("rate and damping are above 0")
        if not 0 <= self.averaging < 1:
            raise ValueError("averaging is 0 or more and below 1")

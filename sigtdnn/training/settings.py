"""What training may vary: the paper's choices (PAPER section 4), and ours with their reasons."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class TrainingSettings:
    """Everything but the network and the data that decides what is learnt."""

    optimiser: Literal["levenberg-marquardt", "sgd", "adam"] = "levenberg-marquardt"
    # Global rate of the first pass; it falls to 0 along half a cosine.
    rate: float = 0.02
    # Added to every curvature: bounds the step where the error is flat.
    damping: float = 0.02
    # Pairs on which the curvature is measured anew before every pass.
    curvature_pairs: int = 256
    batch: int = 64  # pairs between two updates; 1 is the paper's per-pattern descent
    passes: int = 20
    pairs: int = 7701  # the paper's number, an upper limit
    validation_pairs: int = 960  # the paper's number, an upper limit
    # New pairs for every pass see more combinations than one list of 7,701 does.
    fresh_pairs: bool = False
    target_genuine: float = 1.0
    target_skilled: float = -1.0
    target_random: float = -1.0
    # Share of the old average that every update keeps; 0 keeps the last weights as they are.
    averaging: float = 0.0
    # The paper keeps the weights with the lowest validation error; with few validation
    # signers that error is mostly chance, and the last weights are as good or better.
    keep: Literal["lowest validation error", "last"] = "lowest validation error"
    # The paper's cleaning rules, for training and validation only.
    cleaned: bool = True
    # Share of the training signers that is used: networks 1-3 had a smaller training set.
    training_share: float = 1.0
    # A feature is divided by this percentile of its absolute value over the training set.
    scale_percentile: float = 95.0
    # Least variance of a template, as a share of the mean over training signers.
    variance_floor: float = 0.2
    # Random variation of the signatures, drawn anew at every use; see `variation`.
    warp: float = 0.0
    shear: float = 0.0
    drift: float = 0.0

    def __post_init__(self) -> None:
        if min(self.curvature_pairs, self.batch, self.passes) < 1:
            raise ValueError("curvature_pairs, batch and passes are 1 or more")
        # One in ten pairs is a random one.
        if min(self.pairs, self.validation_pairs) < 10:
            raise ValueError("pairs and validation_pairs are 10 or more")
        if not (self.rate > 0 and self.damping > 0):
            raise ValueError("rate and damping are above 0")
        if not (0 <= self.averaging < 1 and 0 < self.training_share <= 1):
            raise ValueError("averaging is below 1, training_share at most 1, neither negative")
        if not 0 < self.scale_percentile <= 100:
            raise ValueError("scale_percentile lies in 0..100")
        if min(self.warp, self.shear, self.drift, self.variance_floor) < 0:
            raise ValueError("warp, shear, drift and variance_floor are 0 or more")
        if any(abs(t) > 1 for t in (self.target_genuine, self.target_skilled, self.target_random)):
            raise ValueError("targets are cosines, in -1..1")

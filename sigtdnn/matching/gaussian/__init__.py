"""The paper's matcher: a normal density over feature vectors, kept in 80 bytes."""

from sigtdnn.matching.gaussian.matcher import Gaussian

__all__ = ["Gaussian"]

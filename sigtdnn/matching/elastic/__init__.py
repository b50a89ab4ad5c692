"""Elastic matching: dynamic time warping of functions of time, normalised by the references."""

from sigtdnn.matching.elastic.matcher import Elastic

__all__ = ["Elastic"]

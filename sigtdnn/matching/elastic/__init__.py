"""Elastic matching: dynamic time warping of functions of time, normalised by the references."""

from sigtdnn.matching.elastic.matcher import TEXTBOOK, Elastic

__all__ = ["TEXTBOOK", "Elastic"]

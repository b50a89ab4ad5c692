"""Figures as cells, cells as Markdown tables.

A table of results is JSON as `figures` writes it; rates are fractions there and per cent here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAIN = "sigcomp2009-nfi"  # the set that stands for the paper's
DISJOINT, OVERLAPPING, VARIANTS = "signer-disjoint", "overlapping", "variants"
ABSENT = "-"
# The figures of a comparison and their headings.
HEADING = ["EER skilled", "per signer", "GA@FR80", "EER random"]
KEYS = ("eer_skilled", "eer_skilled_per_signer", "ga_at_fr80", "eer_random")

Table = Mapping[str, Any]


def markdown(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    return ["| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *rows)]


def percent(value: float | None) -> str:
    """A fraction in per cent with one decimal."""
    return ABSENT if value is None else f"{100 * value:.1f}"


def rate(estimate: Table) -> str:
    """Mean, spread and interval, in per cent."""
    return percent(estimate["mean"]) + _spread(estimate) + _interval(estimate)


def points(estimate: Table) -> str:
    """A difference of rates in points of per cent, signed, with spread and interval."""
    return f"{100 * estimate['mean']:+.1f}{_spread(estimate)}{_interval(estimate)}"


def difference(estimate: Table) -> str:
    """A difference of rates in points of per cent, signed, with its interval."""
    return f"{100 * estimate['mean']:+.1f}{_interval(estimate)}"


def interval(estimate: Table) -> str:
    """Mean and interval, in per cent."""
    return percent(estimate["mean"]) + _interval(estimate)


def _spread(estimate: Table) -> str:
    return "" if estimate["std"] is None else f" ± {percent(estimate['std'])}"


def _interval(estimate: Table) -> str:
    return "" if estimate["ci95"] is None else " [{}, {}]".format(*map(percent, estimate["ci95"]))

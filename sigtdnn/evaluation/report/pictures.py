"""Pictures of an evaluation, as PNG bytes: DET curve, figure 2, reliability, histograms.

matplotlib is used without its global state, and only when a picture is drawn. The trials of
all draws are drawn together.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sigtdnn.corpus.identity import Kind
from sigtdnn.drawing.encode import encoded
from sigtdnn.evaluation.evaluation import FORGERIES, Evaluation
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points
from sigtdnn.metrics.reliability import reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 120
# The DET axes end here: lower rates than one in a thousand need more trials than most tests have.
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
MARKED = "tested on signers that were trained on"
LINES: dict[str, str] = {Kind.SKILLED: "-", Kind.RANDOM: ":"}


def pooled_points(scores: pd.DataFrame, system: str, kind: str) -> OperatingPoints | None:
    """The operating points of a system, all draws together; None without trials of a kind."""
    own = scores[scores["system"] == system]
    genuine = own.loc[own["kind"] == Kind.GENUINE, "raw"]
    forged = own.loc[own["kind"] == kind, "raw"]
    return operating_points(genuine, forged) if len(genuine) and len(forged) else None


def det_picture(evaluation: Evaluation) -> bytes:
    """Detection error trade-off: FRR over FAR on probit axes."""
    figure, axes = _sheet(evaluation, "False acceptance rate, %", "False rejection rate, %")
    for number, system in enumerate(evaluation.systems):
        for kind in FORGERIES:
            points = pooled_points(evaluation.scores, system, kind)
            if points is not None:
                axes.plot(
                    ndtri(points.far.clip(1e-6, 1 - 1e-6)), ndtri(points.frr.clip(1e-6, 1 - 1e-6)),
                    LINES[kind], color=f"C{number}", label=f"{system}, {kind}",
                )  # fmt: skip
    ends = ndtri(RATES[0]), ndtri(RATES[-1])
    axes.plot(ends, ends, color="0.8", linewidth=0.8, zorder=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(ndtri(RATES), [f"{100 * rate:g}" for rate in RATES])
    axes.set(xlim=ends, ylim=ends, aspect="equal")
    return _png(figure, axes)


def figure_2_picture(evaluation: Evaluation) -> bytes:
    """The paper's figure 2: forgeries detected over genuines accepted, skilled forgeries."""
    figure, axes = _sheet(evaluation, "Genuines accepted, %", "Forgeries detected, %")
    for system in evaluation.systems:
        points = pooled_points(evaluation.scores, system, Kind.SKILLED)
        if points is not None:
            axes.plot(100 * points.ga, 100 * points.fr, label=system)
    axes.axhline(80, color="0.8", linewidth=0.8, zorder=0)
    axes.set(xlim=(50, 100), ylim=(50, 100), aspect="equal")
    return _png(figure, axes)


def reliability_picture(evaluation: Evaluation) -> bytes | None:
    """Calibrated score against the share that turned out genuine, in `reliability`'s bins.

    Genuines and skilled forgeries; bars are intervals, numbers the trials in a bin. None when no
    system has calibrated scores of both kinds.
    """
    figure, axes = _sheet(evaluation, "Calibrated score, %", "Genuine at prior 1/2, %")
    scored = evaluation.scores[evaluation.scores["score"].notna()]
    for number, system in enumerate(evaluation.systems):
        own = scored[scored["system"] == system]
        kinds = (own.loc[own["kind"] == kind, "score"] for kind in (Kind.GENUINE, Kind.SKILLED))
        bins = reliability(*kinds)
        if bins is None:
            continue
        around = (bins.share - bins.low, bins.high - bins.share)
        axes.errorbar(
            100 * bins.score, 100 * bins.share, 100 * np.stack(around),
            fmt="o-", markersize=3, capsize=2, color=f"C{number}", label=system,
        )  # fmt: skip
        for score, share, trials in zip(bins.score, bins.share, bins.trials, strict=True):
            axes.annotate(
                str(trials), (100 * score, 100 * share), (3, -9 - 8 * number),
                textcoords="offset points", fontsize=6, color=f"C{number}",
            )  # fmt: skip
    if not axes.containers:
        return None
    axes.plot((0, 100), (0, 100), color="0.8", linewidth=0.8, zorder=0)
    axes.set(xlim=(-2, 102), ylim=(-2, 102), aspect="equal")
    return _png(figure, axes)


def histogram_picture(evaluation: Evaluation, system: str) -> bytes:
    """The distribution of a system's raw scores, by kind."""
    figure, axes = _sheet(evaluation, f"Raw score of {system}", "Share of the trials")
    own = evaluation.scores[evaluation.scores["system"] == system]
    # The middle 98 %: raw scores may have long tails, which would squeeze everything else.
    low, high = np.quantile(own["raw"], [0.01, 0.99])
    edges = np.linspace(low, max(high, low + 1e-9), 41)
    for kind, scores in own.groupby("kind")["raw"]:
        counts, _ = np.histogram(scores.clip(low, high), edges)
        axes.stairs(counts / counts.sum(), edges, label=kind)
    return _png(figure, axes)


def _sheet(evaluation: Evaluation, x: str, y: str) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 5.2), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    title = f"Protocol {evaluation.trials.protocol}, {len(evaluation.trials.signers)} signers"
    axes.set_title(f"{title}\n{MARKED}" if evaluation.guard.overlapping else title, fontsize=10)
    axes.set(xlabel=x, ylabel=y)
    axes.grid(color="0.93")
    axes.set_axisbelow(True)
    return figure, axes


def _png(figure: "Figure", axes: "Axes") -> bytes:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8)
    return encoded(figure)

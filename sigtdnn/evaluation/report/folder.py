"""The folder that an evaluation writes; it appears whole or not at all.

metrics.json    the figures, rates as fractions, null for what cannot be computed
scores.csv      every score; columns in `systems`
trials.csv      the trials, to run another system on; columns in `trials`
figure-2.csv    the paper's curve: system, threshold, genuines_accepted, forgeries_detected
figure-2.png    the same as a picture
det.png         DET curve
reliability.png calibrated scores against the share of genuines; absent when none is calibrated
report.html     all of it on one self-contained page
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from sigtdnn.corpus.identity import Kind
from sigtdnn.evaluation.evaluation import Evaluation, Figures
from sigtdnn.evaluation.figures import Estimate
from sigtdnn.evaluation.promise import Promise
from sigtdnn.evaluation.report.page import page
from sigtdnn.evaluation.report.pictures import (
    det_picture,
    figure_2_picture,
    pooled_points,
    reliability_picture,
)
from sigtdnn.files import replacing
from sigtdnn.trials.table import write_trials


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Writes the folder `path`, which must be absent or empty."""
    det, figure_2 = det_picture(evaluation), figure_2_picture(evaluation)
    reliability = reliability_picture(evaluation)
    with replacing(path) as folder:
        folder.mkdir()
        text = json.dumps(metrics_table(evaluation), indent=2, allow_nan=False)
        (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
        evaluation.scores.to_csv(folder / "scores.csv", index=False)
        write_trials(evaluation.trials, folder / "trials.csv")
        figure_2_table(evaluation).to_csv(folder / "figure-2.csv", index=False)
        (folder / "figure-2.png").write_bytes(figure_2)
        (folder / "det.png").write_bytes(det)
        if reliability is not None:
            (folder / "reliability.png").write_bytes(reliability)
        html = page(evaluation, det, figure_2, reliability)
        (folder / "report.html").write_text(html, encoding="utf-8")


def metrics_table(evaluation: Evaluation) -> dict[str, Any]:
    """What metrics.json holds.

    With trained signers among the tested, every figure carries `"overlap": true`.
    """
    trials, guard = evaluation.trials, evaluation.guard
    overlap = bool(guard.overlapping)
    left_out = {**trials.left_out}
    if guard.left_out:
        left_out["trained or validated on"] = guard.left_out
    return {
        "protocol": trials.protocol,
        "description": trials.words,
        "draws": trials.draws,
        "signers": trials.signers,
        "left_out": {cause: list(signers) for cause, signers in left_out.items()},
        "overlap": list(guard.overlapping),
        "trials": evaluation.trial_counts(),
        "systems": {
            name: _figures_table(figures, overlap) for name, figures in evaluation.figures.items()
        },
        "differences": [
            {"systems": list(pair), **_figures_table(figures, overlap)}
            for pair, figures in evaluation.differences.items()
        ],
        "promises": {
            name: [_promise_table(promise, overlap) for promise in kept]
            for name, kept in evaluation.promises.items()
        },
    }


def figure_2_table(evaluation: Evaluation) -> pd.DataFrame:
    """The points of the paper's figure 2 for skilled forgeries, all draws together."""
    tables = [
        pd.DataFrame(columns=["system", "threshold", "genuines_accepted", "forgeries_detected"])
    ]
    for system in evaluation.systems:
        points = pooled_points(evaluation.scores, system, Kind.SKILLED)
        if points is not None:
            tables.append(
                pd.DataFrame(
                    {
                        "system": system,
                        "threshold": points.thresholds,
                        "genuines_accepted": points.ga,
                        "forgeries_detected": points.fr,
                    }
                )
            )
    return pd.concat(tables[1:] or tables, ignore_index=True)


def _figures_table(figures: Figures, overlap: bool) -> dict[str, Any]:
    return {
        kind: {name: _figure_table(estimate, overlap) for name, estimate in of_kind.items()}
        for kind, of_kind in figures.items()
    }


def _promise_table(promise: Promise, overlap: bool) -> dict[str, Any]:
    return {
        "forgeries": promise.kind,
        "asked": promise.asked,
        "far": _figure_table(promise.far, overlap),
        "ga": _figure_table(promise.ga, overlap),
    }


def _figure_table(estimate: Estimate, overlap: bool) -> dict[str, Any]:
    ci95 = None if estimate.ci95 is None else list(estimate.ci95)
    table: dict[str, Any] = {"mean": estimate.mean, "std": estimate.std, "ci95": ci95}
    return {**table, "overlap": True} if overlap else table

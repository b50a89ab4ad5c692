"""How figures are computed from scores tables and kept in results/*.json.

Rates are fractions. An estimate is {"mean", "std", "ci95": [low, high]}: std over draws, null
for a single one; the 95 % interval over signers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sigtdnn.evaluation.evaluation import FORGERIES, Evaluation, Figures
from sigtdnn.evaluation.figures import Estimate, estimates
from sigtdnn.evaluation.promise import Promise
from sigtdnn.files import replacing

# What comparisons keep of a scores table: kind of forgery and figure.
FIGURES = {
    "eer_skilled": ("skilled", "eer_global"),
    "eer_skilled_per_signer": ("skilled", "eer_per_signer"),
    "ga_at_fr80": ("skilled", "ga_at_fr80"),
    "eer_random": ("random", "eer_global"),
}
# What log-odds are worth, and what they would be with the best calibration.
COSTS = ("cllr", "min_cllr")


def figures_of(scores: pd.DataFrame) -> dict[str, Estimate]:
    """The figures that comparisons keep of one system's scores."""
    by_kind = {kind: estimates(scores, kind) for kind in ("skilled", "random")}
    return {key: by_kind[kind][name] for key, (kind, name) in FIGURES.items()}


def of_seed(scores: pd.DataFrame, seed: int, draws: int) -> pd.DataFrame:
    """The scores with draws of their own: each seed is so many draws more."""
    return scores.assign(draw=scores["draw"] + seed * draws)


def estimate_table(estimate: Estimate) -> dict[str, Any]:
    """Mean, spread and interval, as results keep them."""
    ci95 = None if estimate.ci95 is None else list(estimate.ci95)
    return {"mean": estimate.mean, "std": estimate.std, "ci95": ci95}


def written(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    """Several estimates, as results keep them."""
    return {name: estimate_table(estimate) for name, estimate in figures.items()}


def evaluation_table(found: Evaluation, baseline: str) -> dict[str, Any]:
    """An evaluation whose last system is the baseline, as results keep it.

    Costs and promises are those of the systems that are calibrated.
    """
    return {
        "signers": len(found.trials.signers),
        "draws": found.trials.draws,
        "trials": found.trial_counts(),
        "systems": {name: kept(figures) for name, figures in found.figures.items()},
        f"less {baseline}": {
            name: kept(found.differences[name, baseline])
            for name in found.systems
            if name != baseline
        },
        "promises": {name: list(map(_promise, own)) for name, own in found.promises.items()},
        "costs": {
            name: {kind: _costs(found.figures[name][kind]) for kind in FORGERIES}
            for name in found.promises
        },
    }


def kept(figures: Figures) -> dict[str, Any]:
    """What comparisons keep of the figures of one system, or of a difference, as in results."""
    return {key: estimate_table(figures[kind][name]) for key, (kind, name) in FIGURES.items()}


def _costs(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    return written({name: figures[name] for name in COSTS})


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "forgeries": promise.kind,
        "asked": promise.asked,
        "far": estimate_table(promise.far),
        "ga": estimate_table(promise.ga),
    }


def read_results(path: Path) -> dict[str, Any]:
    """The content of a JSON file of results; empty when it is absent."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content


def write_results(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a JSON file of results, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

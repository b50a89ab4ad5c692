"""How real the artificial signers are, beside real ones; results/realism.json.

Two kinds of figures. **Distances** (`distances`): how they are spread over signers and within one,
of a population on the paper's tablet, three seeds, beside the real sets. A row passes when every
seed lies in the range of the real sets, widened by `TOLERANCE` at either end. **Statistics**, of
the synthetic study, on a grid of 10 ms on which lifts recorded as gaps are straight lines:

duration        seconds from first contact to last lift
strokes         on the paper
air share       share of the time that the pen is up
speed peaks     maxima of the speed, smoothed by a Gaussian of 20 ms, that stand out by at least
                8 % of the greatest speed; and how many a second
pressure        mean on the paper, in parts of the device's range
slow share      share of the time below a tenth of the speed that 95 % stay below

mean (sd)       over genuines
forged/genuine  mean of a signer's forgeries over that of the genuines, median over signers
within          deviation within a session over the mean, median over signers
between         difference of the means of two sessions over the mean, median over signers
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from paper_repro.experiments.distances import distance_figures
from paper_repro.experiments.transfer import trials_on
from paper_repro.figures import write_results
from paper_repro.jobs import corpus_in, write_dataset
from paper_repro.pages.realism import distances, statistics
from sigtdnn import parallel
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.study import population_corpus, study_corpus
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import dtw_system
from sigtdnn.signature import Signature
from sigtdnn.synthesis.tablet import NCR_5990
from sigtdnn.tables import read_toml
from sigtdnn.trials.protocols import PROTOCOLS

STUDY = "synthetic-study"
SIGNERS = 240  # of a population
# A real set has 40 to 94 signers, whose deviation is known to about a tenth.
TOLERANCE = 0.1
STEP = 0.01  # seconds
SMOOTHING = 0.02  # seconds
PROMINENCE = 0.08
STATISTICS = (
    "duration", "strokes", "air share", "speed peaks", "peaks a second", "pressure", "slow share",
)  # fmt: skip
# Fewest signatures of a session that tell how it varies.
MIN_SIGNATURES = 3


def main(datasets: Path, plan_file: Path, output: Path, processes: int, seeds: int) -> None:
    """Measures the artificial signers and the plan's data sets."""
    names = list(read_toml(plan_file)["datasets"])
    with tempfile.TemporaryDirectory() as scratch:
        folders = [write_dataset(datasets, name, Path(scratch)).folder for name in names]
        real = dict(zip(names, parallel.map(of_set, folders, processes), strict=True))
    artificial = list(parallel.map(partial(of_population, SIGNERS), range(seeds), processes))
    described = {STUDY: described_of(study_corpus()), **{n: own for n, (_, own) in real.items()}}
    content = {
        "signers": SIGNERS,
        "distances": {
            row: judged(
                {name: own[row] for name, (own, _) in real.items()}, [a[row] for a in artificial]
            )
            for row in artificial[0]
        },
        "statistics": {
            title: {name: own[title] for name, own in described.items()}
            for title in described[STUDY]
        },
    }
    write_results(output / "realism.json", content)
    for table in (distances, statistics):
        click.echo("\n".join(table({"realism": content})) + "\n")


def of_set(folder: Path) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """The distances and the statistics of the corpus in a folder."""
    corpus = corpus_in(folder)
    return distance_figures(corpus, trials_on(corpus)), described_of(corpus)


def of_population(signers: int, seed: int) -> dict[str, float]:
    """The distances of artificial signers who all use one tablet, as in the real sets."""
    corpus = population_corpus(signers, seed, tablet=NCR_5990)
    return distance_figures(corpus, trials_on(corpus))


def judged(real: Mapping[str, float], artificial: Sequence[float]) -> dict[str, Any]:
    """One figure of the real sets and of the populations, and whether those lie in its range."""
    low, high = min(real.values()), max(real.values())
    low, high = low - TOLERANCE * abs(low), high + TOLERANCE * abs(high)
    return {
        "real": dict(real),
        "artificial": list(artificial),
        "low": low,
        "high": high,
        "passes": low <= min(artificial) and max(artificial) <= high,
    }


def described_of(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The summaries of the statistics and the difficulty, by title, as cells."""
    table = statistics_of(corpus)
    return {
        **{title: summary(table) for title, summary in SUMMARIES.items()},
        "difficulty": difficulty_of(corpus),
    }


def statistics_of(corpus: Corpus) -> pd.DataFrame:
    """One row a labelled recording: signer, kind, session and the statistics."""
    rows = [measured(signature) for signature in corpus.signatures()]
    table = pd.concat(
        [corpus.recordings[["signer", "kind", "session"]], pd.DataFrame(rows)], axis=1
    )
    return table[(table["signer"] != "") & (table["kind"] != "")]


def mean_pressure(signature: Signature) -> float:
    """The mean force on the paper; NaN where the device does not tell."""
    if signature.pressure is None or not signature.pen.any():
        return np.nan
    return float(signature.pressure[signature.pen].mean())


def measured(signature: Signature) -> dict[str, float]:
    """The statistics of one signature."""
    grid = np.arange(0.0, signature.duration + STEP / 2, STEP)
    x, y = (
        gaussian_filter1d(np.interp(grid, signature.t, place), SMOOTHING / STEP)
        for place in (signature.x, signature.y)
    )
    interval = np.searchsorted(signature.t, grid, side="right") - 1
    speed = np.hypot(np.gradient(x), np.gradient(y))
    peaks = len(find_peaks(speed, prominence=PROMINENCE * speed.max())[0])
    return {
        "duration": signature.duration,
        "strokes": signature.strokes,
        "air share": float(1 - signature.pen[interval].mean()),
        "speed peaks": peaks,
        "peaks a second": peaks / signature.duration,
        "pressure": mean_pressure(signature),
        "slow share": float((speed < 0.1 * np.percentile(speed, 95)).mean()),
    }


def _genuine(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["kind"] == "genuine"]


def _means(table: pd.DataFrame) -> dict[str, str]:
    own = _genuine(table)
    return {key: f"{own[key].mean():.2f} ({own[key].std():.2f})" for key in STATISTICS}


def _ratios(table: pd.DataFrame) -> dict[str, str]:
    names = list(STATISTICS)
    forged = table[table["kind"] == "skilled"].groupby("signer")[names].mean()
    genuine = _genuine(table).groupby("signer")[names].mean()
    ratios = forged.div(genuine)
    # A signer who never lifts the pen has no air share to compare.
    middle = ratios.where(ratios.abs() < np.inf).median()
    return {key: f"{middle[key]:.2f}" for key in names}


def _within(table: pd.DataFrame) -> dict[str, str]:
    names = list(STATISTICS)
    own = _genuine(table)
    # Where sessions are unknown, all is one.
    groups = own.groupby(["signer", own["session"].fillna(1)])[names]
    variance = groups.var()[groups.size() >= MIN_SIGNATURES].groupby("signer").mean()
    spread = variance.pow(0.5).div(own.groupby("signer")[names].mean()).median()
    return {key: f"{spread[key]:.3f}" for key in names}


def _between(table: pd.DataFrame) -> dict[str, str]:
    names = list(STATISTICS)
    own = _genuine(table).dropna(subset=["session"])
    sessions = own.groupby(["signer", "session"])[names].mean()
    counts = own.groupby(["signer", "session"]).size()
    by_signer = sessions[counts >= MIN_SIGNATURES].groupby("signer")
    two = by_signer.size() == 2
    if not two.any():
        return dict.fromkeys(names, "")
    apart = (by_signer.max() - by_signer.min())[two]
    spread = (apart / own.groupby("signer")[names].mean()).median()
    return {key: f"{spread[key]:.3f}" for key in names}


SUMMARIES: Mapping[str, Callable[[pd.DataFrame], dict[str, str]]] = {
    "genuine, mean (sd)": _means,
    "forged/genuine": _ratios,
    "within a session": _within,
    "between sessions": _between,
}


def difficulty_of(corpus: Corpus) -> dict[str, str]:
    """What the cleaning rules leave, and the error rates of untrained DTW."""
    cleaning = clean(corpus.recordings)
    labelled = len(corpus) - cleaning.taken["unlabelled"]
    figures = evaluate(corpus, [dtw_system(corpus)], PROTOCOLS["first5"]).figures["dtw"]
    return {
        "kept by the cleaning rules, %": f"{100 * cleaning.kept.sum() / labelled:.0f}",
        **{
            f"DTW, first5, {kind}, EER % global / per-signer": " / ".join(
                f"{100 * (figures[kind][name].mean or 0):.2f}"
                for name in ("eer_global", "eer_per_signer")
            )
            for kind in ("skilled", "random")
        },
    }

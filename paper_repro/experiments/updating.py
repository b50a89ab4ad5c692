"""What updates do to the errors, and what a forger can do with updates.

A signer enrols with the first six genuines of the first session, in signing order; those of
later sessions then arrive one by one. Where no sessions are told, all others arrive. The
template has three histories, all in 80 bytes and by the library's own rules:

still     it is never updated
learning  every arriving genuine is scored, and learnt from where that is let in; forgeries are
          scored against what it is after the last
attacked  after the enrolment a forger submits all forgeries of that signer, `ROUNDS` times over;
          genuines and forgeries are scored against what it is then

A template is taken over when it accepts most of the forgeries after the attack and did not
before, at the model's threshold that detects 80 % of the validation forgeries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sigtdnn.arrays import Bool, Float32, Float64, Rows
from sigtdnn.corpus.corpus import Corpus, signing_order
from sigtdnn.evaluation.figures import Estimate, difference, estimates
from sigtdnn.matching.packing import pack
from sigtdnn.models.model import Model
from sigtdnn.verification.enrolment import MIN_JUDGED, WANTED

STILL, LEARNING, ATTACKED = "still", "learning", "attacked"
HISTORIES = (STILL, LEARNING, ATTACKED)
ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Signer:
    """The network's outputs (n, d) for one signer's recordings."""

    name: str
    enrolled: Float32
    arriving: Float32
    forged: Float32


@dataclass(frozen=True, eq=False)
class Histories:
    """What became of the templates of one network's tested signers."""

    # A scores table: the histories are in the column `system`, `threshold` is the model's.
    scores: pd.DataFrame
    # One row a signer: vectors `arrived` and `learnt` from; and of those who were forged, how
    # often a forgery was `let_in`, and the shares of forgeries `accepted_before`, `_after`.
    signers: pd.DataFrame


def follow_templates(model: Model, tested: Corpus) -> Histories:
    """The three histories of every signer's template."""
    matcher = model.matcher
    threshold = model.calibrations.of(WANTED).threshold()
    scores, rows = [], []
    for signer in signers_of(model, tested):
        first = matcher.enroll(signer.enrolled)
        still = matcher.compare(first, signer.arriving)
        before = matcher.compare(first, signer.forged)
        learning, last, learnt = submit(model, first, signer.arriving)
        _, attacked, let_in = submit(model, first, np.tile(signer.forged, (ROUNDS, 1)))
        after = matcher.compare(attacked, signer.forged)
        scores += [
            _table(signer.name, STILL, still, before),
            _table(signer.name, LEARNING, learning, matcher.compare(last, signer.forged)),
            _table(signer.name, ATTACKED, matcher.compare(attacked, signer.arriving), after),
        ]
        rows.append(
            {
                "signer": signer.name,
                "arrived": len(signer.arriving),
                "learnt": learnt,
                "let_in": let_in,
                "accepted_before": _share(before >= threshold),
                "accepted_after": _share(after >= threshold),
            }
        )
    table = pd.concat(scores, ignore_index=True)
    return Histories(table.assign(threshold=threshold), pd.DataFrame(rows))


def submit(model: Model, first: Any, vectors: Float32) -> tuple[Float64, Any, int]:
    """Raw scores (n,) of vectors that arrive one by one, the last template, how many it learnt.

    Each is scored against the template before it, and let in as by `Verifier.update`.
    """
    matcher, template, learnt = model.matcher, first, 0
    raw = np.empty(len(vectors))
    for number, vector in enumerate(vectors):
        raw[number], at_first = (matcher.compare(t, vector[None])[0] for t in (template, first))
        if min(raw[number], at_first) >= model.norms.confident:
            salt = pack(matcher, template, model.id)
            template, learnt = matcher.update(template, vector, first, salt), learnt + 1
    return raw, template, learnt


def signers_of(model: Model, corpus: Corpus) -> Iterator[Signer]:
    """The signers that have signatures to enrol with and others that arrive."""
    vectors = np.asarray(model.represent(list(corpus.signatures())))
    for name, rows in signing_order(corpus.recordings).groupby("signer"):
        genuine = rows[rows["kind"] == "genuine"]
        enrolled, arriving = parted(genuine)
        if len(enrolled) >= MIN_JUDGED and len(arriving):
            forged = rows.index[rows["kind"] == "skilled"].to_numpy(np.intp)
            yield Signer(str(name), vectors[enrolled], vectors[arriving], vectors[forged])


def parted(genuine: pd.DataFrame) -> tuple[Rows, Rows]:
    """The index of the genuines that enrol and of those that arrive, both in signing order."""
    sessions = genuine["session"]
    rows = genuine.index.to_numpy(np.intp)
    if sessions.isna().any():
        return rows[:WANTED], rows[WANTED:]
    first = (sessions == sessions.iloc[0]).to_numpy(bool)
    return rows[first][:WANTED], rows[~first]


def _table(signer: str, history: str, genuine: Float64, forged: Float64) -> pd.DataFrame:
    kinds = np.repeat(["genuine", "skilled"], [len(genuine), len(forged)])
    return pd.DataFrame(
        {
            "system": history,
            "signer": signer,
            "kind": kinds,
            "raw": np.concatenate([genuine, forged]),
            "log_odds": np.nan,
        }
    )


def _share(chosen: Bool) -> float:
    return float(chosen.mean()) if len(chosen) else np.nan


def update_figures(scores: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """Figures of each history, and of each less `still`, folds pooled and seeds as draws.

    GA@FR80 and EER against each network's own p-no; FRR and FAR at its own threshold.
    """
    of = {}
    for history in HISTORIES:
        own = scores[scores["system"] == history]
        pooled = estimates(own, "skilled")
        of[history] = {
            "ga_at_fr80": pooled["ga_at_fr80"],
            "eer": pooled["eer_global"],
            "frr": _rest(pooled["ga_at_validation_threshold"]),
            "far": _rest(pooled["fr_at_validation_threshold"]),
        }
    return of | {
        f"{history} - {STILL}": {
            name: difference(estimate, of[STILL][name]) for name, estimate in of[history].items()
        }
        for history in (LEARNING, ATTACKED)
    }


def _rest(estimate: Estimate) -> Estimate:
    return Estimate(1 - estimate.values, 1 - estimate.resampled)


def attack_counts(signers: pd.DataFrame) -> dict[str, int]:
    """Templates attacked, those that let a forger in at all, and those taken over."""
    attacked = signers[signers["accepted_before"].notna()]
    taken = (attacked["accepted_after"] > 0.5) & (attacked["accepted_before"] <= 0.5)
    return {
        "templates": len(attacked),
        "let_in": int((attacked["let_in"] > 0).sum()),
        "taken_over": int(taken.sum()),
    }

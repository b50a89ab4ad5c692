"""How distances between signatures are spread over signers: what a threshold for all depends on.

The distance is that of the elastic matcher: fourteen functions of time, saturating cost. Of each
enrolment

r   mean distance between two references
d   mean distance of a questioned genuine to the references
f   mean distance of a forgery to them

and all is told of their natural logarithms. Regressions are of a signer's mean log d or log f
on log r. Where there are several draws of references, figures are means over them.
"""

from typing import NamedTuple

import numpy as np

from sigtdnn.arrays import Bool, Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Kind
from sigtdnn.matching.elastic.dtw import pair_distances
from sigtdnn.matching.elastic.functions import FUNCTIONS, functions_of_time
from sigtdnn.trials.table import Trials


class Enrolment(NamedTuple):
    """The distances of one signer's references and questioned signatures, as logarithms."""

    references: float  # log r
    genuine: Float64  # log d
    forged: Float64  # log f
    genuine_longer: Float64  # duration over that of the references, for each of `genuine`
    forged_longer: Float64  # and for each of `forged`


def distance_figures(corpus: Corpus, trials: Trials) -> dict[str, float]:
    """The figures of a corpus; random forgeries are left out."""
    draws: dict[int, list[Enrolment]] = {}
    for draw, enrolment in _enrolments(corpus, trials):
        draws.setdefault(draw, []).append(enrolment)
    found = [_figures(of_draw) for of_draw in draws.values()]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def _enrolments(corpus: Corpus, trials: Trials) -> list[tuple[int, Enrolment]]:
    asked: list[tuple[int, Rows, Rows, Bool]] = []
    for draw, _, references, questioned in trials.enrolments():
        roles = questioned["role"].to_numpy(dtype=str)
        own = roles != Kind.RANDOM
        rows = questioned.index.to_numpy(np.intp)[own]
        asked.append((draw, references, rows, roles[own] == Kind.GENUINE))
    pairs = np.unique(
        np.concatenate(
            [
                np.sort(np.stack(np.meshgrid(references, some), axis=-1).reshape(-1, 2), axis=1)
                for _, references, rows, _ in asked
                for some in (references, rows)
            ]
        ),
        axis=0,
    )
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    used, place = np.unique(pairs, return_inverse=True)
    signatures = [corpus.signature(row) for row in used.tolist()]
    frames = [functions_of_time(signature) for signature in signatures]
    distances = pair_distances(frames, place.reshape(-1, 2), "saturating", len(FUNCTIONS))
    apart = dict(zip(map(tuple, pairs.tolist()), distances.tolist(), strict=True))
    lasting = dict(zip(used.tolist(), (np.log(s.duration) for s in signatures), strict=True))
    return [
        (draw, _enrolment(references, rows, genuine, apart, lasting))
        for draw, references, rows, genuine in asked
    ]


def _enrolment(
    references: Rows,
    rows: Rows,
    genuine: Bool,
    apart: dict[tuple[int, int], float],
    lasting: dict[int, float],
) -> Enrolment:
    """One enrolment, of distances by pair and log durations by row."""

    def mean(one: int, others: Rows) -> float:
        known = [apart[min(one, other), max(one, other)] for other in others.tolist()]
        return float(np.mean(known))

    usual = np.mean([lasting[row] for row in references.tolist()])
    longer = np.array([lasting[row] - usual for row in rows.tolist()])
    distance = np.log([mean(row, references) for row in rows.tolist()])
    among = [mean(row, references[references != row]) for row in references.tolist()]
    return Enrolment(
        float(np.log(np.mean(among))),
        distance[genuine],
        distance[~genuine],
        longer[genuine],
        longer[~genuine],
    )


def _figures(enrolments: list[Enrolment]) -> dict[str, float]:
    """The figures of one draw."""
    forged = [one for one in enrolments if len(one.forged)]
    log_r = np.array([one.references for one in enrolments])
    log_d = np.array([one.genuine.mean() for one in enrolments])
    log_f = np.array([one.forged.mean() for one in forged])
    forged_r = np.array([one.references for one in forged])
    forged_d = np.array([one.genuine.mean() for one in forged])
    slope_d, residual_d = _regression(log_r, log_d)
    slope_f, residual_f = _regression(forged_r, log_f)
    return {
        "log r: sd over signers": float(log_r.std(ddof=1)),
        "genuines: mean log (d / r)": float((log_d - log_r).mean()),
        "genuines: slope of log d on log r": slope_d,
        "genuines: residual sd over signers": residual_d,
        "genuines: sd within a signer": _within([one.genuine for one in enrolments]),
        "genuines: sd of log duration": float(
            np.concatenate([one.genuine_longer for one in enrolments]).std()
        ),
        "forgeries: mean log (f / d)": float((log_f - forged_d).mean()),
        "forgeries: slope of log f on log r": slope_f,
        "forgeries: residual sd over signers": residual_f,
        "forgeries: sd within a signer": _within([one.forged for one in forged]),
        "forgeries: median log duration": float(
            np.median(np.concatenate([one.forged_longer for one in forged]))
        ),
    }


def _regression(x: Float64, y: Float64) -> tuple[float, float]:
    """The slope of y on x, and the deviation of what it leaves; shapes (n,)."""
    slope, at_0 = np.polyfit(x, y, 1)
    return float(slope), float((y - slope * x - at_0).std(ddof=2))


def _within(values: list[Float64]) -> float:
    """The deviation of values within their groups, pooled."""
    squares = sum(float(((own - own.mean()) ** 2).sum()) for own in values)
    return float(np.sqrt(squares / sum(len(own) - 1 for own in values)))

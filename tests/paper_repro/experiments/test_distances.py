from dataclasses import replace

import numpy as np
import pytest

from paper_repro.experiments.distances import distance_figures
from sigtdnn.corpus.study import population_corpus
from sigtdnn.matching.elastic.dtw import pair_distances
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS


@pytest.fixture(scope="module")
def corpus():
    whole = population_corpus(4, seed=1)
    rows = whole.recordings
    few = (rows["number"] <= 3) | ((rows["session"] == 2) & (rows["number"] <= 13))
    forged = rows["kind"] == "skilled"
    # Somebody whom nobody forged.
    unforged = forged & rows["signer"].str.endswith("S0004")
    return whole.select((few & ~unforged).to_numpy())


PROTOCOL = replace(PROTOCOLS["svc2004"], references=3, draws=1)


def by_hand(corpus):
    """The mean log r, log d, log f and log durations of every signer, pair by pair."""

    def distance(one, other):
        frames = [functions_of_time(one), functions_of_time(other)]
        return pair_distances(frames, np.array([[0, 1]]), "saturating", 14)[0]

    rows, signers = corpus.recordings, []
    for signer in sorted(rows["signer"].unique()):
        own = rows[rows["signer"] == signer]

        def of(kind, session, own=own):
            chosen = own[(own["kind"] == kind) & (own["session"] == session)]
            return [corpus.signature(row) for row in chosen.index]

        references, genuine, forged = of("genuine", 1), of("genuine", 2), of("skilled", 1)
        pairs = [(a, b) for a in references for b in references if a is not b]
        usual = np.mean([np.log(a.duration) for a in references])
        signers.append(
            (
                np.log(np.mean([distance(a, b) for a, b in pairs])),
                [np.log(np.mean([distance(a, q) for a in references])) for q in genuine],
                [np.log(np.mean([distance(a, q) for a in references])) for q in forged],
                [np.log(q.duration) - usual for q in genuine],
                [np.log(q.duration) - usual for q in forged],
            )
        )
    return signers


def test_figures_are_those_computed_pair_by_pair(corpus):
    found = distance_figures(corpus, make_trials(corpus, PROTOCOL))
    log_r, log_d, log_f, longer, forged_longer = zip(*by_hand(corpus), strict=True)
    forged = log_r[:3], log_f[:3]
    expected = {
        "log r: sd over signers": np.std(log_r, ddof=1),
        "genuines: mean log (d / r)": np.mean(
            [np.mean(d) - r for r, d in zip(log_r, log_d, strict=True)]
        ),
        "genuines: sd within a signer": np.sqrt(np.mean([np.var(d, ddof=1) for d in log_d])),
        "genuines: sd of log duration": np.std(np.concatenate(longer)),
        "forgeries: mean log (f / d)": np.mean(
            [np.mean(f) - np.mean(d) for d, f in zip(log_d[:3], forged[1], strict=True)]
        ),
        "forgeries: sd within a signer": np.sqrt(np.mean([np.var(f, ddof=1) for f in forged[1]])),
        "forgeries: median log duration": np.median(np.concatenate(forged_longer[:3])),
    }
    for kind, r, values in (("genuines", log_r, log_d), ("forgeries", *forged)):
        means = np.array([np.mean(own) for own in values])
        slope = np.cov(r, means)[0, 1] / np.var(r, ddof=1)
        left = means - means.mean() - slope * (np.array(r) - np.mean(r))
        letter = "d" if kind == "genuines" else "f"
        expected[f"{kind}: slope of log {letter} on log r"] = slope
        expected[f"{kind}: residual sd over signers"] = np.sqrt((left**2).sum() / (len(r) - 2))
    assert found == pytest.approx(expected)


def test_random_forgeries_have_no_part(corpus):
    trials = make_trials(corpus, PROTOCOL)
    kept = (trials.table["role"] != "random").to_numpy()
    without = replace(
        trials, table=trials.table[kept].reset_index(drop=True), rows=trials.rows[kept]
    )
    assert distance_figures(corpus, trials) == distance_figures(corpus, without)


def test_draws_are_averaged(corpus):
    two = distance_figures(corpus, make_trials(corpus, replace(PROTOCOL, references=2, draws=2)))
    each = []
    for draw in (0, 1):
        trials = make_trials(corpus, replace(PROTOCOL, references=2, draws=2))
        kept = (trials.table["draw"] == draw).to_numpy()
        of_draw = replace(
            trials, table=trials.table[kept].reset_index(drop=True), rows=trials.rows[kept]
        )
        each.append(distance_figures(corpus, of_draw))
    assert two == pytest.approx({name: (each[0][name] + each[1][name]) / 2 for name in two})
    assert each[0] != each[1]

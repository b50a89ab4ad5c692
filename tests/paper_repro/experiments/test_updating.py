from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paper_repro.experiments.updating import (
    ATTACKED,
    LEARNING,
    STILL,
    attack_counts,
    parted,
    submit,
    update_figures,
)
from sigtdnn.matching.packing import pack
from sigtdnn.verification import Verifier


def genuine(sessions):
    return pd.DataFrame({"session": pd.array(sessions, dtype="Int64")})


def test_the_first_six_of_the_first_session_enrol_and_later_sessions_arrive():
    enrolled, arriving = parted(genuine([1] * 8 + [2] * 3))
    assert enrolled.tolist() == [0, 1, 2, 3, 4, 5]
    assert arriving.tolist() == [8, 9, 10]


def test_a_short_first_session_enrols_whole():
    enrolled, arriving = parted(genuine([1] * 4 + [2] * 3))
    assert (enrolled.tolist(), arriving.tolist()) == ([0, 1, 2, 3], [4, 5, 6])


def test_without_sessions_all_others_arrive():
    enrolled, arriving = parted(genuine([None] * 8))
    assert (enrolled.tolist(), arriving.tolist()) == ([0, 1, 2, 3, 4, 5], [6, 7])


@pytest.fixture(scope="module")
def signatures(study):
    """Genuines of one artificial signer."""
    signer = study.recordings[0].signer
    own = [r.signature for r in study.recordings if (r.signer, r.kind) == (signer, "genuine")]
    return own[:9]


def letting_in(model, confident):
    """The model that learns from what it is so confident of."""
    return replace(model, norms=replace(model.norms, confident=confident))


def test_what_is_submitted_is_scored_and_learnt_from_as_verification_does(make_model, signatures):
    model = make_model()
    vectors = model.represent(signatures)
    first = model.matcher.enroll(vectors[:6])
    # Between the scores of the three, so that not all are let in.
    confident = float(np.median(model.matcher.compare(first, vectors[6:])))
    model = letting_in(model, confident)
    raw, last, learnt = submit(model, first, vectors[6:])
    verifier = Verifier(model)
    record = verifier.reference(signatures[:6])
    for number, signature in enumerate(signatures[6:]):
        assert raw[number] == verifier.score(record, signature).raw
        record = verifier.update(record, signature)
    assert pack(model.matcher, last, model.id) == record.template
    assert learnt == record.updates
    assert 0 < learnt < 3


def test_what_is_not_let_in_changes_nothing(make_model, signatures):
    model = letting_in(make_model(), 1e9)
    vectors = model.represent(signatures)
    first = model.matcher.enroll(vectors[:6])
    _, last, learnt = submit(model, first, vectors[6:])
    assert (last is first, learnt) == (True, 0)


def test_a_template_is_taken_over_when_it_turns_to_most_forgeries():
    signers = pd.DataFrame(
        {
            "let_in": [0, 5, 3, 2, 0],
            "accepted_before": [0.2, 0.5, 0.6, 0.1, np.nan],
            "accepted_after": [0.2, 0.6, 0.9, 0.5, np.nan],
        }
    )
    assert attack_counts(signers) == {"templates": 4, "let_in": 3, "taken_over": 1}


def test_rates_are_those_at_each_models_own_threshold():
    rows = [
        (history, "a", kind, raw, np.nan, threshold, 0)
        for history, threshold in ((STILL, 10.0), (LEARNING, -10.0), (ATTACKED, 10.0))
        for kind, raw in (("genuine", 0.0), ("genuine", 20.0), ("skilled", 0.0))
    ]
    columns = ["system", "signer", "kind", "raw", "log_odds", "threshold", "draw"]
    figures = update_figures(pd.DataFrame(rows, columns=columns))
    assert (figures[STILL]["frr"].mean, figures[STILL]["far"].mean) == (0.5, 0)
    assert (figures[LEARNING]["frr"].mean, figures[LEARNING]["far"].mean) == (0, 1)
    assert figures["learning - still"]["frr"].mean == -0.5

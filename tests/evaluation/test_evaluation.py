from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.figures import FIGURES
from sigtdnn.evaluation.systems import RowRepresentations, System, dtw_system, model_system
from sigtdnn.models.model import Model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import write_trials

MakeModel = Callable[..., Model]


def system(model: Model, corpus: Corpus) -> System:
    return model_system("g", model, RowRepresentations(model.represent, corpus))


def test_every_system_has_every_figure_on_the_same_trials(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    systems = [dtw_system(signed_corpus), system(make_model(), signed_corpus)]
    found = evaluate(signed_corpus, systems, PROTOCOLS["paper"])
    assert found.systems == ["dtw", "g"]
    for kinds in found.figures.values():
        assert list(kinds) == ["skilled", "random"]
        assert all(list(figures) == list(FIGURES) for figures in kinds.values())
    trials = ["draw", "signer", "questioned", "kind"]
    dtw, g = (found.scores.loc[found.scores["system"] == name, trials] for name in ("dtw", "g"))
    assert dtw.to_numpy().tolist() == g.to_numpy().tolist()
    assert found.trial_counts() == {"genuine": 12, "skilled": 4, "random": 12}
    assert found.figures["g"]["skilled"]["ga_at_validation_threshold"].mean is not None
    assert found.figures["dtw"]["skilled"]["ga_at_validation_threshold"].mean is None
    one, other = (found.figures[name]["random"]["eer_global"] for name in ("dtw", "g"))
    assert one.mean is not None
    assert other.mean is not None
    difference = found.differences["dtw", "g"]["random"]["eer_global"]
    assert difference.mean == pytest.approx(one.mean - other.mean)
    np.testing.assert_allclose(difference.resampled, one.resampled - other.resampled)
    assert found.signer_eer.index.tolist() == ["set/0", "set/1", "set/2", "set/3"]
    assert np.isnan(found.signer_eer.loc["set/3", ("g", "skilled")])


def test_trained_signers_are_left_out_for_all_systems(
    signed_corpus: Corpus, make_model: MakeModel
) -> None:
    model = make_model(trained=("set/0", "set/2"))
    systems = [system(model, signed_corpus), dtw_system(signed_corpus)]
    found = evaluate(signed_corpus, systems, PROTOCOLS["paper"])
    assert found.trials.signers == ["set/1", "set/3"]
    assert found.guard.left_out == ("set/0", "set/2")
    assert found.trial_counts()["random"] == 2


def test_overlap_is_allowed_when_asked_for(signed_corpus: Corpus, make_model: MakeModel) -> None:
    model = make_model(trained=("set/0", "set/1", "set/2", "set/3"))
    systems = [system(model, signed_corpus)]
    with pytest.raises(ProtocolError, match="all 4 signers"):
        evaluate(signed_corpus, systems, PROTOCOLS["paper"])
    found = evaluate(signed_corpus, systems, PROTOCOLS["paper"], allow_overlap=True)
    assert len(found.trials.signers) == 4
    assert found.guard.overlapping == ("set/0", "set/1", "set/2", "set/3")


def test_trials_of_a_file_lose_what_touches_trained_signers(
    signed_corpus: Corpus, make_model: MakeModel, tmp_path: Path
) -> None:
    path = tmp_path / "trials.csv"
    write_trials(make_trials(signed_corpus, PROTOCOLS["paper"]), path)
    systems = [system(make_model(trained=("set/0",)), signed_corpus)]
    found = evaluate(signed_corpus, systems, path)
    assert found.trials.signers == ["set/1", "set/2", "set/3"]
    # Random forgeries by set/0 are gone too: two are left of each signer's three.
    assert found.trial_counts() == {"genuine": 9, "skilled": 2, "random": 6}
    kept = evaluate(signed_corpus, systems, path, allow_overlap=True)
    assert kept.trial_counts() == {"genuine": 12, "skilled": 4, "random": 12}


def test_a_trials_file_of_trained_signers_alone_is_refused(
    signed_corpus: Corpus, make_model: MakeModel, tmp_path: Path
) -> None:
    path = tmp_path / "trials.csv"
    write_trials(make_trials(signed_corpus, PROTOCOLS["paper"], signers=["set/0"]), path)
    systems = [system(make_model(trained=("set/0",)), signed_corpus)]
    with pytest.raises(ProtocolError, match="every trial is of signers that were trained"):
        evaluate(signed_corpus, systems, path)


def test_draws_follow_from_the_seed(signed_corpus: Corpus) -> None:
    mixed = PROTOCOLS["mixed"]
    one, same, other = (
        evaluate(signed_corpus, [dtw_system(signed_corpus)], mixed, seed=seed) for seed in (0, 0, 1)
    )
    assert one.scores["raw"].tolist() == same.scores["raw"].tolist()
    assert one.scores["raw"].tolist() != other.scores["raw"].tolist()

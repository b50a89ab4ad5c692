import json
from dataclasses import replace

import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import CorpusError, RunError, TooFewExamplesError
from sigtdnn.evaluation.arguments import open_systems
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.matching.elastic import Elastic
from sigtdnn.models.file import load_model
from sigtdnn.network_run import NetworkRun
from sigtdnn.run_folder import MatcherRun
from sigtdnn.tables import table_from
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import DataSettings, OptimiserSettings
from sigtdnn.trials.protocols import PROTOCOLS
from tests.artificial import SMALL_NETWORK


@pytest.fixture(scope="module")
def corpus(make_corpus):
    return make_corpus(signers=14)


@pytest.fixture(scope="module")
def recipe():
    return Recipe(
        SMALL_NETWORK,
        sampling=PairSampler(pairs=60, validation_pairs=20),
        optimiser=OptimiserSettings(passes=3, curvature_pairs=8),
    )


@pytest.fixture(scope="module")
def finished(corpus, recipe, tmp_path_factory):
    """A run, its result, the passes it told and its folder."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    run = NetworkRun(corpus, recipe, 0, folder)
    run.start()
    told = []
    run.train(told.append)
    return run, run.finish(), told, folder


FILES = [
    "config.toml",
    "history.csv",
    "metrics.json",
    "model.safetensors",
    "scores.csv",
    "training.png",
]


def test_a_run_leaves_a_folder_that_explains_itself(finished, recipe):
    run, result, told, folder = finished
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert read_recipe(str(folder / "config.toml")) == recipe
    assert load_model(folder).fingerprint == result.model.fingerprint
    history = pd.read_csv(folder / "history.csv")
    assert history["number"].tolist() == [1, 2, 3]
    assert told == result.history
    assert set(json.loads((folder / "metrics.json").read_text())) >= {"protocol", "systems"}
    assert (folder / "training.png").read_bytes().startswith(b"\x89PNG")
    scores = pd.read_csv(folder / "scores.csv")
    assert set(scores["system"]) == {"small", "small-untrained"}
    assert set(scores["signer"]) == set(run.test_signers)


def test_test_signers_are_strangers_to_the_model(finished, corpus):
    run, result, _, _ = finished
    seen = {
        *result.model.provenance.training_signers,
        *result.model.provenance.validation_signers,
    }
    assert run.test_signers
    assert not seen & set(run.test_signers)
    assert seen | set(run.test_signers) == set(corpus.recordings["signer"])


def test_scores_of_a_run_are_those_of_its_model_evaluated(finished, corpus):
    run, _, _, folder = finished
    strangers = corpus.select(corpus.recordings["signer"].isin(run.test_signers).to_numpy())
    systems = open_systems([str(folder)], strangers)
    found = evaluate(strangers, systems, PROTOCOLS["paper"])
    scores = pd.read_csv(folder / "scores.csv").query("system == 'small'")
    pd.testing.assert_frame_equal(found.scores, scores, check_dtype=False)


def interrupt(corpus, recipe, folder, after):
    run = NetworkRun(corpus, recipe, 0, folder)
    run.start()

    def stop(record):
        if record.number == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.train(stop)


def test_a_resumed_run_ends_with_the_same_files(finished, corpus, recipe, tmp_path):
    undisturbed = finished[-1]
    interrupt(corpus, recipe, tmp_path / "resumed", after=2)
    run, told = NetworkRun(corpus, recipe, 0, tmp_path / "resumed"), []
    run.resume()
    run.train(told.append)
    run.finish()
    assert [record.number for record in told] == [3]
    for name in ("config.toml", "metrics.json", "model.safetensors", "scores.csv"):
        same = (undisturbed / name).read_bytes() == (tmp_path / "resumed" / name).read_bytes()
        assert same, name
    assert sorted(path.name for path in (tmp_path / "resumed").iterdir()) == FILES


def test_a_run_interrupted_in_its_first_pass_can_be_resumed(finished, corpus, recipe, tmp_path):
    NetworkRun(corpus, recipe, 0, tmp_path / "run").start()
    again = NetworkRun(corpus, recipe, 0, tmp_path / "run")
    again.resume()
    again.train(lambda record: None)
    assert again.finish().model.fingerprint == finished[1].model.fingerprint


def test_a_folder_with_something_in_it_is_not_touched(corpus, recipe, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RunError, match="is not empty"):
        NetworkRun(corpus, recipe, 0, tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_finished_run_cannot_be_resumed(finished, corpus, recipe):
    with pytest.raises(RunError, match="nothing to resume"):
        NetworkRun(corpus, recipe, 0, finished[-1]).resume()


@pytest.fixture(scope="module")
def started(corpus, recipe, tmp_path_factory):
    """The folder of a run of seed 0 before its first pass."""
    folder = tmp_path_factory.mktemp("runs") / "started"
    NetworkRun(corpus, recipe, 0, folder).start()
    return folder


def test_only_a_run_of_the_same_seed_is_resumed(corpus, recipe, started):
    with pytest.raises(RunError, match="had another seed"):
        NetworkRun(corpus, recipe, 1, started).resume()


def test_only_a_run_of_the_same_recipe_is_resumed(corpus, recipe, started):
    other = replace(recipe, optimiser=replace(recipe.optimiser, passes=4))
    with pytest.raises(RunError, match="had another recipe"):
        NetworkRun(corpus, other, 0, started).resume()


def test_only_a_run_of_the_same_signatures_is_resumed(make_corpus, recipe, started):
    with pytest.raises(RunError, match="had another corpus"):
        NetworkRun(make_corpus(signers=14, seed=5), recipe, 0, started).resume()


def test_only_a_run_of_the_same_identities_is_resumed(corpus, recipe, started):
    recordings = corpus.recordings.assign(writer=corpus.recordings["writer"] + "x")
    with pytest.raises(RunError, match="had another corpus"):
        NetworkRun(replace(corpus, recordings=recordings), recipe, 0, started).resume()


def test_too_few_signers_are_refused_before_anything_is_written(make_corpus, recipe, tmp_path):
    with pytest.raises(CorpusError, match="give more signers"):
        NetworkRun(make_corpus(signers=2), recipe, 0, tmp_path / "run")
    assert not (tmp_path / "run").exists()


ELASTIC = Recipe(data=DataSettings(cleaned=False), matcher=Elastic(learnt=2))


@pytest.fixture(scope="module")
def fitted(corpus, tmp_path_factory):
    """A run without a network, its result, the progress it told and its folder."""
    folder = tmp_path_factory.mktemp("runs") / "elastic"
    run, told = MatcherRun(corpus, ELASTIC, 0, folder), []
    result = run.fit(lambda done, total: told.append((done, total)))
    return run, result, told, folder


def test_a_run_without_a_network_leaves_a_model_and_its_test(fitted):
    run, result, _, folder = fitted
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.toml",
        "metrics.json",
        "model.safetensors",
        "scores.csv",
    ]
    assert table_from(read_recipe(str(folder / "config.toml"))) == table_from(ELASTIC)
    model = load_model(folder)
    assert model.fingerprint == result.model.fingerprint
    assert (model.encoder, result.history) == (None, [])
    assert model.matcher.projection.shape == (50, 2)
    scores = pd.read_csv(folder / "scores.csv")
    assert set(scores["system"]) == {"elastic", "elastic-untrained"}
    assert set(scores["signer"]) == set(run.test_signers)
    seen = {*model.provenance.training_signers, *model.provenance.validation_signers}
    assert run.test_signers
    assert not seen & set(run.test_signers)


def test_beside_a_matcher_stands_the_same_with_nothing_learnt(fitted, corpus, tmp_path):
    scores = pd.read_csv(fitted[-1] / "scores.csv")
    plain = replace(ELASTIC, matcher=ELASTIC.matcher.untrained())
    evaluation = MatcherRun(corpus, plain, 0, tmp_path / "plain").fit().evaluation
    untrained = scores.query("system == 'elastic-untrained'")["raw"].to_numpy()
    learnt = scores.query("system == 'elastic'")["raw"].to_numpy()
    same = evaluation.scores.query("system == 'elastic'")["raw"].to_numpy()
    assert untrained == pytest.approx(same)
    assert untrained != pytest.approx(learnt)


def test_progress_of_a_fit_runs_once_from_begin_to_end(fitted):
    done, total = zip(*fitted[2], strict=True)
    assert len(set(total)) == 1
    assert list(done) == sorted(done)
    assert done[-1] == total[0]


def test_a_fit_touches_no_folder_with_something_in_it(corpus, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RunError, match="is not empty"):
        MatcherRun(corpus, ELASTIC, 0, tmp_path).fit()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_fit_that_fails_writes_nothing(corpus, tmp_path):
    recordings = corpus.recordings
    single = ~recordings.duplicated(["signer", "kind"]).to_numpy()
    with pytest.raises(TooFewExamplesError):
        MatcherRun(corpus.select(single), ELASTIC, 0, tmp_path / "run").fit()
    assert not (tmp_path / "run").exists()


def test_without_forgeries_and_numbers_people_are_told_apart(corpus, tmp_path):
    numbers = corpus.recordings["number"].mask(corpus.recordings["number"].notna())
    recordings = corpus.recordings.assign(number=numbers)
    unnumbered = Corpus(recordings, corpus.collections, corpus.pool, corpus.rows)
    genuine = unnumbered.select((recordings["kind"] == "genuine").to_numpy())
    result = MatcherRun(genuine, ELASTIC, 0, tmp_path / "run").fit()
    assert result.evaluation.trials.protocol == "mixed"
    assert result.evaluation.trial_counts()["skilled"] == 0
    assert result.model.calibrations.of(5).skilled == result.model.calibrations.of(5).random

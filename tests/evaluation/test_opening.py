from collections.abc import Callable
from pathlib import Path

import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ModelError, ProtocolError
from sigtdnn.evaluation.comparisons import Cosine, Normalised
from sigtdnn.evaluation.opening import open_systems
from sigtdnn.evaluation.systems import Carded, Gaussian
from sigtdnn.matching.elastic.dtw import DTW

ModelFile = Callable[..., Path]


def test_every_kind_is_opened_and_named_after_its_network(
    signed_corpus: Corpus, model_file: ModelFile
) -> None:
    run = model_file("run")
    arguments = [f"{run}", f"{run}:card", f"{run}:cosine", f"{run}:normalised", "dtw"]
    systems = open_systems(arguments, signed_corpus)
    assert [type(system) for system in systems] == [Gaussian, Carded, Cosine, Normalised, DTW]
    assert [s.name for s in systems] == [
        "small", "small:card", "small:cosine", "small:normalised", "dtw",
    ]  # fmt: skip


def test_file_and_run_folder_are_both_models(signed_corpus: Corpus, model_file: ModelFile) -> None:
    run = model_file("run")
    (system,) = open_systems([str(run / "model.safetensors")], signed_corpus)
    assert system.name == "small"


def test_systems_of_one_name_are_named_as_typed(
    signed_corpus: Corpus, model_file: ModelFile
) -> None:
    one, other = (str(model_file(folder)) for folder in ("one", "other"))
    third = str(model_file("third", name="third"))
    systems = open_systems([one, other, third], signed_corpus)
    assert [system.name for system in systems] == [one, other, "third"]


def test_a_colon_in_a_path_is_no_kind(signed_corpus: Corpus, model_file: ModelFile) -> None:
    run = model_file("a:b")
    assert open_systems([str(run)], signed_corpus)[0].name == "small"
    with pytest.raises(ModelError, match="run:fusion: there is no such model"):
        open_systems(["run:fusion"], signed_corpus)


def test_a_system_named_twice_is_refused(signed_corpus: Corpus) -> None:
    with pytest.raises(ProtocolError, match="'dtw' is named twice"):
        open_systems(["dtw", "dtw"], signed_corpus)

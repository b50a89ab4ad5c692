from collections.abc import Callable
from pathlib import Path

import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ModelNotFoundError, ProtocolError
from sigtdnn.evaluation.arguments import open_systems
from sigtdnn.evaluation.systems import ComparatorSystem, StoredTemplates
from sigtdnn.matching.elastic import TEXTBOOK
from sigtdnn.models.file import load_model

ModelFile = Callable[..., Path]


def test_every_variant_is_opened_and_named_after_its_model(
    signed_corpus: Corpus, model_file: ModelFile
) -> None:
    run = model_file("run")
    arguments = [f"{run}", f"{run}:whole", f"{run}:cosine", f"{run}:normalised", "dtw"]
    systems = open_systems(arguments, signed_corpus)
    assert [s.name for s in systems] == [
        "small", "small:whole", "small:cosine", "small:normalised", "dtw",
    ]  # fmt: skip
    comparators = [s.comparator for s in systems if isinstance(s, ComparatorSystem)]
    model = load_model(run)
    assert comparators == [
        StoredTemplates(model.matcher, model.id),
        *(comparator for comparator, _ in model.matcher.variants().values()),
        TEXTBOOK,
    ]


def test_systems_of_one_model_share_its_representations(
    signed_corpus: Corpus, model_file: ModelFile
) -> None:
    run, other = model_file("run"), model_file("other", name="other")
    arguments = [f"{run}", f"{run}:whole", f"{other}"]
    one, same, different = (
        s.represented
        for s in open_systems(arguments, signed_corpus)
        if isinstance(s, ComparatorSystem)
    )
    assert one is same
    assert one is not different


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


def test_a_colon_in_a_path_is_no_variant(signed_corpus: Corpus, model_file: ModelFile) -> None:
    run = model_file("a:b")
    systems = open_systems([f"{run}", f"{run}:whole"], signed_corpus)
    assert [system.name for system in systems] == ["small", "small:whole"]


def test_a_model_that_is_not_there_is_refused(signed_corpus: Corpus) -> None:
    for argument in ("run", "run:whole"):
        with pytest.raises(ModelNotFoundError, match="run: there is no such model"):
            open_systems([argument], signed_corpus)


def test_a_variant_that_is_not_there_is_refused(
    signed_corpus: Corpus, model_file: ModelFile
) -> None:
    run = model_file("run")
    with pytest.raises(ProtocolError, match=r"no variant 'fusion'; .*: whole, cosine, normalised"):
        open_systems([f"{run}:fusion"], signed_corpus)
    with pytest.raises(ProtocolError, match="dtw has no variant 'whole'"):
        open_systems(["dtw:whole"], signed_corpus)


def test_a_system_named_twice_is_refused(signed_corpus: Corpus) -> None:
    with pytest.raises(ProtocolError, match="'dtw' is named twice"):
        open_systems(["dtw", "dtw"], signed_corpus)

"""The models that ship, built small: few people, one pass."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from paper_repro.__main__ import cli
from paper_repro.experiments import pretrained
from sigtdnn.corpus.build import build_corpus
from sigtdnn.models.file import load_model
from sigtdnn.models.pretrained import DEFAULT, NAMES
from sigtdnn.training.recipe import Recipe, read_recipe

SIGNERS = 8


def one_pass(name: str) -> Recipe:
    """The recipe of that name, for one pass or step."""
    recipe = read_recipe(name)
    if recipe.network is None:
        return replace(recipe, matcher=replace(recipe.matcher, steps=1))
    return replace(recipe, optimiser=replace(recipe.optimiser, passes=1))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, write_set: Callable[..., None]) -> list[Path]:
    """Two folders of models, each built in the same way."""
    folder = tmp_path_factory.mktemp("pretrained")
    write_set(folder / "learnt", SIGNERS)
    corpus = build_corpus([folder / "learnt"]).corpus
    outputs = [folder / "one", folder / "other"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretrained, "study_corpus", lambda seed: corpus)
        patch.setattr(pretrained, "PEOPLE", (4, 5))
        patch.setattr(pretrained, "read_recipe", one_pass)
        for output in outputs:
            words = ["pretrained", "-o", str(output)]
            assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    return outputs


def test_the_same_seed_gives_the_same_bytes(built: list[Path]) -> None:
    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in built)
    assert set(one) == {f"{name}.safetensors" for name in NAMES}
    assert one == other


def test_models_say_their_name_licence_and_signers(built: list[Path]) -> None:
    for name in NAMES:
        model = load_model(built[0] / f"{name}.safetensors")
        source = model.provenance
        assert (model.name, source.licence, source.seed) == (name, "MIT", 0)
        collections = {signer.partition("/")[0] for signer in source.signers}
        if name == DEFAULT:
            assert collections == {"artificial-population-1", "artificial-population-2"}
            assert (len(source.training_signers), len(source.validation_signers)) == (4, 5)
        else:
            assert collections == {"learnt"}
            assert len(source.signers) == SIGNERS

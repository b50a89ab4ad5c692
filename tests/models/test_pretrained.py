import hashlib
import json
from pathlib import Path

import pytest

from sigtdnn import Verifier
from sigtdnn.errors import ModelNotFoundError
from sigtdnn.formats import read_signature
from sigtdnn.models.file import load_model, save_model
from sigtdnn.models.pretrained import DEFAULT, NAMES, card, pretrained_file
from sigtdnn.synthesis import population, study
from tests.tools import ROOT

MAX_BYTES = {DEFAULT: 1 << 20, "network-5": 100_000}
ARTIFICIAL = (study.COLLECTION, population.COLLECTION)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_ships_is_found_by_its_name_and_small(name):
    model = load_model(name)
    assert model.name == name
    assert model.fingerprint == load_model(pretrained_file(name)).fingerprint
    assert pretrained_file(name).stat().st_size <= MAX_BYTES[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_ships_has_seen_artificial_people_only(name):
    source = load_model(name).provenance
    people = (*source.training_signers, *source.validation_signers, *source.forgers)
    assert len(people) > 100
    assert all(person.startswith(ARTIFICIAL) for person in people)
    assert source.corpus.startswith(ARTIFICIAL)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_ships_has_a_licence_and_a_card(name):
    assert load_model(name).provenance.licence == "MIT"
    text = card(name)
    assert text.startswith(f"# Model card: {name}\n")
    for part in ("**Trained on**", "**Licence**: MIT", "## How good it is", "## Limits"):
        assert part in text


def test_the_figures_are_those_of_the_models_that_ship():
    told = json.loads((ROOT / "paper_repro/results/cards.json").read_text(encoding="utf-8"))
    content = {name: pretrained_file(name).read_bytes() for name in NAMES}
    assert told["files"] == {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in content.items()
    }


def test_a_path_is_a_file_even_where_its_name_is_that_of_a_model(tmp_path, monkeypatch, make_model):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotFoundError, match="one that ships: default, network-5"):
        load_model(Path("default"))
    save_model(make_model(), tmp_path / "default")
    assert load_model(Path("default")).name == load_model("./default").name == "small"
    assert load_model("default").name == "default"


def test_the_default_verifier_tells_a_signature_from_a_forgery():
    verifier = Verifier.default()
    assert verifier.model.name == DEFAULT
    samples = ROOT / "data/samples"
    anna = verifier.reference([read_signature(samples / f"anna-{n}.csv") for n in range(1, 6)])
    genuine, forged = (
        verifier.score(anna, read_signature(samples / f"anna-{which}.csv"))
        for which in ("6", "forged-1")
    )
    assert forged.score < verifier.threshold() <= genuine.score

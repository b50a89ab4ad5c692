"""`sigtdnn info`: the keys that scripts rely on, and the paper's sizes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import cli
from sigtdnn.models.file import load_model
from sigtdnn.models.pretrained import NAMES, card


def info(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["info", *arguments])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_json_describes_architecture_2_layer_by_layer() -> None:
    facts = json.loads(info("network-5", "--json"))
    assert list(facts)[:5] == ["name", "parameters", "feature_vector", "features", "layers"]
    assert {key: facts[key] for key in list(facts)[:5]} == {
        "name": "network-5",
        "parameters": 654,
        "feature_vector": 76,
        "features": ["x", "y", "pud", "spd", "cos_theta", "sin_theta", "cos_phi", "sin_phi"],
        "layers": [
            {"kind": "convolution", "channels": 6, "frames": 192, "field": [8, 9], "step": 1},
            {"kind": "averaging", "channels": 6, "frames": 64, "field": [1, 3], "step": 3},
            {"kind": "convolution", "channels": 4, "frames": 57, "field": [6, 8], "step": 1},
            {"kind": "averaging", "channels": 4, "frames": 19, "field": [1, 3], "step": 3},
        ],
    }


def test_recipe_without_a_network_tells_its_matcher() -> None:
    facts = json.loads(info("elastic", "--json"))
    assert (facts["name"], facts["matcher"]["kind"], facts["matcher"]["learnt"]) == (
        "elastic", "elastic", 14,
    )  # fmt: skip
    assert "matcher without a network: kind elastic" in info("elastic")
    assert "learnt 14, hidden 24" in info("elastic")


def test_text_names_every_layer() -> None:
    text = info("network-4")
    assert "convolution to 12 x 64, field 8 x 11, step 3" in text
    assert "convolution to 16 x 19, field 12 x 10, step 3" in text
    assert "feature vector of 304, 3,004 weights" in text


def test_model_file_tells_where_it_comes_from(model_file: Callable[..., Path]) -> None:
    folder = model_file("run", trained=("a", "b", "c"))
    facts = json.loads(info(str(folder), "--json"))
    assert facts["fingerprint"] == load_model(folder).fingerprint.hex()[:8]
    assert (facts["training_signers"], facts["validation_signers"]) == (1, 2)
    assert (facts["trained_on"], facts["seed"], facts["passes"]) == ("set", 0, 1)
    text = info(str(folder / "model.safetensors"))
    assert "trained on set: 1 signers, 2 more for validation, seed 0" in text


def test_model_tells_how_its_matcher_decides(model_file: Callable[..., Path]) -> None:
    folder = str(model_file("run"))
    facts = json.loads(info(folder, "--json"))
    assert list(facts)[-6:] == [
        "matcher", "log_p_no", "p_no_largest_share", "components", "forgeries", "threshold",
    ]  # fmt: skip
    assert (facts["matcher"], facts["forgeries"], facts["threshold"]) == ("gaussian", 20, 0.5)
    assert (facts["log_p_no"], facts["p_no_largest_share"]) == (20, 0.5)
    assert facts["components"] == list(range(30))
    text = info(folder)
    assert "weights of pass 1, fingerprint" in text
    assert "matcher gaussian, by default accepts from score 0.500, measured on 20 forg" in text
    assert "templates of 80 bytes keep 30 components" in text
    assert "log p-no 20.0, of which one forgery carries 50%" in text


def test_model_without_a_network_tells_what_it_has(elastic: Path) -> None:
    facts = json.loads(info(str(elastic), "--json"))
    assert (facts["name"], facts["matcher"], facts["forgeries"]) == ("elastic", "elastic", 20)
    assert not {"layers", "parameters", "components", "log_p_no"} & set(facts)
    text = info(str(elastic))
    assert text.startswith("elastic\n  trained on made up: ")
    assert "weights" not in text
    assert "matcher elastic, by default accepts from score 0.475" in text


@pytest.mark.parametrize("name", NAMES)
def test_model_that_ships_tells_its_licence_and_shows_its_card(name: str) -> None:
    facts = json.loads(info(name, "--json"))
    assert (facts["name"], facts["licence"], facts["card"]) == (name, "MIT", card(name))
    text = info(name)
    assert "\n  licence MIT\n" in text
    assert text.endswith(card(name))


def test_unknown_network_is_one_line_and_status_2() -> None:
    result = CliRunner().invoke(cli, ["info", "network-6"])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "network-5" in result.stderr

"""A model file comes from outside: what is damaged or made up is refused by name."""

import json
import pickle

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from sigtdnn.errors import ModelError
from sigtdnn.models.file import MODEL_VERSION, load_model


def contents(path):
    """The tensors and the JSON card of a model file."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, json.loads(file.metadata()["sigtdnn"])


def rewrite(path, tensors, card):
    text = card if isinstance(card, str) else json.dumps(card)
    save_file(tensors, path, metadata={"sigtdnn": text})


def test_no_such_file(tmp_path):
    with pytest.raises(ModelError, match="there is no such model"):
        load_model(tmp_path / "missing.safetensors")


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(ModelError, match=r"model\.safetensors: there is no such model"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no safetensors",
        b"\xff" * 64,
        b"\x02\x00\x00\x00\x00\x00\x00\x00{}",
        pickle.dumps({"weights": [1, 2, 3]}),
    ],
    ids=["empty", "zip", "absurd length", "no metadata", "pickle"],
)
def test_what_is_no_model_file_is_refused(tmp_path, content):
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(ModelError, match=r"is no model file|description is damaged"):
        load_model(tmp_path / "m")


def test_nothing_is_unpickled(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "exploded"), "w"))

    (tmp_path / "m").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelError, match="is no model file"):
        load_model(tmp_path / "m")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_truncated_file_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ModelError, match="is no model file"):
        load_model(path)


def test_safetensors_of_someone_else_are_refused(tmp_path):
    save_file({"a": np.zeros(3, np.float32)}, tmp_path / "m")
    with pytest.raises(ModelError, match="description is damaged"):
        load_model(tmp_path / "m")


@pytest.mark.parametrize(
    "card", ["", "no json", "[]", "null", "7", '"version"', "[" * 100_000], ids=lambda c: c[:9]
)
def test_card_that_is_no_table_is_refused(path, card):
    tensors, _ = contents(path)
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match="description is damaged"):
        load_model(path)


@pytest.mark.parametrize("version", [0, MODEL_VERSION + 1, "1", None])
def test_other_version_is_refused(path, version):
    tensors, card = contents(path)
    rewrite(path, tensors, {**card, "version": version, "unheard": "of"})
    with pytest.raises(
        ModelError, match=f"model version {version}, this sigtdnn reads {MODEL_VERSION}"
    ):
        load_model(path)


CARD_KEYS = ["version", "network", "preprocessing", "components", "decision", "card", "provenance"]


@pytest.mark.parametrize("key", CARD_KEYS)
def test_missing_key_is_refused(path, key):
    tensors, card = contents(path)
    del card[key]
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match=f"description is damaged.*{key}"):
        load_model(path)


def test_unknown_key_is_refused(path):
    tensors, card = contents(path)
    rewrite(path, tensors, {**card, "extra": 1})
    with pytest.raises(ModelError, match="unknown key 'extra'"):
        load_model(path)


@pytest.mark.parametrize("table", ["network", "preprocessing", "decision", "card", "provenance"])
def test_unknown_key_of_a_table_is_refused(path, table):
    tensors, card = contents(path)
    card[table]["extra"] = 1
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match="unknown key 'extra'"):
        load_model(path)


@pytest.mark.parametrize(
    ("table", "key"), [("network", "layers"), ("decision", "slope"), ("provenance", "seed")]
)
def test_missing_key_of_a_table_is_refused(path, table, key):
    tensors, card = contents(path)
    del card[table][key]
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match=f"key '{key}' is missing"):
        load_model(path)


@pytest.mark.parametrize("value", [None, 7, "text", [1]])
@pytest.mark.parametrize("table", ["network", "preprocessing", "decision", "card", "provenance"])
def test_table_of_the_wrong_type_is_refused(path, table, value):
    tensors, card = contents(path)
    rewrite(path, tensors, {**card, table: value})
    with pytest.raises(ModelError, match="a table is wanted"):
        load_model(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slope", 0.0),
        ("slope", -1.0),
        ("slope", float("nan")),
        ("slope", float("inf")),
        ("slope", "steep"),
        ("slope", 10**400),
        ("offset", float("inf")),
        ("log_p_no", float("nan")),
        ("variance_floor", -0.1),
        ("threshold_fr80", float("nan")),
        ("references", 1),
        ("references", 6.0),
    ],
)
def test_decision_that_cannot_decide_is_refused(path, key, value):
    tensors, card = contents(path)
    card["decision"][key] = value
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match=r"decision|too large"):
        load_model(path)


@pytest.mark.parametrize(
    "components",
    [[], [76], [-1], [0, 1, 1], [0.0], [True], "01", None, [[0]]],
    ids=repr,
)
def test_components_must_be_different_outputs(path, components):
    tensors, card = contents(path)
    rewrite(path, tensors, {**card, "components": components})
    with pytest.raises(ModelError, match="components"):
        load_model(path)


def test_components_of_the_card_must_be_outputs(path):
    tensors, card = contents(path)
    card["card"]["components"][-1] = 76
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match="components of the card must be outputs"):
        load_model(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("low", 9.0), ("high", float("nan")), ("components", 2.0), ("components", 1)],
)
def test_a_card_that_holds_no_template_is_refused(path, key, value):
    tensors, card = contents(path)
    card["card"][key][0] = value
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match=r"model, card"):
        load_model(path)


def test_preprocessing_must_make_the_frames_of_the_network(path):
    tensors, card = contents(path)
    card["preprocessing"]["frames"] = 100
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match="takes 200 frames, preprocessing makes 100"):
        load_model(path)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda w: w[:-1], "do not fit the network"),
        (lambda w: w.reshape(-1), "do not fit the network"),
        (lambda w: w * np.float32("nan"), "finite float32"),
        (lambda w: w * np.float32("inf"), "finite float32"),
        (lambda w: w.astype(np.float64), "finite float32"),
        (lambda w: w.astype(np.int32), "finite float32"),
    ],
    ids=["shape", "flat", "nan", "infinite", "double", "whole numbers"],
)
def test_weights_that_the_network_cannot_use_are_refused(path, damage, problem):
    tensors, card = contents(path)
    name = "weights.layers.0.weight"
    rewrite(path, {**tensors, name: damage(tensors[name])}, card)
    with pytest.raises(ModelError, match=problem):
        load_model(path)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda s: s[:-1], "one positive scale an input"),
        (lambda s: s[:, None], "one positive scale an input"),
        (lambda s: -s, "one positive scale an input"),
        (lambda s: 0 * s, "one positive scale an input"),
        (lambda s: s * np.float32("nan"), "finite float32"),
    ],
    ids=["few", "shape", "negative", "zero", "nan"],
)
def test_scales_that_the_network_cannot_use_are_refused(path, damage, problem):
    tensors, card = contents(path)
    rewrite(path, {**tensors, "scales": damage(tensors["scales"])}, card)
    with pytest.raises(ModelError, match=problem):
        load_model(path)


@pytest.mark.parametrize("name", ["weights.layers.1.gain", "scales"])
def test_missing_tensor_is_refused(path, name):
    tensors, card = contents(path)
    del tensors[name]
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match=r"do not fit the network|description is damaged"):
        load_model(path)


@pytest.mark.parametrize("name", ["weights.layers.9.bias", "layers.0.bias", "other"])
def test_tensor_too_many_is_refused(path, name):
    tensors, card = contents(path)
    rewrite(path, {**tensors, name: tensors["weights.layers.0.bias"]}, card)
    with pytest.raises(ModelError, match=r"do not fit the network|holds more than"):
        load_model(path)


def test_network_of_absurd_length_is_refused_without_making_room_for_it(path):
    tensors, card = contents(path)
    card["network"]["frames"] = 10**12
    for layer, frames in zip(card["network"]["layers"], (-8, -10, -17, -19), strict=True):
        layer.update(frames=10**12 + frames, step=1)
    rewrite(path, tensors, card)
    with pytest.raises(ModelError, match="preprocessing makes 200"):
        load_model(path)

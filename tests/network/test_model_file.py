import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file

from sigtdnn.errors import ModelError
from sigtdnn.network import model_file
from sigtdnn.network.config import LayerConfig, NetworkConfig
from sigtdnn.network.decision import Decision
from sigtdnn.network.model_file import (
    MODEL_VERSION,
    Model,
    Provenance,
    load_model,
    save_model,
    weight_shapes,
)
from sigtdnn.preprocessing import PreprocessingSettings

FEATURES = np.random.default_rng(1).normal(size=(3, 10, 200)).astype(np.float32)


@pytest.fixture
def path(tmp_path, model):
    save_model(model, tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def contents(path):
    """The tensors and the JSON card of a model file."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, json.loads(file.metadata()["sigtdnn"])


def rewrite(path, tensors, card):
    text = card if isinstance(card, str) else json.dumps(card)
    save_file(tensors, path, metadata={"sigtdnn": text})


def test_a_model_comes_back_bit_for_bit(path, model):
    found = load_model(path)
    assert found.network == model.network
    assert found.preprocessing == model.preprocessing
    assert found.components == model.components
    assert found.decision == model.decision
    assert found.card == model.card
    assert found.provenance == model.provenance
    assert found.scales.tobytes() == model.scales.tobytes()
    assert {n: w.tobytes() for n, w in found.weights.items()} == {
        n: w.tobytes() for n, w in model.weights.items()
    }
    assert found.fingerprint == model.fingerprint
    assert found.encode(FEATURES).tobytes() == model.encode(FEATURES).tobytes()


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False))
def test_numbers_of_the_decision_come_back_bit_for_bit(
    tmp_path_factory, make_card, log_p_no, threshold
):
    network = NetworkConfig("n", ("x",), (LayerConfig("convolution", 1, 1, 200, 1),))
    weights = {name: np.zeros(s, np.float32) for name, s in weight_shapes(network).items()}
    decision = Decision(6, 0.0, log_p_no, 1.0, 1.0, 0.0, threshold, -threshold)
    path = tmp_path_factory.getbasetemp() / "numbers.safetensors"
    save_model(
        Model(
            network,
            PreprocessingSettings(),
            weights,
            np.ones(1, np.float32),
            (0,),
            decision,
            make_card(1, decision),
            Provenance("", (), (), (), 0, 0, ""),
        ),
        path,
    )
    assert load_model(path).decision == decision


def test_a_run_folder_stands_for_its_model(path, model):
    assert load_model(path.parent).fingerprint == model.fingerprint
    assert load_model(str(path)).fingerprint == model.fingerprint


def test_views_with_strides_are_stored_by_value(tmp_path, model):
    strided = replace(
        model,
        scales=np.repeat(model.scales, 2)[::2],
        weights={name: w[..., ::-1].copy()[..., ::-1] for name, w in model.weights.items()},
    )
    assert not strided.scales.flags.c_contiguous
    save_model(strided, tmp_path / "m")
    assert load_model(tmp_path / "m").fingerprint == model.fingerprint
    np.testing.assert_array_equal(load_model(tmp_path / "m").scales, model.scales)


def test_encoding_scales_the_inputs_and_picks_the_components(model):
    scaled = FEATURES.copy()
    scaled[:, model.network.rows] /= model.scales[:, None]
    wanted = replace(model, scales=np.ones_like(model.scales)).outputs(scaled)[:, ::2]
    found = model.encode(FEATURES)
    assert found.shape == (3, 38)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_unit_vectors_have_length_one_before_components_are_picked(model):
    every = replace(model, components=tuple(range(76)))
    unit = replace(every, network=replace(model.network, unit_vectors=True))
    found, wanted = unit.encode(FEATURES), every.encode(FEATURES)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(
        found, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6
    )
    some = replace(unit, components=model.components)
    np.testing.assert_array_equal(some.encode(FEATURES), found[:, ::2])
    assert unit.fingerprint != every.fingerprint


# Fingerprint


def test_fingerprint_changes_with_any_weight(model):
    seen = {model.fingerprint}
    for name, array in model.weights.items():
        for place in np.ndindex(array.shape):
            changed = array.copy()
            changed[place] = np.nextafter(changed[place], np.float32(9))
            seen.add(replace(model, weights={**model.weights, name: changed}).fingerprint)
    assert len(seen) == 1 + model.network.parameters
    assert all(len(fingerprint) == 32 for fingerprint in seen)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: {"scales": m.scales * np.float32(1.001)},
        lambda m: {"components": m.components[::-1]},
        lambda m: {"card": replace(m.card, low=(-9.0, *m.card.low[1:]))},
        lambda m: {"card": replace(m.card, high=(9.0, *m.card.high[1:]))},
        lambda m: {"card": replace(m.card, components=(*m.card.components[:-1], 99))},
        lambda m: {"preprocessing": PreprocessingSettings()},
        lambda m: {"network": replace(m.network, inputs=m.network.inputs[::-1])},
    ],
    ids=["scales", "components", "low", "high", "card", "preprocessing", "inputs"],
)
def test_fingerprint_changes_with_all_that_makes_a_vector(model, change):
    assert replace(model, **change(model)).fingerprint != model.fingerprint


def test_fingerprint_does_not_change_with_the_decision_or_the_provenance(model):
    other = replace(
        model,
        decision=replace(model.decision, slope=9.0),
        provenance=replace(model.provenance, seed=99),
    )
    assert other.fingerprint == model.fingerprint


# Hostile files


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


# Writing


def test_an_older_file_survives_a_failed_write(path, model, monkeypatch):
    def fail(*arguments, **keywords):
        raise OSError("disk full")

    before = path.read_bytes()
    monkeypatch.setattr(model_file, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_model(replace(model, scales=2 * model.scales), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_newer_model_replaces_an_older(path, model):
    save_model(replace(model, scales=2 * model.scales), path)
    np.testing.assert_array_equal(load_model(path).scales, 2 * model.scales)
    assert [file.name for file in path.parent.iterdir()] == [path.name]

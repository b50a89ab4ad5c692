"""A model file comes from outside: what is damaged or made up is refused by name."""

import json
import pickle
import re

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from sigtdnn.errors import DamagedModelError, ModelNotFoundError, ModelVersionError
from sigtdnn.models.file import VERSION, load_model


def contents(path):
    """The tensors and the JSON description of a model file."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, json.loads(file.metadata()["sigtdnn"])


def rewrite(path, tensors, description):
    text = description if isinstance(description, str) else json.dumps(description)
    save_file(tensors, path, metadata={"sigtdnn": text})


def change(path, place, value):
    """Sets what stands in a place of the description, such as "encoder.network.frames"."""
    tensors, description = contents(path)
    *way, last = place.split(".")
    table = description
    for key in way:
        table = table[int(key) if isinstance(table, list) else key]
    table[int(last) if isinstance(table, list) else last] = value
    rewrite(path, tensors, description)


def refused(path, problem):
    """The file is refused, and for this; its own name does not count."""
    with pytest.raises(DamagedModelError) as caught:
        load_model(path)
    assert re.search(problem, str(caught.value).removeprefix(f"{path}: "))


def test_no_such_file(tmp_path):
    with pytest.raises(ModelNotFoundError, match="there is no such model"):
        load_model(tmp_path / "missing.safetensors")


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"model\.safetensors: there is no such model"):
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
    refused(tmp_path / "m", r"is not a model file|description is damaged")


def test_nothing_is_unpickled(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "exploded"), "w"))

    (tmp_path / "m").write_bytes(pickle.dumps(Bomb()))
    refused(tmp_path / "m", "is not a model file")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_truncated_file_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    refused(path, "is not a model file")


def test_safetensors_of_someone_else_are_refused(tmp_path):
    save_file({"a": np.zeros(3, np.float32)}, tmp_path / "m")
    refused(tmp_path / "m", "description is damaged")


@pytest.mark.parametrize(
    "description",
    ["", "no json", "[]", "null", "7", '"version"', "[" * 100_000],
    ids=lambda d: d[:9],
)
def test_description_that_is_no_table_is_refused(path, description):
    tensors, _ = contents(path)
    rewrite(path, tensors, description)
    refused(path, "description is damaged")


@pytest.mark.parametrize("version", [0, 2, VERSION + 1, "1", None])
def test_other_version_is_refused(path, version):
    tensors, description = contents(path)
    rewrite(path, tensors, {**description, "version": version, "unheard": "of"})
    with pytest.raises(
        ModelVersionError, match=f"model version {version}, this sigtdnn reads {VERSION}"
    ):
        load_model(path)


KEYS = ["version", "name", "matcher", "calibrations", "norms", "provenance"]


@pytest.mark.parametrize("key", KEYS)
def test_missing_key_is_refused(path, key):
    tensors, description = contents(path)
    del description[key]
    rewrite(path, tensors, description)
    refused(path, f"description is damaged.*{key}")


def test_every_key_is_wanted(path):
    assert contents(path)[1].keys() == {*KEYS, "encoder"}


def test_unknown_key_is_refused(path):
    change(path, "extra", 1)
    refused(path, "unknown key 'extra'")


TABLES = [
    "matcher",
    "matcher.prior",
    "matcher.bounds",
    "matcher.whole",
    "matcher.whole.calibration",
    "calibrations",
    "calibrations.measured.0",
    "calibrations.measured.0.skilled",
    "calibrations.measured.0.random",
    "norms",
    "provenance",
    "encoder",
    "encoder.network",
    "encoder.preprocessing",
]


@pytest.mark.parametrize("table", TABLES)
def test_unknown_key_of_a_table_is_refused(path, table):
    change(path, f"{table}.extra", 1)
    refused(path, "unknown key 'extra'")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("matcher", "components"),
        ("matcher", "kind"),
        ("calibrations", "measured"),
        ("norms", "odd"),
        ("provenance", "seed"),
        ("encoder", "network"),
        ("encoder", "preprocessing"),
    ],
)
def test_missing_key_of_a_table_is_refused(path, table, key):
    tensors, description = contents(path)
    del description[table][key]
    rewrite(path, tensors, description)
    refused(path, f"key '{key}' is missing|damaged \\('{key}'")


@pytest.mark.parametrize("value", [None, 7, "text", [1]])
@pytest.mark.parametrize("table", TABLES)
def test_table_of_the_wrong_type_is_refused(path, table, value):
    change(path, table, value)
    refused(path, "description is damaged")


# Matcher, calibration and norms


@pytest.mark.parametrize("kind", ["carbon", "", None, 7, ["gaussian"]])
def test_an_unknown_matcher_is_refused(path, kind):
    change(path, "matcher.kind", kind)
    refused(path, r"is none of 'gaussian', 'elastic'")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("calibrations.measured.0.slope", 0.0),
        ("calibrations.measured.0.slope", -1.0),
        ("calibrations.measured.0.slope", float("nan")),
        ("calibrations.measured.0.slope", float("inf")),
        ("calibrations.measured.0.slope", "steep"),
        ("calibrations.measured.0.slope", 10**400),
        ("calibrations.measured.0.offset", float("inf")),
        ("calibrations.measured", []),
        ("calibrations.measured.0.references", 0),
        ("calibrations.measured.0.skilled.usual", float("nan")),
        ("calibrations.measured.0.skilled.spread", -1.0),
        ("calibrations.measured.0.random.forgeries", 0),
        ("calibrations.measured.0.random.forgeries", 6.0),
        ("matcher.prior.log_p_no", float("nan")),
        ("matcher.variance_floor", -0.1),
        ("matcher.bounds.drift", 0.0),
        ("matcher.forged.0", -1.0),
        ("matcher.whole.variance_floor", -0.1),
        ("matcher.whole.calibration.slope", 0.0),
        ("norms.odd", float("nan")),
        ("norms.widest", float("inf")),
        ("norms.habits.0", 0.0),
        ("provenance.seed", 0.5),
        ("name", 7),
    ],
)
def test_numbers_that_cannot_decide_are_refused(path, place, value):
    change(path, place, value)
    subject = place.split(".")[0]
    refused(path, rf"damaged \((model, )?{subject}|too large")


@pytest.mark.parametrize(
    "components", [[], [-1], [0, 1, 1], [0.0], [True], "01", None, [[0]]], ids=repr
)
@pytest.mark.parametrize("of", ["matcher", "matcher.whole"])
def test_components_must_be_different_outputs(path, of, components):
    change(path, f"{of}.components", components)
    refused(path, r"1 to 76 components|components must be|damaged \(model, matcher.*, components")


def test_components_must_be_outputs_of_this_network(path):
    change(path, "matcher.components.75", 76)
    refused(path, r"components must be outputs .* 0\.\.75")


def test_whole_components_must_be_outputs_of_this_network(path):
    change(path, "matcher.whole.components.0", 76)
    refused(path, r"components must be outputs .* 0\.\.75")


@pytest.mark.parametrize(
    ("key", "value"),
    [("low", 9.0), ("high", float("nan")), ("components", 2.0), ("components", 1)],
)
def test_a_matcher_that_holds_no_template_is_refused(path, key, value):
    change(path, f"matcher.{key}.0", value)
    refused(path, r"damaged \(model, matcher")


# Encoder


@pytest.mark.parametrize("present", ["absent", "null"])
def test_weights_of_no_encoder_are_refused(path, present):
    tensors, description = contents(path)
    description["encoder"] = None
    if present == "absent":
        del description["encoder"]
    rewrite(path, tensors, description)
    refused(path, r"weights of no encoder|needs an encoder")


def test_a_matcher_that_needs_an_encoder_is_refused_without(path):
    _, description = contents(path)
    del description["encoder"]
    rewrite(path, {}, description)
    refused(path, "the Gaussian matcher needs an encoder")


def test_a_matcher_that_takes_no_vectors_is_refused_with_an_encoder(path):
    change(path, "matcher", {"kind": "elastic"})
    refused(path, "takes functions of time, not vectors")


def test_preprocessing_must_make_the_frames_of_the_network(path):
    change(path, "encoder.preprocessing.frames", 100)
    refused(path, "takes 200 frames, preprocessing makes 100")


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
    tensors, description = contents(path)
    name = "weights.layers.0.weight"
    rewrite(path, {**tensors, name: damage(tensors[name])}, description)
    refused(path, problem)


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
    tensors, description = contents(path)
    rewrite(path, {**tensors, "scales": damage(tensors["scales"])}, description)
    refused(path, problem)


@pytest.mark.parametrize("name", ["weights.layers.1.gain", "scales"])
def test_missing_tensor_is_refused(path, name):
    tensors, description = contents(path)
    del tensors[name]
    rewrite(path, tensors, description)
    refused(path, r"do not fit the network|description is damaged")


@pytest.mark.parametrize("name", ["weights.layers.9.bias", "layers.0.bias", "other"])
def test_tensor_too_many_is_refused(path, name):
    tensors, description = contents(path)
    rewrite(path, {**tensors, name: tensors["weights.layers.0.bias"]}, description)
    refused(path, r"do not fit the network|tensors are not weights and scales")


def test_network_of_absurd_length_is_refused_without_making_room_for_it(path):
    tensors, description = contents(path)
    network = description["encoder"]["network"]
    network["frames"] = 10**12
    for layer, frames in zip(network["layers"], (-8, -10, -17, -19), strict=True):
        layer.update(frames=10**12 + frames, step=1)
    rewrite(path, tensors, description)
    refused(path, "preprocessing makes 200")

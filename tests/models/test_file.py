from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.models import file as model_file
from sigtdnn.models.decision import Decision
from sigtdnn.models.file import Model, Provenance, load_model, save_model
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings

FEATURES = np.random.default_rng(1).normal(size=(3, 10, 200)).astype(np.float32)


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
    network = NetworkConfig("n", ("x",), (Convolution(1, 1, 200, 1),))
    weights = {name: np.zeros(s, np.float32) for name, s in network.weight_shapes.items()}
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

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import InstallationError, NoNetworkError
from sigtdnn.matching.elastic import Elastic
from sigtdnn.models.onnx import IR_VERSION, OPSET, onnx_model, write_onnx
from sigtdnn.preprocessing import FEATURES
from sigtdnn.training.recipe import NETWORKS, read_recipe
from tests.artificial import random_encoder

SIGNATURES = np.random.default_rng(3).normal(size=(5, 10, 200)).astype(np.float32)


def with_network(model, config):
    """The model with another network and random weights."""
    weights = random_encoder(config, seed=4).weights
    return replace(model, encoder=replace(model.encoder, network=config, weights=weights))


def run(model, features, output="vectors"):
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(
        onnx_model(model).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run([output], {"features": features})[0]


@pytest.mark.parametrize("name", NETWORKS)
def test_another_runtime_gives_the_vectors_of_the_model(model, name):
    model = with_network(model, read_recipe(name).network)
    assert model.encoder.network.unit_vectors
    found = run(model, SIGNATURES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, model.encoder.encode(SIGNATURES), rtol=0, atol=1e-5)


def test_vectors_keep_their_length_where_the_network_says_so(model):
    config = replace(read_recipe("network-4").network, unit_vectors=False)
    model = with_network(model, config)
    found = run(model, SIGNATURES)
    assert np.linalg.norm(found, axis=1).min() > 2
    np.testing.assert_allclose(found, model.encoder.encode(SIGNATURES), rtol=0, atol=1e-5)


def test_components_of_a_template_come_out_beside(model):
    matcher = replace(model.matcher, components=(3, 7, 75), low=(-1.0,) * 3, high=(1.0,) * 3)
    found = run(replace(model, matcher=matcher), SIGNATURES, "template")
    wanted = model.encoder.encode(SIGNATURES)[:, [3, 7, 75]]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


def test_without_templates_of_80_bytes_only_vectors_come_out(model):
    pytest.importorskip("onnx")
    graph = onnx_model(replace(model, matcher=Elastic())).graph
    assert [output.name for output in graph.output] == ["vectors"]


def test_a_model_without_network_is_refused(model):
    with pytest.raises(NoNetworkError, match="made has no network to export"):
        onnx_model(replace(model, encoder=None, matcher=Elastic()))


def test_one_signature_gives_the_same_alone(model):
    np.testing.assert_allclose(run(model, SIGNATURES[2:3]), run(model, SIGNATURES)[2:3], atol=1e-6)


def test_frames_and_inputs_are_those_of_the_network(make_model):
    small = make_model()
    np.testing.assert_allclose(run(small, SIGNATURES), small.encoder.encode(SIGNATURES), atol=1e-5)


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_the_graph_keeps_the_rules_of_the_format(model, name):
    onnx = pytest.importorskip("onnx")
    proto = onnx_model(with_network(model, read_recipe(name).network))
    onnx.checker.check_model(proto, full_check=True)
    assert [(o.domain, o.version) for o in proto.opset_import] == [("", OPSET)]
    assert proto.ir_version == IR_VERSION


def test_the_file_tells_which_model_it_is_and_what_goes_in(model, tmp_path):
    onnx = pytest.importorskip("onnx")
    write_onnx(model, tmp_path / "model.onnx")
    told = {p.key: p.value for p in onnx.load(tmp_path / "model.onnx").metadata_props}
    assert told["name"] == "made"
    assert told["fingerprint"] == model.fingerprint.hex()
    assert told["features"].split() == list(FEATURES)
    assert json.loads(told["preprocessing"])["air"] == "removed"
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


def test_the_same_model_gives_the_same_file(model, tmp_path):
    pytest.importorskip("onnx")
    for name in ("a.onnx", "b.onnx"):
        write_onnx(model, tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_without_onnx_the_extra_is_named_and_nothing_written(model, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InstallationError, match=r"pip install '\.\[onnx\]'"):
        write_onnx(model, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []

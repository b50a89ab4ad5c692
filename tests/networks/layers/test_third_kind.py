"""A third kind of layer is one class and one line: all that uses layers then knows it."""

import numpy as np
import pytest
import torch

from cli.info import describe
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder
from sigtdnn.networks.layers import LAYERS
from sigtdnn.networks.layers.layer import Layer
from sigtdnn.networks.layers.squash import add_squash
from sigtdnn.networks.tdnn import TDNN
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import settings_from, table_from


class Depthwise(Layer):
    """Every map is convolved by itself: `weight` (channels, field) and a bias."""

    kind = "depthwise"

    def seen(self, channels):
        return 1

    def weight_shapes(self, channels):
        return {"bias": (channels,), "weight": (channels, self.field)}

    def convolution(self, weights):
        return np.eye(self.channels, dtype=np.float32)[:, :, None] * weights["weight"][:, None]

    def initial_weights(self, channels, generator):
        shapes = self.weight_shapes(channels)
        return {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}

    def apply(self, values, weights):
        weight, bias = weights["weight"][:, None], weights["bias"]
        return torch.conv1d(values, weight, bias, stride=self.step, groups=self.channels)

    def add_to(self, graph, values, weights):
        constants = [graph.constant(w) for w in (weights["weight"][:, None], weights["bias"])]
        sizes = {"kernel_shape": [self.field], "strides": [self.step]}
        return graph.add("Conv", values, *constants, group=self.channels, **sizes)


TABLE = {
    "name": "third",
    "inputs": ["x", "y", "spd"],
    "frames": 20,
    "layers": [
        {"kind": "depthwise", "channels": 3, "frames": 9, "field": 4, "step": 2},
        {"kind": "convolution", "channels": 2, "frames": 4, "field": 3, "step": 2},
    ],
}


@pytest.fixture
def network(monkeypatch):
    monkeypatch.setitem(LAYERS, Depthwise.kind, Depthwise)
    return settings_from(NetworkConfig, TABLE, "network")


@pytest.fixture
def tdnn(network):
    return TDNN(network, torch.Generator().manual_seed(1))


INPUTS = np.random.default_rng(2).normal(size=(4, 3, 20)).astype(np.float32)


def outputs(tdnn):
    with torch.no_grad():
        return tdnn(torch.from_numpy(INPUTS)).numpy()


def test_a_table_names_it_and_is_written_again(network):
    assert isinstance(network.layers[0], Depthwise)
    written = table_from(network)
    assert written["layers"] == TABLE["layers"]
    assert settings_from(NetworkConfig, written, "network") == network


def test_its_weights_are_counted_and_named(network, tdnn):
    shapes = {name: tuple(weight.shape) for name, weight in tdnn.state_dict().items()}
    assert shapes == network.weight_shapes
    assert network.parameters == 3 * (4 + 1) + 2 * (3 * 3 + 1)


def test_a_command_describes_it(network):
    assert describe(network)["layers"][0] == {**TABLE["layers"][0], "field": [1, 4]}


def test_the_encoder_computes_what_torch_does(network, tdnn):
    weights = {name: weight.numpy() for name, weight in tdnn.state_dict().items()}
    features = np.zeros((4, 10, 20), np.float32)
    features[:, network.rows] = INPUTS
    found = Encoder(network, PreprocessingSettings(20), weights, np.ones(3, np.float32)).encode(
        features
    )
    np.testing.assert_allclose(found, outputs(tdnn), atol=1e-5)


def test_an_onnx_graph_computes_what_torch_does(network, tdnn):
    onnx = pytest.importorskip("onnx")
    reference = pytest.importorskip("onnx.reference")
    from sigtdnn.models.onnx import Nodes

    nodes, last = Nodes(), "inputs"
    weights = {name: weight.numpy() for name, weight in tdnn.state_dict().items()}
    for number, layer in enumerate(network.layers):
        own = {n.removeprefix(f"layers.{number}."): w for n, w in weights.items()}
        last = add_squash(nodes, layer.add_to(nodes, last, own))
    ends = [onnx.helper.make_tensor_value_info(n, 1, None) for n in ("inputs", last)]
    graph = onnx.helper.make_graph(nodes.made, "third", ends[:1], ends[1:], nodes.constants)
    session = reference.ReferenceEvaluator(onnx.helper.make_model(graph))
    (found,) = session.run(None, {"inputs": INPUTS})
    np.testing.assert_allclose(found.reshape(4, -1), outputs(tdnn), atol=1e-5)

import math

import numpy as np
import pytest
import torch

from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.networks.layers.squash import squash
from sigtdnn.networks.tdnn import TDNN, TDNNLayer
from sigtdnn.training.recipe import NETWORKS


def build(config, seed=0):
    """The network in double precision, its gains and biases moved away from 1 and 0."""
    tdnn = TDNN(config, torch.Generator().manual_seed(seed)).double()
    generator = torch.Generator().manual_seed(seed + 1)
    with torch.no_grad():
        for layer in tdnn.layers:
            if layer.layer.kind == "averaging":
                layer.gain.uniform_(0.5, 2, generator=generator)
                layer.bias.uniform_(-0.5, 0.5, generator=generator)
    return tdnn


def plain_loops(config, weights, values):
    """The feature vector of one signature, values[channel][frame], by the definition alone."""
    for number, layer in enumerate(config.layers):
        bias = weights[f"layers.{number}.bias"]
        outputs = []
        for channel in range(layer.channels):
            row = []
            for frame in range(layer.frames):
                start = frame * layer.step
                total = 0.0
                if layer.kind == "averaging":
                    for k in range(layer.field):
                        total += values[channel][start + k] / layer.field
                    total = total * weights[f"layers.{number}.gain"][channel]
                else:
                    weight = weights[f"layers.{number}.weight"][channel]
                    for before in range(len(values)):
                        for k in range(layer.field):
                            total += weight[before][k] * values[before][start + k]
                row.append(1.7159 * math.tanh(2 / 3 * (total + bias[channel])))
            outputs.append(row)
        values = outputs
    return [value for row in values for value in row]


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_agrees_with_plain_nested_loops(network, name):
    config = network(name)
    tdnn = build(config)
    signature = np.random.default_rng(4).normal(size=(8, 200))
    with torch.no_grad():
        found = tdnn(torch.from_numpy(signature)[None])[0]
    weights = {key: value.tolist() for key, value in tdnn.state_dict().items()}
    wanted = plain_loops(config, weights, signature.tolist())
    np.testing.assert_allclose(found.numpy(), wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_sizes_layer_by_layer_and_weights(network, name):
    config = network(name)
    tdnn = build(config)
    values = torch.zeros(3, 8, 200, dtype=torch.float64)
    for layer, size in zip(tdnn.layers, config.sizes[1:], strict=True):
        values = layer(values)
        assert values.shape == (3, *size)
    assert tdnn(torch.zeros(3, 8, 200, dtype=torch.float64)).shape == (3, config.feature_vector)
    assert sum(weight.numel() for weight in tdnn.parameters()) == config.parameters


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_names_and_shapes_of_the_weights_are_those_of_a_model_file(network, name):
    state = build(network(name)).state_dict()
    assert {key: tuple(w.shape) for key, w in state.items()} == network(name).weight_shapes


def test_squash_maps_one_to_one_and_is_odd():
    values = torch.tensor([-1.0, 0.0, 1.0, 50.0], dtype=torch.float64)
    wanted = [-1.0, 0.0, 1.0, 1.7159]
    np.testing.assert_allclose(squash(values), wanted, atol=1e-4)


def test_initial_weights_are_uniform_within_one_over_the_root_of_the_fan_in():
    convolution = TDNNLayer(Convolution(400, 1, 11, 1), 8, torch.Generator().manual_seed(0))
    bound = 1 / math.sqrt(8 * 11)
    for weights in (convolution.weight.detach(), convolution.bias.detach()):
        assert bound * 0.98 < float(weights.abs().max()) <= bound
        assert float(weights.std()) == pytest.approx(bound / math.sqrt(3), rel=0.05)


def test_averaging_begins_as_the_squashed_mean():
    averaging = TDNNLayer(Averaging(1, 2, 3, 3), 1, torch.Generator())
    found = averaging(torch.tensor([[[0.0, 1.0, 2.0, -3.0, 0.0, 0.0]]]))
    torch.testing.assert_close(found, squash(torch.tensor([[[1.0, -1.0]]])))


def test_the_seed_decides_the_weights(network):
    first, same, other = (build(network("network-4"), seed) for seed in (1, 1, 2))
    weights = [torch.cat([w.flatten() for w in t.parameters()]) for t in (first, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_drawing_weights_leaves_the_global_generator_alone(network):
    torch.manual_seed(0)
    before = torch.get_rng_state()
    build(network("network-4"))
    assert torch.equal(torch.get_rng_state(), before)

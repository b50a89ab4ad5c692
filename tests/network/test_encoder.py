import numpy as np
import pytest
import torch

from sigtdnn.network.config import NETWORKS
from sigtdnn.network.encoder import encode
from sigtdnn.network.squash import AMPLITUDE
from sigtdnn.network.tdnn import TDNN, Averaging


def build(config):
    tdnn = TDNN(config, torch.Generator().manual_seed(8))
    generator = torch.Generator().manual_seed(9)
    for layer in tdnn.layers:
        if isinstance(layer, Averaging):
            layer.gain.data.uniform_(0.5, 2, generator=generator)
            layer.bias.data.uniform_(-0.5, 0.5, generator=generator)
    return tdnn, {name: weight.numpy() for name, weight in tdnn.state_dict().items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_agrees_with_torch(network, name):
    config = network(name)
    tdnn, weights = build(config)
    inputs = np.random.default_rng(2).normal(size=(5, 8, 200)).astype(np.float32)
    with torch.no_grad():
        wanted = tdnn(torch.from_numpy(inputs)).numpy()
    found = encode(config, weights, inputs)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_a_signature_is_encoded_the_same_alone_and_among_others(network, name):
    config = network(name)
    _, weights = build(config)
    inputs = np.random.default_rng(2).normal(size=(4, 8, 200)).astype(np.float32)
    together = encode(config, weights, inputs)
    for row in range(4):
        alone = encode(config, weights, inputs[row : row + 1])[0]
        np.testing.assert_allclose(together[row], alone, atol=1e-6)


def test_extreme_inputs_saturate(network):
    config = network("network-4")
    _, weights = build(config)
    vectors = encode(config, weights, np.full((1, 8, 200), 1e30, np.float32))
    assert np.isfinite(vectors).all()
    assert np.abs(vectors).max() <= np.float32(AMPLITUDE)


def test_no_signatures_give_no_vectors(network):
    config = network("network-5")
    _, weights = build(config)
    assert encode(config, weights, np.empty((0, 8, 200), np.float32)).shape == (0, 76)

from dataclasses import replace

import numpy as np
import pytest
import torch

from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.networks.layers.squash import AMPLITUDE
from sigtdnn.networks.tdnn import TDNN
from sigtdnn.preprocessing import PreprocessingSettings, preprocess_batch
from sigtdnn.training.recipe import NETWORKS
from tests.artificial import random_encoder


def build(config):
    tdnn = TDNN(config, torch.Generator().manual_seed(8))
    generator = torch.Generator().manual_seed(9)
    for layer in tdnn.layers:
        if layer.layer.kind == "averaging":
            layer.gain.data.uniform_(0.5, 2, generator=generator)
            layer.bias.data.uniform_(-0.5, 0.5, generator=generator)
    return tdnn, {name: weight.numpy() for name, weight in tdnn.state_dict().items()}


def features(signatures, seed=2):
    return np.random.default_rng(seed).normal(size=(signatures, 10, 200)).astype(np.float32)


SCALES = np.linspace(0.5, 2, 8, dtype=np.float32)


@pytest.mark.parametrize("name", NETWORKS)
def test_agrees_with_torch(network, name):
    config = replace(network(name), unit_vectors=False)
    tdnn, weights = build(config)
    inputs = features(5)[:, config.rows] / SCALES[:, None]
    with torch.no_grad():
        wanted = tdnn(torch.from_numpy(inputs)).numpy()
    found = Encoder(config, PreprocessingSettings(), weights, SCALES).encode(features(5))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


def test_a_network_that_begins_with_averaging_agrees_with_torch():
    config = NetworkConfig(
        "smooth",
        ("spd", "x"),
        (Averaging(2, 50, 5, 4), Convolution(3, 25, 2, 2)),
        frames=204,
    )
    tdnn, weights = build(config)
    scales = np.array([4.0, 0.5], np.float32)
    given = np.random.default_rng(2).normal(size=(3, 10, 204)).astype(np.float32)
    inputs = given[:, config.rows] / scales[:, None]
    with torch.no_grad():
        wanted = tdnn(torch.from_numpy(inputs)).numpy()
    found = Encoder(config, PreprocessingSettings(config.frames), weights, scales).encode(given)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_a_signature_is_encoded_the_same_alone_and_among_others(network, name):
    config = network(name)
    encoder = Encoder(config, PreprocessingSettings(), build(config)[1], SCALES)
    together = encoder.encode(features(4))
    for row in range(4):
        alone = encoder.encode(features(4)[row : row + 1])[0]
        np.testing.assert_allclose(together[row], alone, atol=1e-6)


def test_features_that_do_not_lie_next_to_one_another_in_memory_are_encoded_the_same(network):
    config = network("network-5")
    encoder = Encoder(config, PreprocessingSettings(), build(config)[1], SCALES)
    strided = np.asfortranarray(features(4))[::2]
    np.testing.assert_array_equal(encoder.encode(strided), encoder.encode(strided.copy()))


def test_extreme_inputs_saturate(network):
    config = network("network-4")
    encoder = Encoder(config, PreprocessingSettings(), build(config)[1], SCALES)
    vectors = encoder.encode(np.full((1, 10, 200), 1e30, np.float32))
    assert np.isfinite(vectors).all()
    assert np.abs(vectors).max() <= np.float32(AMPLITUDE)


def test_no_signatures_give_no_vectors(network):
    config = network("network-5")
    encoder = Encoder(config, PreprocessingSettings(), build(config)[1], SCALES)
    assert encoder.encode(features(0)).shape == (0, 76)


@pytest.fixture
def encoder(network):
    """Of network 5, but for the length of its vectors and for the air."""
    return random_encoder(
        replace(network("network-5"), unit_vectors=False),
        spread=0.1,
        preprocessing=PreprocessingSettings(air="removed"),
        scales=SCALES,
    )


def test_encoding_scales_the_inputs(encoder):
    scaled = features(3)
    scaled[:, encoder.network.rows] /= encoder.scales[:, None]
    wanted = replace(encoder, scales=np.ones_like(encoder.scales)).encode(scaled)
    found = encoder.encode(features(3))
    assert found.shape == (3, 76)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_unit_vectors_have_length_one(encoder):
    unit = replace(encoder, network=replace(encoder.network, unit_vectors=True))
    found, wanted = unit.encode(features(3)), encoder.encode(features(3))
    assert not np.allclose(np.linalg.norm(wanted, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(
        found, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6
    )


def test_signatures_are_represented_by_their_preprocessed_features(encoder, make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:4]
    found = encoder.represent(signatures)
    assert encoder.preprocessing.air == "removed"
    wanted = encoder.encode(preprocess_batch(signatures, encoder.preprocessing))
    assert found.tobytes() == wanted.tobytes()
    air = replace(encoder, preprocessing=replace(encoder.preprocessing, air="kept"))
    assert not np.allclose(air.represent(signatures), found)


def test_the_settings_of_an_encoder_are_those_of_network_and_preprocessing(encoder):
    network, preprocessing = encoder.tables()
    assert network["name"] == "network-5"
    assert preprocessing["air"] == "removed"

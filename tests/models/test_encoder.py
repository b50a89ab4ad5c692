from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.preprocessing import preprocess_batch

FEATURES = np.random.default_rng(1).normal(size=(3, 10, 200)).astype(np.float32)


@pytest.fixture
def encoder(model):
    return model.encoder


def test_encoding_scales_the_inputs(encoder):
    scaled = FEATURES.copy()
    scaled[:, encoder.network.rows] /= encoder.scales[:, None]
    wanted = replace(encoder, scales=np.ones_like(encoder.scales)).encode(scaled)
    found = encoder.encode(FEATURES)
    assert found.shape == (3, 76)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_unit_vectors_have_length_one(encoder):
    unit = replace(encoder, network=replace(encoder.network, unit_vectors=True))
    found, wanted = unit.encode(FEATURES), encoder.encode(FEATURES)
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

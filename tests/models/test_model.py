import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.reference import rounded
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import table_from


def with_encoder(model, **changes):
    return replace(model, encoder=replace(model.encoder, **changes))


def with_matcher(model, **changes):
    return replace(model, matcher=replace(model.matcher, **changes))


# Fingerprint


def test_fingerprint_is_the_digest_of_settings_and_weights(model):
    """Templates that are enrolled stay valid only while this holds."""
    encoder, matcher = model.encoder, model.matcher
    layout = [matcher.whole.components, [matcher.components, matcher.low, matcher.high]]
    settings = [table_from(encoder.network), table_from(encoder.preprocessing), *layout]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    digest.update(encoder.scales.tobytes())
    for _, weight in sorted(encoder.weights.items()):
        digest.update(weight.tobytes())
    assert model.fingerprint == digest.digest()
    assert model.id == model.fingerprint[:4]


def test_fingerprint_changes_with_any_weight(model):
    seen = {model.fingerprint}
    weights = model.encoder.weights
    for name, array in weights.items():
        for place in np.ndindex(array.shape):
            changed = array.copy()
            changed[place] = np.nextafter(changed[place], np.float32(9))
            seen.add(with_encoder(model, weights={**weights, name: changed}).fingerprint)
    assert len(seen) == 1 + model.encoder.network.parameters
    assert all(len(fingerprint) == 32 for fingerprint in seen)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: with_encoder(m, scales=m.encoder.scales * np.float32(1.001)),
        lambda m: with_encoder(m, preprocessing=PreprocessingSettings()),
        lambda m: with_encoder(
            m, network=replace(m.encoder.network, inputs=m.encoder.network.inputs[::-1])
        ),
        lambda m: with_encoder(m, network=replace(m.encoder.network, unit_vectors=True)),
        lambda m: with_matcher(m, low=(-9.0, *m.matcher.low[1:])),
        lambda m: with_matcher(m, high=(9.0, *m.matcher.high[1:])),
        lambda m: with_matcher(m, components=(*m.matcher.components[:-1], 99)),
        lambda m: with_matcher(
            m, whole=replace(m.matcher.whole, components=m.matcher.whole.components[::-1])
        ),
        lambda m: replace(m, matcher=Elastic()),
    ],
    ids=[
        "scales",
        "preprocessing",
        "inputs",
        "unit vectors",
        "low",
        "high",
        "components",
        "whole",
        "matcher",
    ],
)
def test_fingerprint_changes_with_all_that_makes_a_template(model, change):
    assert change(model).fingerprint != model.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda m: replace(m, name="other"),
        lambda m: replace(m, calibrations=Calibrations((m.matcher.whole.calibration,))),
        lambda m: replace(m, norms=replace(m.norms, odd=-9.0)),
        lambda m: replace(m, provenance=replace(m.provenance, seed=99)),
        lambda m: with_matcher(m, prior=replace(m.matcher.prior, log_p_no=9.0)),
        lambda m: with_matcher(m, bounds=replace(m.matcher.bounds, drift=9.0)),
        lambda m: with_matcher(m, forged=(0.0, 9.0)),
    ],
    ids=["name", "calibration", "norms", "provenance", "p-no", "bounds", "forgeries"],
)
def test_what_is_measured_anew_leaves_templates_valid(model, change):
    assert change(model).fingerprint == model.fingerprint


def test_matchers_without_encoder_or_settings_have_fingerprints_of_their_own(model):
    class Other(Elastic):
        kind = "other"

    bare = replace(model, encoder=None, matcher=Elastic())
    assert replace(bare, matcher=Other()).fingerprint != bare.fingerprint


# Representations


def test_signatures_are_represented_by_the_encoder(model, make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:3]
    found, wanted = model.represent(signatures), model.encoder.represent(signatures)
    assert found.tobytes() == wanted.tobytes()


def test_without_an_encoder_the_matcher_represents_them(model, make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:3]
    found = replace(model, encoder=None, matcher=Elastic()).represent(signatures)
    for one, signature in zip(found, signatures, strict=True):
        np.testing.assert_array_equal(one, rounded(functions_of_time(signature)))


def test_without_encoder_and_representation_there_is_an_error(model, make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:1]
    with pytest.raises(ConfigurationError, match="needs an encoder"):
        replace(model, encoder=None).represent(signatures)


def test_signers_seen_are_those_of_training_and_validation(model):
    assert model.provenance.signers == {"a/1", "a/2", "a/3"}

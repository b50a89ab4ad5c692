from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.matching.calibration import Calibration, Calibrations, FalseAcceptance
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.gaussian.vectors import Prior
from sigtdnn.models import file as model_file
from sigtdnn.models.file import load_model, save_model

FEATURES = np.random.default_rng(1).normal(size=(3, 10, 200)).astype(np.float32)


def with_scales(model, scales):
    return replace(model, encoder=replace(model.encoder, scales=scales))


def test_a_model_comes_back_bit_for_bit(path, model):
    found = load_model(path)
    assert found.name == model.name == "made"
    assert found.matcher == model.matcher
    assert found.calibrations == model.calibrations
    assert found.norms == model.norms
    assert found.provenance == model.provenance
    one, other = found.encoder, model.encoder
    assert one.network == other.network
    assert one.preprocessing == other.preprocessing
    assert one.scales.tobytes() == other.scales.tobytes()
    assert {n: w.tobytes() for n, w in one.weights.items()} == {
        n: w.tobytes() for n, w in other.weights.items()
    }
    assert found.fingerprint == model.fingerprint
    assert one.encode(FEATURES).tobytes() == other.encode(FEATURES).tobytes()


def test_a_model_without_encoder_comes_back(model, tmp_path):
    bare = replace(model, encoder=None, matcher=Elastic())
    save_model(bare, tmp_path / "m")
    found = load_model(tmp_path / "m")
    assert found.encoder is None
    assert found.matcher == Elastic()
    assert (found.calibrations, found.norms) == (bare.calibrations, bare.norms)
    assert found.fingerprint == bare.fingerprint


finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


@given(finite, finite, positive, positive)
def test_numbers_come_back_bit_for_bit(
    tmp_path_factory, make_model, any_number, other, slope, habit
):
    model = make_model()
    line = FalseAcceptance(any_number, habit, 7)
    matcher = replace(model.matcher, prior=Prior(any_number, other))
    one, other_one = Calibration(1, slope, other, line, line), model.calibrations.of(6)
    calibrations = Calibrations((one, other_one))
    norms = replace(model.norms, odd=other, widest=any_number, habits=(habit, slope))
    path = tmp_path_factory.getbasetemp() / "numbers.safetensors"
    save_model(
        replace(model, matcher=matcher, calibrations=calibrations, norms=norms),
        path,
    )
    found = load_model(path)
    assert found.matcher == matcher
    assert found.calibrations == calibrations
    assert found.norms == norms


def test_a_run_folder_stands_for_its_model(path, model):
    assert load_model(path.parent).fingerprint == model.fingerprint
    assert load_model(str(path)).fingerprint == model.fingerprint


def test_views_with_strides_are_stored_by_value(tmp_path, model):
    encoder = model.encoder
    strided = replace(
        encoder,
        scales=np.repeat(encoder.scales, 2)[::2],
        weights={name: w[..., ::-1].copy()[..., ::-1] for name, w in encoder.weights.items()},
    )
    assert not strided.scales.flags.c_contiguous
    save_model(replace(model, encoder=strided), tmp_path / "m")
    assert load_model(tmp_path / "m").fingerprint == model.fingerprint
    np.testing.assert_array_equal(load_model(tmp_path / "m").encoder.scales, encoder.scales)


# Writing


def test_an_older_file_survives_a_failed_write(path, model, monkeypatch):
    def fail(*arguments, **keywords):
        raise OSError("disk full")

    before = path.read_bytes()
    monkeypatch.setattr(model_file, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_model(with_scales(model, 2 * model.encoder.scales), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_newer_model_replaces_an_older(path, model):
    save_model(with_scales(model, 2 * model.encoder.scales), path)
    np.testing.assert_array_equal(load_model(path).encoder.scales, 2 * model.encoder.scales)
    assert [file.name for file in path.parent.iterdir()] == [path.name]

import json
import sys

import pytest
from click.testing import CliRunner

from cli.main import cli


def run(*arguments):
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


def test_model_is_written_and_told(model_file, make_model, tmp_path):
    pytest.importorskip("onnx")
    result = run(model_file("run"), tmp_path / "small.onnx")
    assert result.exit_code == 0
    mark = make_model().fingerprint.hex()[:8]
    assert result.stdout == (
        f"{tmp_path / 'small.onnx'}: small, fingerprint {mark}, feature vector of 30, "
        "ONNX opset 18\n"
    )
    assert result.stderr == ""
    assert (tmp_path / "small.onnx").stat().st_size > 0


def test_json_tells_the_same_and_an_older_file_is_replaced(model_file, make_model, tmp_path):
    pytest.importorskip("onnx")
    (tmp_path / "small.onnx").write_text("older")
    result = run(model_file("run"), tmp_path / "small.onnx", "--json")
    assert json.loads(result.stdout) == {
        "file": str(tmp_path / "small.onnx"),
        "name": "small",
        "fingerprint": make_model().fingerprint.hex()[:8],
        "opset": 18,
        "feature_vector": 30,
    }
    assert (tmp_path / "small.onnx").read_bytes() != b"older"


def test_missing_extra_is_one_line_with_status_2(model_file, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    result = run(model_file("run"), tmp_path / "small.onnx")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: the package onnx is not installed; in the checkout: pip install '.[onnx]'\n"
    )
    assert not (tmp_path / "small.onnx").exists()


def test_model_without_a_network_is_one_line_with_status_2(elastic, tmp_path):
    pytest.importorskip("onnx")
    result = run(elastic, tmp_path / "a.onnx")
    assert result.exit_code == 2
    assert result.stderr == ("Error: elastic has no network to export; name a model that has one\n")
    assert not (tmp_path / "a.onnx").exists()


def test_swapped_arguments_cannot_overwrite_a_model(model_file, tmp_path):
    model = model_file("run") / "model.safetensors"
    before = model.read_bytes()
    result = run(tmp_path / "small.onnx", model)
    assert result.exit_code == 2
    assert "does not end in .onnx" in result.stderr
    assert model.read_bytes() == before


def test_missing_model_is_one_line_with_status_2(tmp_path):
    result = run(tmp_path / "absent", tmp_path / "a.onnx")
    assert result.exit_code == 2
    assert "there is no such model" in result.stderr
    assert result.stderr.count("\n") == 1

"""`sigtdnn export`: a model for other runtimes."""

import json
from pathlib import Path

import click

from sigtdnn.errors import ConfigurationError
from sigtdnn.models.file import load_model
from sigtdnn.models.onnx import OPSET, write_onnx

from .options import json_option


@click.command("export", epilog="Example: sigtdnn export runs/network-4-1 network-4.onnx")
@click.argument("model_path", metavar="MODEL", type=click.Path(path_type=Path))
@click.argument("output", metavar="OUT.onnx", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def command(model_path: Path, output: Path, as_json: bool) -> None:
    """Write a model as an ONNX graph; an older OUT.onnx is replaced.

    MODEL is a model file or a run folder. The graph takes the ten unscaled features of
    signatures and gives their feature vectors, and beside them the components that a template
    of 80 bytes keeps; its metadata hold the model's name, its fingerprint and the settings of
    preprocessing. Needs the extra onnx; in the checkout: pip install '.[onnx]'.
    """
    if output.suffix != ".onnx":
        raise ConfigurationError(f"{output}: does not end in .onnx; name the file to write so")
    model = load_model(model_path)
    write_onnx(model, output)
    facts = {
        "file": str(output),
        "name": model.name,
        "fingerprint": model.fingerprint.hex()[:8],
        "opset": OPSET,
        "feature_vector": model.encoder.network.feature_vector if model.encoder else 0,
    }
    if as_json:
        click.echo(json.dumps(facts))
    else:
        click.echo(
            f"{output}: {facts['name']}, fingerprint {facts['fingerprint']}, feature vector of "
            f"{facts['feature_vector']}, ONNX opset {OPSET}"
        )

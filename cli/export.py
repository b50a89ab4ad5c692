"""`sigtdnn export`: a model for other runtimes."""

import json
from pathlib import Path

import click

from sigtdnn.errors import ConfigurationError
from sigtdnn.extras import needs
from sigtdnn.models.file import load_model
from sigtdnn.models.onnx import OPSET, write_onnx

from .options import json_option


@click.command("export", epilog="Example: sigtdnn export network-5 network-5.onnx")
@click.argument("model_name", metavar="MODEL")
@click.argument("output", metavar="OUT.onnx", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@needs("onnx")
def command(model_name: str, output: Path, as_json: bool) -> None:
    """Write a model as an ONNX graph.

    MODEL is one that ships, such as network-5, a model file or a run folder; an older OUT.onnx is
    replaced. The graph takes the ten unscaled features of signatures. It gives their feature
    vectors and, of a Gaussian model, the components of them that a template of 80 bytes keeps. Its
    metadata hold the model's name, its fingerprint and the settings of preprocessing. Needs the
    extra 'onnx': in the checkout, pip install '.[onnx]'.
    """
    if output.suffix != ".onnx":
        raise ConfigurationError(f"{output}: does not end in .onnx", "name the file to write so")
    model = load_model(model_name)
    write_onnx(model, output)
    assert model.encoder is not None  # else there was nothing to write
    facts = {
        "file": str(output),
        "name": model.name,
        "fingerprint": model.fingerprint.hex()[:8],
        "opset": OPSET,
        "feature_vector": model.encoder.network.feature_vector,
    }
    if as_json:
        click.echo(json.dumps(facts))
    else:
        click.echo(
            f"{output}: {facts['name']}, fingerprint {facts['fingerprint']}, feature vector of "
            f"{facts['feature_vector']}, ONNX opset {OPSET}"
        )

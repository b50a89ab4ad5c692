"""`sigtdnn info`: what a network or a model is."""

import json
from pathlib import Path
from typing import Any

import click

from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.matcher import REFERENCES
from sigtdnn.models.file import load_model
from sigtdnn.models.model import Model
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.training.recipe import read_recipe
from sigtdnn.verification import Verifier

from .options import json_option


@click.command(epilog="Example: sigtdnn info network-4")
@click.argument("name")
@json_option
def command(name: str, as_json: bool) -> None:
    """Tell what a network or a model is: layers, weights, training data.

    NAME is network-1 to network-5, a recipe as a TOML file, a model file or a run folder.
    """
    path = Path(name)
    model = load_model(path) if path.is_dir() or path.suffix == ".safetensors" else None
    if model is None:
        facts = describe(read_recipe(name).network)
    else:
        config = None if model.encoder is None else model.encoder.network
        facts = (describe(config) if config else {"name": model.name}) | provenance(model)
    click.echo(json.dumps(facts) if as_json else as_text(facts))


def describe(config: NetworkConfig) -> dict[str, Any]:
    """The facts of a network; the keys are a promise to scripts."""
    return {
        "name": config.name,
        "parameters": config.parameters,
        "feature_vector": config.feature_vector,
        "features": list(config.inputs),
        "layers": [
            {
                "kind": layer.kind,
                "channels": layer.channels,
                "frames": layer.frames,
                "field": [layer.seen(before[0]), layer.field],
                "step": layer.step,
            }
            for layer, before in zip(config.layers, config.sizes, strict=False)
        ],
    }


def provenance(model: Model) -> dict[str, Any]:
    """Where a model comes from, and how its matcher decides."""
    source, matcher = model.provenance, model.matcher
    of_matcher: dict[str, Any] = {}
    if isinstance(matcher, Gaussian):
        of_matcher = {
            "log_p_no": matcher.prior.log_p_no,
            "p_no_largest_share": matcher.prior.largest_share,
            "components": list(matcher.components),
        }
    return {
        "fingerprint": model.fingerprint.hex()[:8],
        "trained_on": source.corpus,
        "training_signers": len(source.training_signers),
        "validation_signers": len(source.validation_signers),
        "seed": source.seed,
        "passes": source.passes,
        "sigtdnn": source.sigtdnn,
        "matcher": matcher.kind,
        **of_matcher,
        "forgeries": model.calibrations.of(REFERENCES).skilled.forgeries,
        "threshold": Verifier(model).threshold(),
    }


def as_text(facts: dict[str, Any]) -> str:
    """The facts as lines for a person."""
    lines = [facts["name"]]
    if "layers" in facts:
        lines += [
            f"  inputs   {' '.join(facts['features'])}",
            *(
                f"  layer {n}  {layer['kind']} to {layer['channels']} x {layer['frames']}, "
                f"field {layer['field'][0]} x {layer['field'][1]}, step {layer['step']}"
                for n, layer in enumerate(facts["layers"], 1)
            ),
            f"  feature vector of {facts['feature_vector']}, {facts['parameters']:,} weights",
        ]
    if "trained_on" in facts:
        weights = f"weights of pass {facts['passes']}, " if "layers" in facts else ""
        lines += [
            f"  trained on {facts['trained_on']}: {facts['training_signers']} signers, "
            f"{facts['validation_signers']} more for validation, seed {facts['seed']}",
            f"  {weights}fingerprint {facts['fingerprint']}, made by sigtdnn {facts['sigtdnn']}",
            f"  matcher {facts['matcher']}, by default accepts from score "
            f"{facts['threshold']:.3f}, measured on {facts['forgeries']} forgeries",
        ]
    if "components" in facts:
        lines += [
            f"  templates of 80 bytes keep {len(facts['components'])} components",
            f"  log p-no {facts['log_p_no']:.1f}, of which one forgery carries "
            f"{facts['p_no_largest_share']:.0%}",
        ]
    return "\n".join(lines)

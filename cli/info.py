"""`sigtdnn info`: what a network or a model is."""

import json
from pathlib import Path
from typing import Any

import click

from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.matcher import REFERENCES
from sigtdnn.models.file import load_model
from sigtdnn.models.model import Model
from sigtdnn.models.pretrained import NAMES, card
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.tables import table_from
from sigtdnn.training.recipe import Recipe, read_recipe
from sigtdnn.verification import Verifier

from .options import json_option


@click.command(epilog="Example: sigtdnn info default")
@click.argument("name")
@json_option
def command(name: str, as_json: bool) -> None:
    """Tell what a network or a model is: layers, weights, training data.

    NAME is a model that ships, default or network-5, of which its card is printed, too; a model
    file or a run folder; or a recipe: network-1 to network-4, elastic, or a TOML file.
    """
    facts = model_facts(name) if _is_model(name) else recipe_facts(read_recipe(name))
    click.echo(json.dumps(facts) if as_json else as_text(facts))


def _is_model(name: str) -> bool:
    path = Path(name)
    return name in NAMES or path.is_dir() or path.suffix == ".safetensors"


def model_facts(name: str) -> dict[str, Any]:
    """The facts of a model, its network and, of one that ships, its card."""
    model = load_model(name)
    network = {} if model.encoder is None else describe(model.encoder.network)
    told = {"card": card(name)} if name in NAMES else {}
    return {"name": model.name} | network | provenance(model) | told


def recipe_facts(recipe: Recipe) -> dict[str, Any]:
    """The facts of a recipe's network; without one, of its matcher."""
    if recipe.network is None:
        return {"name": recipe.name, "matcher": table_from(recipe.matcher)}
    return describe(recipe.network)


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
        "licence": source.licence or None,
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
    elif "matcher" in facts:
        settings = ", ".join(f"{key} {value}" for key, value in facts["matcher"].items())
        lines.append(f"  matcher without a network: {settings}")
    if "components" in facts:
        lines += [
            f"  templates of 80 bytes keep {len(facts['components'])} components",
            f"  log p-no {facts['log_p_no']:.1f}, of which one forgery carries "
            f"{facts['p_no_largest_share']:.0%}",
        ]
    if facts.get("licence"):
        lines.append(f"  licence {facts['licence']}")
    if "card" in facts:
        lines += ["", facts["card"].rstrip()]
    return "\n".join(lines)

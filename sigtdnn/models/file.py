"""A model as one safetensors file.

Weights and scales are tensors; everything else is JSON in the file's metadata, read with the
same strictness as a configuration. Nothing is ever unpickled.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from sigtdnn.arrays import Float32
from sigtdnn.errors import (
    ConfigurationError,
    DamagedModelError,
    ModelNotFoundError,
    ModelVersionError,
)
from sigtdnn.files import replacing
from sigtdnn.matching.calibration import Calibration
from sigtdnn.matching.matcher import Matcher
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.models.encoder import Encoder
from sigtdnn.models.model import Model, Provenance
from sigtdnn.models.norms import Norms
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import settings_from, table_from

VERSION = 3
METADATA_KEY = "sigtdnn"
# Names of the tensors: that of the scales, and what comes before the name of a weight.
SCALES, WEIGHTS = "scales", "weights."
# What reading a description that is not one of ours may raise.
DAMAGE = (KeyError, TypeError, ValueError, OverflowError, RecursionError, ConfigurationError)


@dataclass(frozen=True)
class _Description:
    """What a file says of its tensors, but for the parts that may differ in kind."""

    version: int
    name: str
    calibration: Calibration
    norms: Norms
    provenance: Provenance


@dataclass(frozen=True)
class _EncoderDescription:
    network: NetworkConfig
    preprocessing: PreprocessingSettings


def save_model(model: Model, path: Path) -> None:
    """Writes the file whole or not at all."""
    encoder = model.encoder
    description = _Description(
        VERSION, model.name, model.calibration, model.norms, model.provenance
    )
    table = table_from(description)
    table["matcher"] = {"kind": model.matcher.kind, **table_from(model.matcher)}
    tensors: dict[str, Float32] = {}
    if encoder is not None:
        table["encoder"] = table_from(_EncoderDescription(encoder.network, encoder.preprocessing))
        tensors = {SCALES: encoder.scales}
        tensors |= {WEIGHTS + name: weight for name, weight in encoder.weights.items()}
    # The format would store a strided view as if it were contiguous.
    whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    with replacing(path) as temporary:
        temporary.write_bytes(save(whole, {METADATA_KEY: json.dumps(table)}))


def load_model(path: Path | str) -> Model:
    """The model of a file, or of the `model.safetensors` in a run folder.

    Raises ModelNotFoundError when there is none, ModelVersionError when another version made
    it, DamagedModelError when it is no model or its parts do not fit together.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "model.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        table = dict(json.loads(metadata[METADATA_KEY]))
        if table["version"] != VERSION:
            raise ModelVersionError(
                f"{path}: model version {table['version']}, this sigtdnn reads {VERSION}",
                "train again",
            )
        matcher = _matcher(table.pop("matcher"))
        encoder = _encoder(table.pop("encoder", None), tensors)
        matcher.require_size(None if encoder is None else encoder.network.feature_vector)
        description = settings_from(_Description, table, "model")
    except FileNotFoundError as error:
        raise ModelNotFoundError(
            f"{path}: there is no such model", "name a file or a run folder"
        ) from error
    except (SafetensorError, OSError) as error:
        raise DamagedModelError(
            f"{path}: is no model file ({error})", "train or copy it again"
        ) from error
    except DAMAGE as error:
        raise DamagedModelError(
            f"{path}: the model's description is damaged ({error})", "train or copy it again"
        ) from error
    return Model(
        description.name,
        encoder,
        matcher,
        description.calibration,
        description.norms,
        description.provenance,
    )


def _matcher(table: Any) -> Matcher[Any]:
    settings = dict(table)
    kind = settings.pop("kind")
    if kind not in MATCHERS:
        raise ValueError(f"matcher {kind!r} is none of {', '.join(MATCHERS)}")
    return settings_from(MATCHERS[kind], settings, "matcher")


def _encoder(table: Any, tensors: Mapping[str, Float32]) -> Encoder | None:
    """The encoder that a description and tensors make; ValueError unless they fit together."""
    if table is None:
        if tensors:
            raise ValueError("weights of no encoder")
        return None
    description = settings_from(_EncoderDescription, dict(table), "encoder")
    network = description.network
    weights = {
        name.removeprefix(WEIGHTS): array
        for name, array in tensors.items()
        if name.startswith(WEIGHTS)
    }
    scales = tensors[SCALES]
    if len(weights) + 1 != len(tensors):
        raise ValueError("more tensors than weights and scales")
    shapes = weight_shapes(network)
    found = {name: array.shape for name, array in weights.items()}
    if found != shapes:
        raise ValueError(f"weights {found} do not fit the network, {shapes} are wanted")
    arrays = [scales, *weights.values()]
    if any(array.dtype != np.float32 or not np.isfinite(array).all() for array in arrays):
        raise ValueError("weights and scales must be finite float32")
    if scales.shape != (len(network.inputs),) or not (scales > 0).all():
        raise ValueError("one positive scale an input is needed")
    if description.preprocessing.frames != network.frames:
        raise ValueError(
            f"the network takes {network.frames} frames, preprocessing makes "
            f"{description.preprocessing.frames}"
        )
    return Encoder(network, description.preprocessing, weights, scales)


def weight_shapes(network: NetworkConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every weight array of a network."""
    shapes: dict[str, tuple[int, ...]] = {}
    for number, layer in enumerate(network.layers):
        before = network.sizes[number][0]
        shapes[f"layers.{number}.bias"] = (layer.channels,)
        if layer.kind == "averaging":
            shapes[f"layers.{number}.gain"] = (layer.channels,)
        else:
            shapes[f"layers.{number}.weight"] = (layer.channels, before, layer.field)
    return shapes

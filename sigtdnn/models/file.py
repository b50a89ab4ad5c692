"""A model as one safetensors file.

Weights and scales are tensors; everything else is JSON in the file's metadata, read with the
same strictness as a configuration. Nothing is ever unpickled.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from sigtdnn.arrays import Float32
from sigtdnn.errors import (
    ConfigurationError,
    DamagedModelError,
    ModelNotFoundError,
    ModelVersionError,
    problem_of,
)
from sigtdnn.files import replacing
from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.matcher import Matcher
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.models.model import Model, Provenance
from sigtdnn.models.norms import Norms
from sigtdnn.models.pretrained import NAMES, pretrained_file
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import settings_from, table_from, tensor_names, tensors_of

VERSION = 4
METADATA_KEY = "sigtdnn"
# Names of the tensors: that of the scales, and what comes before the name of a weight and of
# what a matcher has learnt.
SCALES, WEIGHTS, LEARNT = "scales", "weights.", "matcher."
# What reading a description that is not one of ours may raise.
DAMAGE = (ValueError, OverflowError, RecursionError, ConfigurationError)


@dataclass(frozen=True)
class _EncoderDescription:
    """What a file says of the encoder's tensors."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings


@dataclass(frozen=True)
class _Description:
    """The JSON in a file's metadata."""

    version: int
    name: str
    matcher: Annotated[Matcher[Any], MATCHERS]
    calibrations: Calibrations
    norms: Norms
    provenance: Provenance
    encoder: _EncoderDescription | None = None


def save_model(model: Model, path: Path) -> None:
    """Writes the file whole or not at all."""
    encoder, described = model.encoder, None
    tensors: dict[str, Float32] = {}
    if encoder is not None:
        described = _EncoderDescription(encoder.network, encoder.preprocessing)
        tensors = {SCALES: encoder.scales}
        tensors |= {WEIGHTS + name: weight for name, weight in encoder.weights.items()}
    tensors |= {LEARNT + name: array for name, array in tensors_of(model.matcher).items()}
    table = table_from(
        _Description(
            VERSION,
            model.name,
            model.matcher,
            model.calibrations,
            model.norms,
            model.provenance,
            described,
        )
    )
    # The format would store a strided view as if it were contiguous.
    whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    with replacing(path) as temporary:
        temporary.write_bytes(save(whole, {METADATA_KEY: json.dumps(table)}))


def load_model(name: Path | str) -> Model:
    """The model of a file, or of the `model.safetensors` in a run folder; or one that ships.

    Those that ship have names, `default` and `network-5`, which are strings: a Path, and
    "./default", is always a file or folder.

    Raises ModelNotFoundError when there is none, ModelVersionError when another version made
    it, DamagedModelError when it is not a model or its parts do not fit together.
    """
    path = pretrained_file(name) if name in NAMES else Path(name)
    if path.is_dir():
        path = path / "model.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        table = json.loads(metadata.get(METADATA_KEY, "null"))
        if not isinstance(table, dict) or "version" not in table:
            raise ValueError("no table with a version")
        if table["version"] != VERSION:
            raise ModelVersionError(
                f"{path}: model version {table['version']}, this sigtdnn reads {VERSION}",
                "train again",
            )
        description = settings_from(_Description, table, "model")
        learnt = {name: tensors.pop(name) for name in list(tensors) if name.startswith(LEARNT)}
        encoder = _encoder(description.encoder, tensors)
        matcher = _matcher(description.matcher, learnt)
        matcher.require_size(None if encoder is None else encoder.network.feature_vector)
    except FileNotFoundError as error:
        raise ModelNotFoundError(
            f"{path}: there is no such model",
            f"name a file, a run folder or one that ships: {', '.join(NAMES)}",
        ) from error
    except (SafetensorError, OSError) as error:
        raise DamagedModelError(
            f"{path}: is not a model file ({error})", "train or copy it again"
        ) from error
    except DAMAGE as error:
        raise DamagedModelError(
            f"{path}: the model's description is damaged ({problem_of(error)})",
            "train or copy it again",
        ) from error
    return Model(
        description.name,
        encoder,
        matcher,
        description.calibrations,
        description.norms,
        description.provenance,
    )


def _matcher(described: Matcher[Any], learnt: Mapping[str, Float32]) -> Matcher[Any]:
    """The matcher with what it has learnt; ValueError unless they fit together."""
    arrays = {name.removeprefix(LEARNT): array for name, array in learnt.items()}
    unknown = arrays.keys() - tensor_names(described)
    if unknown:
        raise ValueError(f"the matcher has no '{min(unknown)}'")
    return described.with_tensors(arrays) if tensor_names(described) else described


def _encoder(
    description: _EncoderDescription | None, tensors: Mapping[str, Float32]
) -> Encoder | None:
    """The encoder that a description and tensors make; ValueError unless they fit together."""
    if description is None:
        if tensors:
            raise ValueError("weights of no encoder")
        return None
    network = description.network
    weights = {
        name.removeprefix(WEIGHTS): array
        for name, array in tensors.items()
        if name.startswith(WEIGHTS)
    }
    if tensors.keys() - {SCALES, *(WEIGHTS + name for name in weights)} or SCALES not in tensors:
        raise ValueError("the tensors are not weights and scales")
    scales = tensors[SCALES]
    shapes = network.weight_shapes
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

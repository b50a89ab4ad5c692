"""A model: all that scoring needs, in one safetensors file.

Weights are tensors; everything else is JSON in the file's metadata, read with the same
strictness as a configuration. Nothing is ever unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from sigtdnn.arrays import Float32
from sigtdnn.errors import ConfigurationError, ModelError
from sigtdnn.files import replacing
from sigtdnn.models.card import Card
from sigtdnn.models.decision import Decision
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import settings_from, table_from

MODEL_VERSION = 2
METADATA_KEY = "sigtdnn"
# Names of the tensors: that of the scales, and what comes before the name of a weight.
SCALES, WEIGHTS = "scales", "weights."
# What reading a description that is not one of ours may raise.
DAMAGE = (KeyError, TypeError, ValueError, OverflowError, RecursionError, ConfigurationError)


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from."""

    corpus: str  # what it was trained on, in words
    training_signers: tuple[str, ...]
    validation_signers: tuple[str, ...]
    forgers: tuple[str, ...]  # writers of the forgeries seen in training and validation
    seed: int
    passes: int  # after which the weights were kept
    sigtdnn: str  # version that trained it


@dataclass(frozen=True, eq=False)
class Model:
    """A trained sub-network with everything around it; immutable."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings
    weights: Mapping[str, Float32]
    scales: Float32  # (inputs,): a feature is divided by its own
    components: tuple[int, ...]  # of the network's output that make the feature vector
    decision: Decision  # on vectors of these components
    card: Card  # for templates of 80 bytes
    provenance: Provenance

    def encode(self, features: Float32) -> Float32:
        """Feature vectors (n, d) of unscaled features (n, 10, frames)."""
        return self.outputs(features)[:, list(self.components)]

    def outputs(self, features: Float32) -> Float32:
        """The network's whole output (n, feature_vector), of length 1 if it is asked to be."""
        vectors = self._encoder.encode(features)
        if self.network.unit_vectors:
            vectors /= np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.network, self.weights, self.scales)

    @cached_property
    def fingerprint(self) -> bytes:
        """32 bytes that change with anything that changes a feature vector or a template."""
        digest = hashlib.sha256()
        card = [self.card.components, self.card.low, self.card.high]
        tables = [table_from(self.network), table_from(self.preprocessing)]
        settings = [*tables, self.components, card]
        digest.update(json.dumps(settings, sort_keys=True).encode())
        for array in [self.scales, *(self.weights[name] for name in sorted(self.weights))]:
            digest.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return digest.digest()


@dataclass(frozen=True)
class _Description:
    """What a file says of its tensors: the JSON in its metadata."""

    version: int
    network: NetworkConfig
    preprocessing: PreprocessingSettings
    components: tuple[int, ...]
    decision: Decision
    card: Card
    provenance: Provenance


def save_model(model: Model, path: Path) -> None:
    """Writes the file whole or not at all."""
    description = _Description(
        MODEL_VERSION,
        model.network,
        model.preprocessing,
        model.components,
        model.decision,
        model.card,
        model.provenance,
    )
    tensors = {SCALES: model.scales, **{WEIGHTS + name: w for name, w in model.weights.items()}}
    # The format would store a strided view as if it were contiguous.
    whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    with replacing(path) as temporary:
        temporary.write_bytes(save(whole, {METADATA_KEY: json.dumps(table_from(description))}))


def load_model(path: Path | str) -> Model:
    """The model of a file, or of the `model.safetensors` in a run folder.

    Raises ModelError when there is none, it is damaged, another version made it or its
    weights do not fit its configuration.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "model.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        table = json.loads(metadata[METADATA_KEY])
        if table["version"] != MODEL_VERSION:
            raise ModelError(
                f"{path}: model version {table['version']}, this sigtdnn reads {MODEL_VERSION}; "
                "train again"
            )
        description = settings_from(_Description, table, "model")
        scales = tensors.pop(SCALES)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: there is no such model; name a file or a run folder") from error
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: is no model file ({error}); train or copy it again") from error
    except DAMAGE as error:
        raise ModelError(
            f"{path}: the model's description is damaged ({error}); train or copy it again"
        ) from error
    model = Model(
        network=description.network,
        preprocessing=description.preprocessing,
        weights={name.removeprefix(WEIGHTS): array for name, array in tensors.items()},
        scales=scales,
        components=description.components,
        decision=description.decision,
        card=description.card,
        provenance=description.provenance,
    )
    if not all(name.startswith(WEIGHTS) for name in tensors):
        raise ModelError(f"{path}: holds more than weights and scales; train or copy it again")
    _check(model, path)
    return model


def _check(model: Model, path: Path) -> None:
    """Raises ModelError unless arrays, components and frames are those the network needs."""
    shapes = model.network.weight_shapes
    found = {name: array.shape for name, array in model.weights.items()}
    if found != shapes:
        raise ModelError(
            f"{path}: weights {found} do not fit the network, {shapes} are wanted; train again"
        )
    arrays = [model.scales, *model.weights.values()]
    if any(array.dtype != np.float32 or not np.isfinite(array).all() for array in arrays):
        raise ModelError(f"{path}: weights and scales must be finite float32; train again")
    if model.scales.shape != (len(model.network.inputs),) or not (model.scales > 0).all():
        raise ModelError(f"{path}: one positive scale an input is needed; train again")
    outputs = range(model.network.feature_vector)
    chosen = set(model.components)
    if not chosen or len(chosen) < len(model.components) or any(c not in outputs for c in chosen):
        raise ModelError(
            f"{path}: components must be different outputs of the network, 0..{outputs[-1]}; "
            "train again"
        )
    if model.card.components[-1] not in outputs:
        raise ModelError(
            f"{path}: components of the card must be outputs of the network, 0..{outputs[-1]}; "
            "train again"
        )
    if model.preprocessing.frames != model.network.frames:
        raise ModelError(
            f"{path}: the network takes {model.network.frames} frames, preprocessing makes "
            f"{model.preprocessing.frames}; train again"
        )

"""Encoder: from signatures to feature vectors, by preprocessing and a trained sub-network.

The network is computed in NumPy, for inference without torch. It gives what
`tdnn.TDNN` gives for scaled inputs, from the same named weights (`NetworkConfig.weight_shapes`).

For a single signature, the calls of NumPy cost more than its arithmetic. So whatever can be done
in advance is: the choice and scales of the inputs and the factors of the squashing function go
into the weights, and every layer is a convolution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.networks.config import NetworkConfig, weights_of
from sigtdnn.networks.layers.squash import AMPLITUDE, SLOPE
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings, preprocess_batch
from sigtdnn.signature import Signature
from sigtdnn.tables import table_from


@dataclass(frozen=True, eq=False)
class Encoder:
    """A trained sub-network, its weights, and how its inputs are made."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings
    weights: Mapping[str, Float32]  # by name and shape as `weight_shapes` gives them
    scales: Float32  # (inputs,): a feature is divided by its own

    def represent(self, signatures: Sequence[Signature]) -> Float32:
        """Feature vectors (n, d); raises PreprocessingError for a signature without size."""
        return self.encode(preprocess_batch(signatures, self.preprocessing))

    def encode(self, features: Float32) -> Float32:
        """Feature vectors (n, d) of unscaled features (n, 10, frames).

        They are of length 1 if the network asks for it.
        """
        values = np.ascontiguousarray(features, np.float32)
        for layer in self._layers:
            values = layer.apply(values)
        vectors: Float32 = AMPLITUDE * values.reshape(len(values), self.network.feature_vector)
        if self.network.unit_vectors:
            vectors /= np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors

    def tables(self) -> list[dict[str, Any]]:
        """The settings that change a feature vector."""
        return [table_from(self.network), table_from(self.preprocessing)]

    @cached_property
    def _layers(self) -> "list[_Layer]":
        layers = []
        network = self.network
        # A layer's inputs as a linear map of what it is given, (inputs, given).
        inputs = np.zeros((len(network.inputs), len(FEATURES)))
        inputs[range(len(network.inputs)), network.rows] = 1 / self.scales
        for number, layer in enumerate(network.layers):
            own = weights_of(number, self.weights)
            weight = np.einsum("oif,ic->ocf", layer.convolution(own), inputs)
            bias = own["bias"][:, None].repeat(layer.frames, axis=1)
            matrix = weight.reshape(layer.channels, -1)
            layers.append(
                _Layer(
                    (SLOPE * matrix).astype(np.float32),
                    (SLOPE * bias).astype(np.float32),
                    layer.field,
                    layer.step,
                )
            )
            inputs = AMPLITUDE * np.eye(layer.channels)
        return layers


@dataclass(frozen=True, eq=False)
class _Layer:
    weight: Float32  # (channels', channels * field)
    bias: Float32  # (channels', frames'): adding equal shapes is faster than broadcasting
    field: int
    step: int

    def apply(self, values: Float32) -> Float32:
        """tanh(weight @ field + bias), (n, channels', frames'), of (n, channels, frames)."""
        n, channels, _ = values.shape
        _, frames = self.bias.shape
        signature, channel, frame = values.strides
        # The view that `sliding_window_view` gives, which takes longer than a layer.
        fields: Float32 = np.ndarray(
            (n, channels, self.field, frames),
            np.float32,
            values,
            strides=(signature, channel, frame, self.step * frame),
        )
        sums: Float32 = self.weight @ fields.reshape(n, channels * self.field, frames)
        sums += self.bias
        return np.tanh(sums, out=sums)

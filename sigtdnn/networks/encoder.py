"""The sub-network in NumPy, for inference where torch is not wanted.

It computes what `tdnn.TDNN` computes of scaled inputs, from the same named weights (see
`NetworkConfig.weight_shapes`).

Of a single signature the calls of NumPy cost more than its sums. So whatever is known before
is done before: the choice and scales of the inputs and the factors of the squashing function
go into the weights, and every layer is a convolution.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.networks.config import NetworkConfig, weights_of
from sigtdnn.networks.layers.squash import AMPLITUDE, SLOPE
from sigtdnn.preprocessing import FEATURES


class Encoder:
    """A network with its weights and scales, made ready."""

    def __init__(
        self, config: NetworkConfig, weights: Mapping[str, Float32], scales: Float32
    ) -> None:
        """`scales`, shape (inputs,), divide the features that are the network's inputs."""
        self._size = config.feature_vector
        self._layers = []
        # What a layer's inputs are made of, (inputs, what there is).
        inputs = np.zeros((len(config.inputs), len(FEATURES)))
        inputs[range(len(config.inputs)), config.rows] = 1 / scales
        for number, layer in enumerate(config.layers):
            own = weights_of(number, weights)
            weight = np.einsum("oif,ic->ocf", layer.convolution(own), inputs)
            bias = own["bias"][:, None].repeat(layer.frames, axis=1)
            matrix = weight.reshape(layer.channels, -1)
            self._layers.append(
                _Layer(
                    (SLOPE * matrix).astype(np.float32),
                    (SLOPE * bias).astype(np.float32),
                    layer.field,
                    layer.step,
                )
            )
            inputs = AMPLITUDE * np.eye(layer.channels)

    def encode(self, features: Float32) -> Float32:
        """Feature vectors (n, d) of unscaled features (n, 10, frames)."""
        values = np.ascontiguousarray(features, np.float32)
        for layer in self._layers:
            values = layer.apply(values)
        return AMPLITUDE * values.reshape(len(values), self._size)


@dataclass(frozen=True, eq=False)
class _Layer:
    weight: Float32  # (channels', channels * field)
    bias: Float32  # (channels', frames'): equal shapes are added faster than one is repeated
    field: int
    step: int

    def apply(self, values: Float32) -> Float32:
        """tanh(weight @ field + bias), (n, channels', frames'), of (n, channels, frames)."""
        n, channels, _ = values.shape
        _, frames = self.bias.shape
        signature, channel, frame = values.strides
        # The same view as by `sliding_window_view`, which takes longer than a layer.
        fields: Float32 = np.ndarray(
            (n, channels, self.field, frames),
            np.float32,
            values,
            strides=(signature, channel, frame, self.step * frame),
        )
        sums: Float32 = self.weight @ fields.reshape(n, channels * self.field, frames)
        sums += self.bias
        return np.tanh(sums, out=sums)

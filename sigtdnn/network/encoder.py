"""The sub-network in NumPy, for inference where torch is not wanted.

It computes what `tdnn.TDNN` computes, from the same named weights:
`layers.N.weight` (channels', channels, field), `layers.N.bias` (channels',) and, for
averaging, `layers.N.gain` (channels,).
"""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sigtdnn.network.config import LayerConfig, NetworkConfig
from sigtdnn.network.squash import AMPLITUDE, SLOPE

Array = NDArray[np.float32]


def encode(config: NetworkConfig, weights: Mapping[str, Array], inputs: Array) -> Array:
    """Feature vectors (n, d) of scaled inputs (n, channels, frames)."""
    values = inputs
    for number, layer in enumerate(config.layers):
        fields = sliding_window_view(values, layer.field, axis=-1)[..., :: layer.step, :]
        values = AMPLITUDE * np.tanh(SLOPE * _potential(layer, number, weights, fields))
    return values.reshape(len(values), config.feature_vector)


def _potential(
    layer: LayerConfig, number: int, weights: Mapping[str, Array], fields: Array
) -> Array:
    """The layer's sums before squashing, (n, channels', frames')."""
    bias = weights[f"layers.{number}.bias"][:, None]
    if layer.kind == "averaging":
        gain = weights[f"layers.{number}.gain"][:, None]
        mean: Array = fields.mean(axis=-1)
        return gain * mean + bias
    weight = weights[f"layers.{number}.weight"].reshape(layer.channels, -1)
    n, _, frames, _ = fields.shape
    rows = fields.transpose(0, 2, 1, 3).reshape(n * frames, weight.shape[1])
    sums: Array = (rows @ weight.T).reshape(n, frames, layer.channels).transpose(0, 2, 1)
    return sums + bias

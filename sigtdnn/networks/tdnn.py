"""The sub-network in torch: a time delay neural network (PAPER section 3).

Tensors have shape (signatures, channels, frames); the input is scaled (see `Model.scales`).
"""

import torch
from torch import Tensor, nn

from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.layer import Layer
from sigtdnn.networks.layers.squash import squash


class TDNNLayer(nn.Module):
    """One layer of any kind with its weights, followed by the squashing function."""

    def __init__(self, layer: Layer, channels: int, generator: torch.Generator) -> None:
        """Draws the initial weights, on an input of so many channels, from `generator`."""
        super().__init__()
        self.layer = layer
        weights = layer.initial_weights(channels, generator)
        for name, weight in weights.items():
            self.register_parameter(name, nn.Parameter(weight))
        self._names = tuple(weights)

    def forward(self, values: Tensor) -> Tensor:
        """(signatures, channels, frames) to (signatures, channels', frames')."""
        weights = {name: getattr(self, name) for name in self._names}
        return squash(self.layer.apply(values, weights))


class TDNN(nn.Module):
    """A stack of the configured layers; its output, flattened, is the feature vector."""

    def __init__(self, config: NetworkConfig, generator: torch.Generator) -> None:
        """Draws the initial weights from `generator`."""
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList(
            TDNNLayer(layer, channels, generator)
            for layer, (channels, _) in zip(config.layers, config.sizes, strict=False)
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """Feature vectors (signatures, d) of scaled inputs (signatures, channels, frames)."""
        values = inputs
        for layer in self.layers:
            values = layer(values)
        return values.flatten(-2)

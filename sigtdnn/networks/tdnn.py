"""The sub-network in torch: a time delay neural network (PAPER section 3).

Tensors have shape (signatures, channels, frames); the input is scaled (see `Model.scales`).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool1d, conv1d

from sigtdnn.networks.config import LayerConfig, NetworkConfig
from sigtdnn.networks.squash import AMPLITUDE, SLOPE


def squash(values: Tensor) -> Tensor:
    """1.7159 tanh(2u/3), elementwise."""
    return AMPLITUDE * torch.tanh(SLOPE * values)


class Convolution(nn.Module):
    """Every output map looks through the same weights at all channels of its field."""

    def __init__(self, layer: LayerConfig, channels: int, generator: torch.Generator) -> None:
        """Weights uniform in +-1/sqrt(fan-in), drawn from `generator`; biases likewise."""
        super().__init__()
        self.layer = layer
        fan_in = channels * layer.field
        bound = 1 / math.sqrt(fan_in)
        weight = torch.empty(layer.channels, channels, layer.field)
        self.weight = nn.Parameter(weight.uniform_(-bound, bound, generator=generator))
        bias = torch.empty(layer.channels)
        self.bias = nn.Parameter(bias.uniform_(-bound, bound, generator=generator))

    def forward(self, values: Tensor) -> Tensor:
        """(signatures, channels, frames) to (signatures, channels', frames')."""
        return squash(conv1d(values, self.weight, self.bias, stride=self.layer.step))


class Averaging(nn.Module):
    """Every map is averaged over its field, then given a trained gain and bias."""

    def __init__(self, layer: LayerConfig) -> None:
        """Gain 1 and bias 0: it begins as the plain mean."""
        super().__init__()
        self.layer = layer
        self.gain = nn.Parameter(torch.ones(layer.channels))
        self.bias = nn.Parameter(torch.zeros(layer.channels))

    def forward(self, values: Tensor) -> Tensor:
        """(signatures, channels, frames) to (signatures, channels, frames')."""
        mean = avg_pool1d(values, self.layer.field, self.layer.step)
        return squash(self.gain[:, None] * mean + self.bias[:, None])


class TDNN(nn.Module):
    """A stack of the configured layers; its output, flattened, is the feature vector."""

    def __init__(self, config: NetworkConfig, generator: torch.Generator) -> None:
        """Draws the initial weights from `generator`."""
        super().__init__()
        self.config = config
        channels = [size[0] for size in config.sizes]
        self.layers = nn.ModuleList(
            Averaging(layer) if layer.kind == "averaging" else Convolution(layer, before, generator)
            for layer, before in zip(config.layers, channels, strict=False)
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """Feature vectors (signatures, d) of scaled inputs (signatures, channels, frames)."""
        values = inputs
        for layer in self.layers:
            values = layer(values)
        return values.flatten(-2)

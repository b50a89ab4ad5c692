"""Convolution over time: every output map looks through the same weights at all channels."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sigtdnn.arrays import Float32
from sigtdnn.networks.layers.layer import Graph, Layer

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Convolution(Layer):
    """`weight` (channels', channels, field) and one `bias` a map."""

    kind = "convolution"

    def seen(self, channels: int) -> int:
        """All of them."""
        return channels

    def weight_shapes(self, channels: int) -> dict[str, tuple[int, ...]]:
        """Of `bias` and `weight`."""
        return {"bias": (self.channels,), "weight": (self.channels, channels, self.field)}

    def convolution(self, weights: Mapping[str, Float32]) -> Float32:
        """The weight as it is."""
        return weights["weight"]

    def initial_weights(self, channels: int, generator: "Generator") -> dict[str, "Tensor"]:
        """Uniform in +-1/sqrt(fan-in), biases likewise."""
        import torch

        bound = 1 / math.sqrt(channels * self.field)
        weight = torch.empty(self.channels, channels, self.field)
        bias = torch.empty(self.channels)
        return {
            "weight": weight.uniform_(-bound, bound, generator=generator),
            "bias": bias.uniform_(-bound, bound, generator=generator),
        }

    def apply(self, values: "Tensor", weights: Mapping[str, "Tensor"]) -> "Tensor":
        """(signatures, channels, frames) to (signatures, channels', frames')."""
        from torch.nn.functional import conv1d

        return conv1d(values, weights["weight"], weights["bias"], stride=self.step)

    def add_to(self, graph: Graph, values: str, weights: Mapping[str, Float32]) -> str:
        """One Conv."""
        constants = [graph.constant(weights[name]) for name in ("weight", "bias")]
        return graph.add("Conv", values, *constants, kernel_shape=[self.field], strides=[self.step])

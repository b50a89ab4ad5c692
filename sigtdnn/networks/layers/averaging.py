"""Averaging over time: every map by itself is averaged, then given a trained gain and bias."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.networks.layers.layer import Graph, Layer

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Averaging(Layer):
    """One `gain` and one `bias` a map; as many maps as there were."""

    kind = "averaging"

    def check(self, channels: int, frames: int) -> None:
        """Raises ValueError unless an input of that size gives the output that is stated."""
        super().check(channels, frames)
        if channels != self.channels:
            raise ValueError(f"averages {channels} channels, keep that number")

    def seen(self, channels: int) -> int:
        """One."""
        return 1

    def weight_shapes(self, channels: int) -> dict[str, tuple[int, ...]]:
        """Of `bias` and `gain`."""
        return {"bias": (self.channels,), "gain": (self.channels,)}

    def convolution(self, weights: Mapping[str, Float32]) -> Float32:
        """A share of the gain for every frame of the map's own channel, 0 for all others."""
        share = np.diag(weights["gain"] / np.float32(self.field))
        return share[:, :, None].repeat(self.field, axis=2)

    def initial_weights(self, channels: int, generator: "Generator") -> dict[str, "Tensor"]:
        """Gain 1 and bias 0, the plain mean."""
        import torch

        return {"gain": torch.ones(self.channels), "bias": torch.zeros(self.channels)}

    def apply(self, values: "Tensor", weights: Mapping[str, "Tensor"]) -> "Tensor":
        """(signatures, channels, frames) to (signatures, channels, frames')."""
        from torch.nn.functional import avg_pool1d

        mean = avg_pool1d(values, self.field, self.step)
        return weights["gain"][:, None] * mean + weights["bias"][:, None]

    def add_to(self, graph: Graph, values: str, weights: Mapping[str, Float32]) -> str:
        """AveragePool, Mul and Add."""
        mean = graph.add("AveragePool", values, kernel_shape=[self.field], strides=[self.step])
        scaled = graph.add("Mul", mean, graph.constant(weights["gain"][:, None]))
        return graph.add("Add", scaled, graph.constant(weights["bias"][:, None]))

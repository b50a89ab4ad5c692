"""What a network is: its inputs and its layers, in order (PAPER section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeVar

from sigtdnn.networks.layers import AnyLayer
from sigtdnn.preprocessing import FEATURES

T = TypeVar("T")


@dataclass(frozen=True)
class NetworkConfig:
    """One of the two identical sub-networks: its inputs, by feature name, and its layers."""

    name: str
    inputs: tuple[str, ...]
    layers: tuple[AnyLayer, ...]
    frames: int = 200  # of the input
    # Whether a feature vector is divided by its length, which the cosine in training ignores.
    unit_vectors: bool = False

    def __post_init__(self) -> None:
        for feature in self.inputs:
            if feature not in FEATURES:
                raise ValueError(f"'{feature}' is none of the features {', '.join(FEATURES)}")
        if not self.inputs or len(set(self.inputs)) < len(self.inputs):
            raise ValueError("inputs are one or more different features")
        if not self.layers:
            raise ValueError("a network has at least one layer")
        for number, layer in enumerate(self.layers, start=1):
            try:
                layer.check(*self.sizes[number - 1])
            except ValueError as error:
                raise ValueError(f"layer {number} {error}") from None

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """(channels, frames) of the input and of every layer's output."""
        outputs = [(layer.channels, layer.frames) for layer in self.layers]
        return [(len(self.inputs), self.frames), *outputs]

    @property
    def feature_vector(self) -> int:
        """Length of the feature vector: channels x frames of the last layer."""
        channels, frames = self.sizes[-1]
        return channels * frames

    @property
    def parameters(self) -> int:
        """Number of trained weights, shared by both branches."""
        return sum(map(prod, self.weight_shapes.values()))

    @property
    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every weight array; those of layer N are `layers.N.` and its names."""
        return {
            f"layers.{number}.{name}": shape
            for number, layer in enumerate(self.layers)
            for name, shape in layer.weight_shapes(self.sizes[number][0]).items()
        }

    @property
    def rows(self) -> list[int]:
        """Where the inputs stand among the ten features."""
        return [FEATURES.index(name) for name in self.inputs]


def weights_of(layer: int, weights: Mapping[str, T]) -> dict[str, T]:
    """The weights of one layer of a network, by the names that the layer gives them."""
    prefix = f"layers.{layer}."
    return {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}

"""What a network is: its inputs and its layers, read from a TOML file, one a network.

A layer turns (channels, frames) into (channels', frames'): a *convolution* looks through a
field of all channels and some frames, an *averaging* layer at one channel and some frames.
Neither pads, so frames' = (frames - field) // step + 1 (PAPER section 3).
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from sigtdnn.errors import ConfigurationError
from sigtdnn.preprocessing import FEATURES

NETWORKS = ("network-1", "network-2", "network-3", "network-4", "network-5")


@dataclass(frozen=True)
class LayerConfig:
    """One layer, with the size that the paper prints for it."""

    kind: Literal["convolution", "averaging"]
    channels: int  # of the output
    frames: int  # of the output; checked against the arithmetic
    field: int  # frames seen by one output
    step: int  # frames between two outputs

    def __post_init__(self) -> None:
        if min(self.channels, self.frames, self.field, self.step) < 1:
            raise ValueError("channels, frames, field and step of a layer are 1 or more")

    def parameters(self, channels: int) -> int:
        """Weights of the layer on an input of so many channels, biases included.

        A convolution has one bias a map; an averaging map has a gain and a bias.
        """
        if self.kind == "averaging":
            return 2 * self.channels
        return self.channels * (channels * self.field + 1)


@dataclass(frozen=True)
class NetworkConfig:
    """One of the two identical sub-networks: its inputs, by feature name, and its layers."""

    name: str
    inputs: tuple[str, ...]
    layers: tuple[LayerConfig, ...]
    frames: int = 200  # of the input
    # The feature vector is divided by its length, which the cosine of training ignores.
    unit_vectors: bool = False

    def __post_init__(self) -> None:
        for feature in self.inputs:
            if feature not in FEATURES:
                raise ValueError(f"'{feature}' is no feature; features are {', '.join(FEATURES)}")
        if not self.inputs or len(set(self.inputs)) < len(self.inputs):
            raise ValueError("inputs are one or more different features")
        if not self.layers:
            raise ValueError("a network has at least one layer")
        for number, (before, after) in enumerate(pairwise(self.sizes), start=1):
            layer = self.layers[number - 1]
            frames = (before[1] - layer.field) // layer.step + 1
            if frames != after[1]:
                raise ValueError(
                    f"layer {number} makes {frames} frames of {before[1]}, not {after[1]}"
                )
            if layer.kind == "averaging" and layer.channels != before[0]:
                raise ValueError(f"layer {number} averages {before[0]} channels, keep that number")

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
        channels = [size[0] for size in self.sizes]
        return sum(
            layer.parameters(before) for layer, before in zip(self.layers, channels, strict=False)
        )

    @property
    def rows(self) -> list[int]:
        """Where the inputs stand among the ten features."""
        return [FEATURES.index(name) for name in self.inputs]


def network_file(network: str) -> Path:
    """The TOML file of one of the paper's networks by name, or of any other by path.

    Raises ConfigurationError when it is neither.
    """
    if network in NETWORKS:
        # Scoring, whose network comes with the model, must start fast.
        from importlib import resources

        return Path(str(resources.files("sigtdnn.models.recipes"))) / f"{network}.toml"
    path = Path(network)
    if path.suffix == ".toml" and path.is_file():
        return path
    raise ConfigurationError(
        f"'{network}' is neither a TOML file nor one of {', '.join(NETWORKS)}; name one of these"
    )

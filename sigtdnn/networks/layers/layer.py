"""What every kind of layer has: sizes, weights, and three ways to compute it.

A layer turns (channels, frames) into (channels', frames'). One output frame sees a *field* of
`field` frames, the next one the field `step` frames later. Nothing is padded, so frames' =
(frames - field) // step + 1 (PAPER section 3). A layer is linear, with a bias; the squashing
function that follows it is the same for all kinds (`squash`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from sigtdnn.arrays import Float32

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Graph(Protocol):
    """An ONNX graph to which a layer adds its operators."""

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Adds a node, and gives the name of its result."""

    def constant(self, values: NDArray[Any] | np.float32) -> str:
        """Adds an array, and gives its name."""


@dataclass(frozen=True)
class Layer(ABC):
    """One layer, with the size that the paper prints for it."""

    kind: ClassVar[str]
    channels: int  # of the output
    frames: int  # of the output; checked against the arithmetic
    field: int  # frames seen by one output
    step: int  # frames between two outputs

    def __post_init__(self) -> None:
        if min(self.channels, self.frames, self.field, self.step) < 1:
            raise ValueError("channels, frames, field and step of a layer are 1 or more")

    def check(self, channels: int, frames: int) -> None:
        """Raises ValueError unless an input of that size gives the output that is stated."""
        made = (frames - self.field) // self.step + 1
        if made != self.frames:
            raise ValueError(f"makes {made} frames of {frames}, not {self.frames}")

    @abstractmethod
    def seen(self, channels: int) -> int:
        """How many of the input's channels one output sees."""

    @abstractmethod
    def weight_shapes(self, channels: int) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the weights on an input of so many channels; `bias` (channels',)."""

    @abstractmethod
    def convolution(self, weights: Mapping[str, Float32]) -> Float32:
        """The layer without its bias as a convolution, (channels', channels, field)."""

    @abstractmethod
    def initial_weights(self, channels: int, generator: "Generator") -> dict[str, "Tensor"]:
        """The weights before training, by name, drawn from `generator`."""

    @abstractmethod
    def apply(self, values: "Tensor", weights: Mapping[str, "Tensor"]) -> "Tensor":
        """(signatures, channels, frames) to (signatures, channels', frames'), not yet squashed."""

    @abstractmethod
    def add_to(self, graph: Graph, values: str, weights: Mapping[str, Float32]) -> str:
        """Adds to a graph what `apply` does to its result `values`; gives the new result's name."""

"""The squashing function of the group's networks, 1.7159 tanh(2u/3), after every layer.

The paper names none. This one, of LeCun's networks of the time, maps +-1 to +-1 and is
steepest between. In NumPy its two factors are part of the weights (`encoder`).
"""

from typing import TYPE_CHECKING

import numpy as np

from sigtdnn.networks.layers.layer import Graph

if TYPE_CHECKING:
    from torch import Tensor

AMPLITUDE = 1.7159
SLOPE = 2.0 / 3.0


def squash(values: "Tensor") -> "Tensor":
    """Elementwise."""
    return AMPLITUDE * (SLOPE * values).tanh()


def add_squash(graph: Graph, values: str) -> str:
    """Adds to a graph the function of its result `values`; gives the new result's name."""
    steep = graph.add("Mul", values, graph.constant(np.float32(SLOPE)))
    return graph.add("Mul", graph.add("Tanh", steep), graph.constant(np.float32(AMPLITUDE)))

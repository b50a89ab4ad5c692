"""A model as an ONNX graph, for runtimes other than this library.

The graph is built from the weights themselves, operator by operator:

input   `features` (batch, 10, frames) float32, unscaled, rows as `preprocessing.FEATURES`
output  `vectors` (batch, d) float32, what `Model.encode` gives: scaled, of unit length where
        the network asks for it, and only the chosen components
output  `card` (batch, at most 76) float32, the components that a template of 80 bytes keeps

Preprocessing is not part of the graph. Its settings, with the model's name and fingerprint,
stand in the metadata as strings. Needs the package onnx, the extra `onnx`.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import InstallationError
from sigtdnn.files import replacing
from sigtdnn.models.file import Model
from sigtdnn.networks.config import weights_of
from sigtdnn.networks.layers.squash import add_squash
from sigtdnn.preprocessing import FEATURES
from sigtdnn.tables import table_from

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# Of the end of 2022. Nothing newer is used, and what reads it is installed widely.
OPSET = 18
IR_VERSION = 8


def write_onnx(model: Model, path: Path) -> None:
    """Writes the graph, whole or not at all.

    Raises InstallationError where onnx is not installed.
    """
    graph = onnx_model(model).SerializeToString()
    with replacing(path) as temporary:
        temporary.write_bytes(graph)


def onnx_model(model: Model) -> "ModelProto":
    """The graph of a model, with its metadata.

    Raises InstallationError where onnx is not installed.
    """
    try:
        from onnx import TensorProto, helper
    except ModuleNotFoundError as error:
        raise InstallationError(
            "the package onnx is not installed; install it with: pip install 'sigtdnn[onnx]'"
        ) from error
    nodes = Nodes()
    last = nodes.pick("features", model.network.rows)
    last = nodes.add("Div", last, nodes.constant(model.scales[:, None]))
    for number, layer in enumerate(model.network.layers):
        last = add_squash(nodes, layer.add_to(nodes, last, weights_of(number, model.weights)))
    last = nodes.add("Flatten", last, axis=1)
    if model.network.unit_vectors:
        length = nodes.add("ReduceL2", last, nodes.constant(np.array([1])), keepdims=1)
        last = nodes.add("Div", last, length)
    nodes.pick(last, model.components, name="vectors")
    nodes.pick(last, model.card.components, name="card")
    sizes: dict[str, list[str | int]] = {
        "features": ["batch", len(FEATURES), model.network.frames],
        "vectors": ["batch", len(model.components)],
        "card": ["batch", len(model.card.components)],
    }
    ends = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in sizes.items()
    }
    graph = helper.make_graph(
        nodes.made,
        model.network.name,
        [ends["features"]],
        [ends["vectors"], ends["card"]],
        nodes.constants,
    )
    proto = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sigtdnn",
        producer_version=version("sigtdnn"),
    )
    helper.set_model_props(proto, _metadata(model))
    return proto


def _metadata(model: Model) -> dict[str, str]:
    return {
        "name": model.network.name,
        "fingerprint": model.fingerprint.hex(),
        "features": " ".join(FEATURES),
        "preprocessing": json.dumps(table_from(model.preprocessing)),
    }


class Nodes:
    """A graph in the making; every result and constant is named by its number."""

    def __init__(self) -> None:
        self.made: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def add(self, operator: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """Adds a node, and gives the name of its result."""
        from onnx import helper

        name = name or f"{operator}.{len(self.made)}"
        self.made.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def constant(self, values: NDArray[Any] | np.float32) -> str:
        """Adds an array, and gives its name."""
        from onnx import numpy_helper

        name = f"constant.{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def pick(self, values: str, chosen: list[int] | tuple[int, ...], name: str = "") -> str:
        """Adds the choice of some rows along axis 1, in that order."""
        rows = self.constant(np.array(chosen, dtype=np.int64))
        return self.add("Gather", values, rows, name=name, axis=1)

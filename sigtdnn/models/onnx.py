"""A model as an ONNX graph, for runtimes other than this library.

The graph is built from the weights themselves, operator by operator:

input   `features` (batch, 10, frames) float32, unscaled, rows as `preprocessing.FEATURES`
output  `vectors` (batch, d) float32, what `Encoder.encode` gives
output  `template` (batch, at most 76) float32, the components that a template of 80 bytes keeps;
        only with a Gaussian matcher

Preprocessing is not part of the graph. Its settings, with the model's name and fingerprint,
stand in the metadata as strings. Needs the package onnx, the extra `onnx`.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sigtdnn.errors import NoNetworkError
from sigtdnn.extras import needs
from sigtdnn.files import replacing
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.models.model import Model
from sigtdnn.networks.config import weights_of
from sigtdnn.networks.encoder import Encoder
from sigtdnn.networks.layers.squash import add_squash
from sigtdnn.preprocessing import FEATURES
from sigtdnn.tables import table_from

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# Of the end of 2022: nothing newer is needed, and most runtimes read it.
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

    Raises InstallationError where onnx is not installed, NoNetworkError for a model without a
    network.
    """
    encoder = model.encoder
    if encoder is None:
        raise NoNetworkError(f"{model.name} has no network to export", "name a model that has one")
    network = encoder.network
    with needs("onnx"):
        from onnx import TensorProto, helper
    nodes = Nodes()
    last = nodes.pick("features", network.rows)
    last = nodes.add("Div", last, nodes.constant(encoder.scales[:, None]))
    for number, layer in enumerate(network.layers):
        last = add_squash(nodes, layer.add_to(nodes, last, weights_of(number, encoder.weights)))
    last = nodes.add("Flatten", last, axis=1)
    if network.unit_vectors:
        length = nodes.add("ReduceL2", last, nodes.constant(np.array([1])), keepdims=1)
        last = nodes.add("Div", last, length)
    outputs = {"vectors": tuple(range(network.feature_vector))}
    if isinstance(model.matcher, Gaussian):
        outputs["template"] = model.matcher.components
    for name, components in outputs.items():
        nodes.pick(last, components, name=name)

    def end(name: str, *size: str | int) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *size])

    graph = helper.make_graph(
        nodes.made,
        network.name,
        [end("features", len(FEATURES), network.frames)],
        [end(name, len(components)) for name, components in outputs.items()],
        nodes.constants,
    )
    proto = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sigtdnn",
        producer_version=version("sigtdnn"),
    )
    helper.set_model_props(proto, _metadata(model, encoder))
    return proto


def _metadata(model: Model, encoder: Encoder) -> dict[str, str]:
    return {
        "name": model.name,
        "fingerprint": model.fingerprint.hex(),
        "features": " ".join(FEATURES),
        "preprocessing": json.dumps(table_from(encoder.preprocessing)),
    }


class Nodes:
    """The nodes and constants of a graph; each result and constant is named by its number."""

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

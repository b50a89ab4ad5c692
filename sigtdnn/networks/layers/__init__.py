"""The kinds of layer by name: another kind is one module here and one line below."""

from typing import Annotated

from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.networks.layers.layer import Layer
from sigtdnn.tables import kinds

LAYERS: dict[str, type[Layer]] = kinds(
    Convolution,
    Averaging,
)
AnyLayer = Annotated[Layer, LAYERS]

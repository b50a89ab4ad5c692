import dataclasses
import math

import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.networks.config import NetworkConfig, weights_of
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.tables import settings_from, table_from

ARCHITECTURE_1 = [(8, 200), (12, 64), (16, 19)]
ARCHITECTURE_2 = [(8, 200), (6, 192), (6, 64), (4, 57), (4, 19)]
MOVEMENT = ("pud", "acc-c", "acc-t", "spd", "cos_theta", "sin_theta", "cos_phi", "sin_phi")
POSITION = ("x", "y", "pud", "spd", "cos_theta", "sin_theta", "cos_phi", "sin_phi")


def layer(kind=Convolution, channels=3, frames=8, field=3, step=1):
    return kind(channels, frames, field, step)


def make(layers=None, inputs=("x", "y")):
    layers = [layer()] if layers is None else layers
    return NetworkConfig("small", inputs, tuple(layers), frames=10)


@pytest.mark.parametrize(
    ("name", "sizes", "vector", "weights", "inputs"),
    [
        ("network-1", ARCHITECTURE_1, 304, 3004, MOVEMENT),
        ("network-2", ARCHITECTURE_1, 304, 3004, MOVEMENT),
        ("network-3", ARCHITECTURE_1, 304, 3004, POSITION),
        ("network-4", ARCHITECTURE_1, 304, 3004, POSITION),
        ("network-5", ARCHITECTURE_2, 76, 654, POSITION),
    ],
)
def test_networks_of_the_paper(network, name, sizes, vector, weights, inputs):
    config = network(name)
    assert config.name == name
    assert config.sizes == sizes
    assert config.feature_vector == vector
    assert config.parameters == weights
    assert config.inputs == inputs


def test_fields_and_steps_of_architecture_1(network):
    assert [(x.kind, x.field, x.step) for x in network("network-4").layers] == [
        ("convolution", 11, 3),
        ("convolution", 10, 3),
    ]


def test_fields_and_steps_of_architecture_2(network):
    assert [(x.kind, x.field, x.step) for x in network("network-5").layers] == [
        ("convolution", 9, 1),
        ("averaging", 3, 3),
        ("convolution", 8, 1),
        ("averaging", 3, 3),
    ]


def test_architecture_2_has_634_weights_without_those_of_averaging(network):
    config = network("network-5")
    convolutions = [
        math.prod(shape)
        for number, layer in enumerate(config.layers)
        if layer.kind == "convolution"
        for shape in weights_of(number, config.weight_shapes).values()
    ]
    assert sum(convolutions) == 634


def test_weights_are_named_by_the_number_of_their_layer():
    smooth = layer(Averaging, frames=4, field=2, step=2)
    assert make([layer(), smooth]).weight_shapes == {
        "layers.0.bias": (3,),
        "layers.0.weight": (3, 2, 3),
        "layers.1.bias": (3,),
        "layers.1.gain": (3,),
    }


def test_weights_of_a_layer_have_the_names_that_it_gives_them():
    weights = {"layers.1.bias": "a", "layers.1.gain": "b", "layers.11.bias": "c", "scale": "d"}
    assert weights_of(1, weights) == {"bias": "a", "gain": "b"}


def test_rows_find_the_inputs_among_the_ten_features(network):
    assert network("network-1").rows == [0, 4, 5, 3, 6, 7, 8, 9]
    assert network("network-4").rows == [1, 2, 0, 3, 6, 7, 8, 9]


@pytest.mark.parametrize("field", ["channels", "frames", "field", "step"])
def test_layer_without_extent_is_refused(field):
    with pytest.raises(ValueError, match="1 or more"):
        dataclasses.replace(layer(), **{field: 0})


def test_frames_must_be_what_the_arithmetic_gives():
    with pytest.raises(ValueError, match="layer 2 makes 3 frames of 8, not 4"):
        make([layer(), layer(frames=4, field=4, step=2)])


def test_field_longer_than_its_input_is_refused():
    with pytest.raises(ValueError, match="layer 1 makes 0 frames of 10"):
        make([layer(frames=1, field=11)])


def test_averaging_keeps_the_number_of_channels():
    with pytest.raises(ValueError, match="layer 2 averages 3 channels"):
        make([layer(), layer(Averaging, channels=4, frames=4, field=2, step=2)])


def test_unknown_feature_is_refused():
    with pytest.raises(ValueError, match="'pressure' is none of the features pud, x"):
        make(inputs=("x", "pressure"))


@pytest.mark.parametrize("inputs", [(), ("x", "y", "x")])
def test_inputs_are_different_and_there_are_some(inputs):
    with pytest.raises(ValueError, match="one or more different features"):
        make(inputs=inputs)


def test_network_without_layers_is_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        make([])


def test_layers_of_a_table_are_of_the_kind_that_it_names(network):
    config = network("network-5")
    assert [type(layer) for layer in config.layers] == 2 * [Convolution, Averaging]
    assert settings_from(NetworkConfig, table_from(config), "network") == config


def test_unknown_kind_of_layer_is_refused_and_the_kinds_are_told():
    table = table_from(make())
    table["layers"][0]["kind"] = "pooling"
    message = r"network, layers\[0\], kind: 'pooling' is none of 'convolution', 'averaging'"
    with pytest.raises(ConfigurationError, match=message):
        settings_from(NetworkConfig, table, "network")

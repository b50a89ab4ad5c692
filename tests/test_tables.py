import json
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.tables import kinds, read_toml, settings_from, table_from


@dataclass(frozen=True)
class Layer:
    channels: int
    field: tuple[int, ...] = (8, 11)


@dataclass(frozen=True)
class Network:
    name: str
    rate: float = 0.5
    tied: bool = True
    limit: int | None = None
    loss: Literal["squared", "absolute"] = "squared"
    layers: tuple[Layer, ...] = ()
    first: Layer = field(default_factory=lambda: Layer(1))

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError(f"rate is {self.rate}; give a positive one")


FULL = {
    "name": "small",
    "rate": 0.25,
    "tied": False,
    "limit": 3,
    "loss": "absolute",
    "layers": [{"channels": 12, "field": [8, 9]}, {"channels": 16}],
    "first": {"channels": 2},
}


def test_a_table_fills_nested_settings():
    assert settings_from(Network, FULL, "here") == Network(
        "small", 0.25, False, 3, "absolute", (Layer(12, (8, 9)), Layer(16)), Layer(2)
    )


def test_absent_keys_take_the_default():
    assert settings_from(Network, {"name": "small"}, "here") == Network("small")


def test_a_table_read_back_is_equal_also_by_way_of_json():
    network = settings_from(Network, FULL, "here")
    assert settings_from(Network, table_from(network), "here") == network
    assert settings_from(Network, json.loads(json.dumps(table_from(network))), "here") == network


def test_an_optional_value_may_be_none():
    assert settings_from(Network, table_from(Network("small")), "here").limit is None


def test_a_whole_number_serves_as_a_float():
    rate = settings_from(Network, {"name": "small", "rate": 2}, "here").rate
    assert rate == 2
    assert isinstance(rate, float)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nmae": "x"}, "here: unknown key 'nmae'; known keys are name, rate"),
        ({"layers": [{"chanels": 1}]}, r"here, layers\[0\]: unknown key 'chanels'"),
        ({"layers": [{}]}, r"here, layers\[0\]: key 'channels' is missing"),
        ({"layers": {"channels": 1}}, "here, layers: a list is wanted"),
        ({"layers": [1]}, r"here, layers\[0\]: a table is wanted"),
        ({"first": 3}, "here, first: a table is wanted"),
        ({"rate": "fast"}, "here, rate: float is wanted, not 'fast'"),
        ({"rate": -1.0}, "here: rate is -1.0; give a positive one"),
        ({"limit": 1.5}, "here, limit: int is wanted, not 1.5"),
        ({"limit": True}, "here, limit: int is wanted, not True"),
        ({"tied": 1}, "here, tied: bool is wanted, not 1"),
        ({"loss": "cubed"}, "here, loss: 'cubed' is none of 'squared', 'absolute'"),
    ],
)
def test_a_wrong_table_is_refused_by_name(change, message):
    with pytest.raises(ConfigurationError, match=message):
        settings_from(Network, FULL | change, "here")


class Shape:
    kind: ClassVar[str]


@dataclass(frozen=True)
class Circle(Shape):
    kind = "circle"
    radius: float


@dataclass(frozen=True)
class Square(Shape):
    kind = "square"
    side: float = 1.0


SHAPES: dict[str, type[Shape]] = kinds(Circle, Square)


@dataclass(frozen=True)
class Drawing:
    frame: Annotated[Shape, SHAPES] = field(default_factory=Square)
    shapes: tuple[Annotated[Shape, SHAPES], ...] = ()


def test_settings_of_several_kinds_are_told_apart_by_their_kind():
    table = {
        "frame": {"kind": "circle", "radius": 2},
        "shapes": [{"kind": "square", "side": 3.0}, {"kind": "circle", "radius": 1.0}],
    }
    drawing = settings_from(Drawing, table, "here")
    assert drawing == Drawing(Circle(2.0), (Square(3.0), Circle(1.0)))
    assert table_from(drawing) == table


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"side": 1.0}, r"here, shapes\[0\]: key 'kind' is missing; add it, one of 'circle', 'sq"),
        ({"kind": "cube"}, r"here, shapes\[0\], kind: 'cube' is none of 'circle', 'square'"),
        ({"kind": ["cube"]}, r"here, shapes\[0\], kind: \['cube'\] is none of"),
        ({"kind": "square", "radius": 1.0}, r"here, shapes\[0\]: unknown key 'radius'"),
        ({"kind": "circle"}, r"here, shapes\[0\]: key 'radius' is missing"),
        ("circle", r"here, shapes\[0\]: a table is wanted, not 'circle'"),
    ],
)
def test_a_table_of_no_known_kind_is_refused(shape, message):
    with pytest.raises(ConfigurationError, match=message):
        settings_from(Drawing, {"shapes": [shape]}, "here")


def test_a_missing_key_is_named():
    with pytest.raises(ConfigurationError, match="here: key 'name' is missing"):
        settings_from(Network, {}, "here")


def test_an_error_in_the_class_itself_is_not_disguised():
    broken = dataclass(frozen=True)(
        type("Broken", (), {"__annotations__": {"a": int}, "__post_init__": lambda self: len(1)})
    )
    with pytest.raises(TypeError, match="has no len"):
        settings_from(broken, {"a": 1}, "here")


def test_toml_is_read(tmp_path):
    path = tmp_path / "network.toml"
    path.write_text('name = "small"\n[first]\nchannels = 2\n')
    assert read_toml(path) == {"name": "small", "first": {"channels": 2}}


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", None])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "network.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"network\.toml: "):
        read_toml(path)

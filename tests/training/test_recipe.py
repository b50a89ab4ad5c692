from dataclasses import fields, replace

import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.gaussian.matcher import GaussianSettings
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import table_from
from sigtdnn.training.augmentation import Augmentation
from sigtdnn.training.objectives.targets import Targets
from sigtdnn.training.recipe import NETWORKS, Recipe, read_recipe, recipe_file, write_recipe
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import DataSettings, OptimiserSettings
from tests.artificial import SMALL_NETWORK

# The recipes that the committed results were made with, value by value.
MOVEMENT = ("pud", "acc-c", "acc-t", "spd", "cos_theta", "sin_theta", "cos_phi", "sin_phi")
POSITION = ("x", "y", "pud", "spd", "cos_theta", "sin_theta", "cos_phi", "sin_phi")
ARCHITECTURE_1 = (Convolution(12, 64, 11, 3), Convolution(16, 19, 10, 3))
ARCHITECTURE_2 = (
    Convolution(6, 192, 9, 1),
    Averaging(6, 64, 3, 3),
    Convolution(4, 57, 8, 1),
    Averaging(4, 19, 3, 3),
)
REDUCED, WHOLE = DataSettings(False, 0.7, 95.0), DataSettings(True, 1.0, 95.0)
RECIPES = {
    "network-1": (MOVEMENT, ARCHITECTURE_1, "kept", REDUCED, 40),
    "network-2": (MOVEMENT, ARCHITECTURE_1, "removed", REDUCED, 40),
    "network-3": (POSITION, ARCHITECTURE_1, "kept", REDUCED, 40),
    "network-4": (POSITION, ARCHITECTURE_1, "kept", WHOLE, 60),
    "network-5": (POSITION, ARCHITECTURE_2, "kept", WHOLE, 60),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_recipes_of_the_paper_with_their_bases(name):
    inputs, layers, air, data, passes = RECIPES[name]
    assert read_recipe(name) == Recipe(
        NetworkConfig(name, inputs, layers, frames=200, unit_vectors=True),
        PreprocessingSettings(200, "seconds", air),
        data,
        PairSampler(pairs=7701, validation_pairs=960, fresh=True),
        Augmentation(warp=0.4, shear=0.1, drift=0.1),
        Targets(genuine=1.0, skilled=0.3, random=0.4),
        OptimiserSettings(
            kind="adam",
            rate=0.002,
            damping=0.02,
            curvature_pairs=256,
            batch=512,
            passes=passes,
            averaging=0.99,
            keep="last",
        ),
        GaussianSettings(variance_floor=1.2),
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_a_recipe_comes_back_equal(tmp_path, name):
    recipe = replace(
        read_recipe(name),
        optimiser=OptimiserSettings(kind="adam", rate=1 / 3, passes=7),
        sampling=PairSampler(fresh=False),
    )
    write_recipe(recipe, tmp_path / "config.toml")
    assert read_recipe(str(tmp_path / "config.toml")) == recipe


def test_absent_tables_take_the_defaults(tmp_path, network):
    write_recipe(Recipe(network), tmp_path / "whole.toml")
    lines = (tmp_path / "whole.toml").read_text()
    only_network = tmp_path / "network.toml"
    only_network.write_text(lines[: lines.index("[preprocessing]")])
    assert read_recipe(str(only_network)) == Recipe(
        network,
        PreprocessingSettings(),
        DataSettings(),
        PairSampler(),
        Augmentation(),
        Targets(),
        OptimiserSettings(),
        GaussianSettings(),
    )


def recipe_text(tmp_path, network):
    write_recipe(Recipe(network), tmp_path / "config.toml")
    return (tmp_path / "config.toml").read_text()


TABLES = [field.name for field in fields(Recipe)]


@pytest.mark.parametrize(
    ("there", "added"),
    [
        ('kind = "averaging"', 'kind = "averaging", learnt = 1'),
        *((f"[{table}]", f"[{table}]\nlearnt = 1") for table in TABLES),
    ],
    ids=["layer", *TABLES],
)
def test_unknown_key_of_every_table_is_refused(tmp_path, network, there, added):
    text = recipe_text(tmp_path, network).replace(there, added)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="unknown key 'learnt'") as error:
        read_recipe(str(path))
    assert str(path) in str(error.value)


def test_unknown_table_is_refused(tmp_path, network):
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(tmp_path, network) + "\n[training]\nrate = 1.0\n")
    with pytest.raises(ConfigurationError, match="unknown key 'training'"):
        read_recipe(str(path))


def test_recipe_without_a_network_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_text("[optimiser]\npasses = 3\n")
    with pytest.raises(ConfigurationError, match="'gaussian' needs a network"):
        read_recipe(str(tmp_path / "mine.toml"))


def test_value_out_of_range_names_the_file_and_the_table(tmp_path, network):
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(tmp_path, network).replace("rate = 0.02", "rate = -1.0"))
    with pytest.raises(ConfigurationError, match=r"mine\.toml, optimiser: rate and damping"):
        read_recipe(str(path))


def test_frames_of_preprocessing_and_network_must_agree(network):
    with pytest.raises(ValueError, match="takes 200 frames, preprocessing makes 100"):
        Recipe(network, PreprocessingSettings(frames=100))


# Bases


@pytest.fixture
def write(tmp_path, network):
    """write(name, text): a file beside `small.toml`, which holds a whole recipe; its path."""
    write_recipe(Recipe(network), tmp_path / "small.toml")

    def write(name, text):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_a_file_holds_only_what_differs_from_its_base(write, network):
    path = write("mine.toml", 'base = "small.toml"\n[optimiser]\nkind = "sgd"\npasses = 3\n')
    optimiser = OptimiserSettings(kind="sgd", passes=3)
    assert read_recipe(path) == Recipe(network, optimiser=optimiser)


def test_a_base_may_have_a_base(write, network):
    write("middle.toml", 'base = "small.toml"\n[optimiser]\npasses = 3\nrate = 0.5\n')
    path = write("mine.toml", 'base = "middle.toml"\n[optimiser]\npasses = 4\n')
    assert read_recipe(path) == Recipe(network, optimiser=OptimiserSettings(rate=0.5, passes=4))


def test_layers_replace_those_of_the_base(write):
    layer = '{kind = "convolution", channels = 2, frames = 1, field = 200, step = 1}'
    path = write("mine.toml", f'base = "small.toml"\n[network]\nlayers = [{layer}]\n')
    assert read_recipe(path).network.layers == (Convolution(2, 1, 200, 1),)


def test_a_base_lies_beside_its_file_wherever_that_is(write, network, tmp_path, monkeypatch):
    path = write("mine.toml", 'base = "small.toml"\n')
    monkeypatch.chdir("/")
    assert read_recipe(path) == Recipe(network)


def test_a_missing_base_is_named(write):
    with pytest.raises(ConfigurationError, match=r"other\.toml: cannot be read"):
        read_recipe(write("mine.toml", 'base = "other.toml"\n'))


@pytest.mark.parametrize("base", ["1", '["small.toml"]'])
def test_a_base_is_the_name_of_a_file(write, base):
    with pytest.raises(ConfigurationError, match=r"mine\.toml, base: a file's name is wanted"):
        read_recipe(write("mine.toml", f"base = {base}\n"))


def test_files_that_are_based_on_one_another_are_refused(write):
    write("other.toml", 'base = "mine.toml"\n')
    with pytest.raises(
        ConfigurationError, match=r"other\.toml: base 'mine\.toml' is based on this"
    ):
        read_recipe(write("mine.toml", 'base = "other.toml"\n'))


def test_an_unknown_key_of_a_base_is_refused(write):
    write("other.toml", 'base = "small.toml"\n[optimiser]\nlearnt = 1\n')
    with pytest.raises(ConfigurationError, match="unknown key 'learnt'"):
        read_recipe(write("mine.toml", 'base = "other.toml"\n'))


# Where recipes are


def test_recipe_by_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("")
    assert recipe_file(str(path)) == path


@pytest.mark.parametrize("name", ["network-6", "missing.toml", "", "network-4.toml"])
def test_neither_name_nor_file_is_refused_and_the_names_are_told(name):
    with pytest.raises(ConfigurationError, match="name one of these") as error:
        recipe_file(name)
    assert "network-5" in str(error.value)


def test_other_file_is_no_recipe(tmp_path):
    path = tmp_path / "network.json"
    path.write_text("{}")
    with pytest.raises(ConfigurationError, match="neither a TOML file nor one of"):
        recipe_file(str(path))


def test_the_elastic_matcher_has_a_recipe_without_a_network(tmp_path):
    recipe = read_recipe("elastic")
    matcher = Elastic(learnt=14, hidden=24, steps=1000)
    expected = Recipe(data=DataSettings(cleaned=False), matcher=matcher)
    assert table_from(recipe) == table_from(expected)
    assert recipe.name == "elastic"
    with pytest.raises(ConfigurationError, match="'elastic' has no network"):
        recipe.require_network()
    write_recipe(recipe, tmp_path / "config.toml")
    again = read_recipe(str(tmp_path / "config.toml"))
    assert table_from(again) == table_from(recipe)


@pytest.mark.parametrize(
    ("recipe", "refusal"),
    [
        ({}, "the matcher 'gaussian' needs a network"),
        ({"network": SMALL_NETWORK, "matcher": Elastic()}, "'elastic' takes no network"),
        (
            {"matcher": Elastic(), "optimiser": OptimiserSettings(passes=2)},
            "without a network the table 'optimiser' decides nothing",
        ),
    ],
)
def test_a_network_and_a_matcher_that_do_not_fit_are_refused(recipe, refusal):
    with pytest.raises(ValueError, match=refusal):
        Recipe(**recipe)

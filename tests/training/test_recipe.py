from dataclasses import replace

import pytest

from sigtdnn.errors import ConfigurationError
from sigtdnn.networks.config import NETWORKS
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.training.recipe import Recipe, read_recipe, write_recipe
from sigtdnn.training.settings import TrainingSettings


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_the_paper_are_recipes(name):
    recipe = read_recipe(name)
    assert recipe.network.name == name
    assert recipe.preprocessing.air == ("removed" if name == "network-2" else "kept")


@pytest.mark.parametrize("name", NETWORKS)
def test_a_recipe_comes_back_equal(tmp_path, name):
    recipe = replace(
        read_recipe(name),
        training=TrainingSettings(optimiser="adam", rate=1 / 3, passes=7, fresh_pairs=False),
    )
    write_recipe(recipe, tmp_path / "config.toml")
    assert read_recipe(str(tmp_path / "config.toml")) == recipe


def test_absent_tables_take_the_defaults(tmp_path, network):
    write_recipe(Recipe(network), tmp_path / "whole.toml")
    lines = (tmp_path / "whole.toml").read_text()
    only_network = tmp_path / "network.toml"
    only_network.write_text(lines[: lines.index("[preprocessing]")])
    assert read_recipe(str(only_network)) == Recipe(
        network, PreprocessingSettings(), TrainingSettings()
    )


def recipe_text(tmp_path, network):
    write_recipe(Recipe(network), tmp_path / "config.toml")
    return (tmp_path / "config.toml").read_text()


@pytest.mark.parametrize(
    ("there", "added"),
    [
        ("[network]", "[network]\nlearnt = 1"),
        ('kind = "averaging"', 'kind = "averaging", learnt = 1'),
        ("[preprocessing]", "[preprocessing]\nlearnt = 1"),
        ("[training]", "[training]\nlearnt = 1"),
    ],
    ids=["network", "layer", "preprocessing", "training"],
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
    path.write_text(recipe_text(tmp_path, network) + "\n[optimiser]\nrate = 1.0\n")
    with pytest.raises(ConfigurationError, match="unknown key 'optimiser'"):
        read_recipe(str(path))


def test_recipe_without_a_network_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_text("[training]\npasses = 3\n")
    with pytest.raises(ConfigurationError, match="key 'network' is missing"):
        read_recipe(str(tmp_path / "mine.toml"))


def test_value_out_of_range_names_the_file_and_the_table(tmp_path, network):
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(tmp_path, network).replace("rate = 0.02", "rate = -1.0"))
    with pytest.raises(ConfigurationError, match=r"mine\.toml, training: rate and damping"):
        read_recipe(str(path))


def test_frames_of_preprocessing_and_network_must_agree(network):
    with pytest.raises(ValueError, match="takes 200 frames, preprocessing makes 100"):
        Recipe(network, PreprocessingSettings(frames=100))

"""A recipe: all settings that make a model, in one TOML file."""

from dataclasses import dataclass, field
from pathlib import Path

import tomli_w

from sigtdnn.files import replacing
from sigtdnn.networks.config import NetworkConfig, network_file
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import read_toml, settings_from, table_from
from sigtdnn.training.settings import TrainingSettings


@dataclass(frozen=True)
class Recipe:
    """The tables of the file; only `network` must be there."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings = field(default_factory=PreprocessingSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def __post_init__(self) -> None:
        if self.network.frames != self.preprocessing.frames:
            raise ValueError(
                f"the network takes {self.network.frames} frames, preprocessing makes "
                f"{self.preprocessing.frames}"
            )


def read_recipe(network: str) -> Recipe:
    """The recipe of one of the paper's networks by name, or of a TOML file by path.

    Raises ConfigurationError.
    """
    path = network_file(network)
    return settings_from(Recipe, read_toml(path), str(path))


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Writes the file that `read_recipe` reads back equal."""
    with replacing(path) as temporary:
        temporary.write_text(tomli_w.dumps(table_from(recipe)), encoding="utf-8")

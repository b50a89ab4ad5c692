"""A recipe: all settings that make a model, in one TOML file, a table for each part.

A file may name another beside it, `base = "paper.toml"`, and then holds only what differs:
each of its keys replaces that of the same table of the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sigtdnn.errors import ConfigurationError, UnknownRecipeError
from sigtdnn.extras import needs
from sigtdnn.files import replacing
from sigtdnn.matching.gaussian.matcher import GaussianSettings
from sigtdnn.matching.registry import AnyMatcherSettings
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.tables import read_toml, settings_from, table_from
from sigtdnn.training.augmentation import Augmentation
from sigtdnn.training.objectives import AnyObjective
from sigtdnn.training.objectives.targets import Targets
from sigtdnn.training.sampling import AnySampler
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.settings import DataSettings, OptimiserSettings

# Tables whose keys depend on their kind: one of another kind replaces the base's whole.
BY_KIND = ("sampling", "objective", "matcher")
NETWORKS = ("network-1", "network-2", "network-3", "network-4", "network-5")


@dataclass(frozen=True)
class Recipe:
    """The tables of the file; only `network` must be there."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings = field(default_factory=PreprocessingSettings)
    data: DataSettings = field(default_factory=DataSettings)
    sampling: AnySampler = field(default_factory=PairSampler)
    augmentation: Augmentation = field(default_factory=Augmentation)
    objective: AnyObjective = field(default_factory=Targets)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    matcher: AnyMatcherSettings = field(default_factory=GaussianSettings)

    def __post_init__(self) -> None:
        if self.network.frames != self.preprocessing.frames:
            raise ValueError(
                f"the network takes {self.network.frames} frames, preprocessing makes "
                f"{self.preprocessing.frames}"
            )
        if self.optimiser.kind == "levenberg-marquardt" and not self.objective.residuals:
            raise ValueError(
                "the optimiser 'levenberg-marquardt' needs an objective of squared residuals, "
                f"which '{self.objective.kind}' is not: choose 'sgd' or 'adam'"
            )


def read_recipe(network: str) -> Recipe:
    """The recipe of one of the paper's networks by name, or of a TOML file by path.

    Raises ConfigurationError.
    """
    path = recipe_file(network)
    return settings_from(Recipe, _tables(path), str(path))


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Writes the file, with no base, that `read_recipe` reads back equal."""
    # Only training needs it.
    with needs("train"):
        import tomli_w

    with replacing(path) as temporary:
        temporary.write_text(tomli_w.dumps(table_from(recipe)), encoding="utf-8")


def recipe_file(network: str) -> Path:
    """The TOML file of one of the paper's networks by name, or of any other by path.

    Raises UnknownRecipeError when it is neither.
    """
    if network in NETWORKS:
        from importlib import resources

        return Path(str(resources.files("sigtdnn.models.recipes"))) / f"{network}.toml"
    path = Path(network)
    if path.suffix == ".toml" and path.is_file():
        return path
    raise UnknownRecipeError(
        f"'{network}' is neither a TOML file nor one of {', '.join(NETWORKS)}", "name one of these"
    )


def _tables(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The tables of a file over those of its base; the files `above` are based on it."""
    above = (*above, path.resolve())
    tables = read_toml(path)
    if "base" not in tables:
        return tables
    base = tables.pop("base")
    if not isinstance(base, str):
        raise ConfigurationError(
            f"{path}, base: a file's name is wanted, not {base!r}", "name a TOML file beside it"
        )
    below = path.parent / base
    if below.resolve() in above:
        raise ConfigurationError(f"{path}: base '{base}' is based on this file", "name another")
    under = _tables(below, above)
    return under | {name: _over(under.get(name), table, name) for name, table in tables.items()}


def _over(base: Any, table: Any, name: str) -> Any:
    """A table of a file over that of its base."""
    if not (isinstance(base, Mapping) and isinstance(table, Mapping)):
        return table
    if name in BY_KIND and table.get("kind", base.get("kind")) != base.get("kind"):
        return table
    return {**base, **table}

"""A recipe: all settings that make a model, in one TOML file, a table for each part.

A file may name another beside it, `base = "paper.toml"`, and then holds only what differs:
each of its keys replaces that of the same table of the base.

A matcher that does without an encoder has a recipe without a network, and without the tables of
how one is trained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sigtdnn.errors import ConfigurationError, UnknownRecipeError
from sigtdnn.extras import needs
from sigtdnn.files import replacing
from sigtdnn.matching.gaussian.matcher import GaussianSettings
from sigtdnn.matching.registry import MATCHERS, AnyMatcherSettings
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
RECIPES = (*NETWORKS, "elastic")
# What a recipe without a network does without, too.
OF_NETWORK = ("network", "preprocessing", "sampling", "augmentation", "objective", "optimiser")


@dataclass(frozen=True)
class Recipe:
    """The tables of the file; `network` must be there unless the matcher does without."""

    network: NetworkConfig | None = None
    preprocessing: PreprocessingSettings = field(default_factory=PreprocessingSettings)
    data: DataSettings = field(default_factory=DataSettings)
    sampling: AnySampler = field(default_factory=PairSampler)
    augmentation: Augmentation = field(default_factory=Augmentation)
    objective: AnyObjective = field(default_factory=Targets)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    matcher: AnyMatcherSettings = field(default_factory=GaussianSettings)

    def __post_init__(self) -> None:
        kind = self.matcher.kind
        if self.network is None:
            self._require_no_network()
            return
        if MATCHERS[kind].does_without_encoder():
            raise ValueError(f"the matcher '{kind}' takes no network: leave the table out")
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

    def _require_no_network(self) -> None:
        kind = self.matcher.kind
        if not MATCHERS[kind].does_without_encoder():
            raise ValueError(f"the matcher '{kind}' needs a network: add the table 'network'")
        default = {f.name: f.default_factory for f in fields(self) if callable(f.default_factory)}
        idle = [n for n in OF_NETWORK if n in default and getattr(self, n) != default[n]()]
        if idle:
            raise ValueError(
                f"without a network the table '{idle[0]}' decides nothing: leave it out"
            )

    @property
    def name(self) -> str:
        """That of the network; without one, the kind of the matcher."""
        return str(self.matcher.kind) if self.network is None else self.network.name

    def require_network(self) -> NetworkConfig:
        """The network; raises ConfigurationError when there is none."""
        if self.network is None:
            raise ConfigurationError(
                f"the recipe of '{self.name}' has no network", "name a recipe that has one"
            )
        return self.network


def read_recipe(name: str) -> Recipe:
    """The recipe of a network of the paper or of the elastic matcher by name, or a TOML file's.

    Raises ConfigurationError.
    """
    path = recipe_file(name)
    return settings_from(Recipe, _tables(path), str(path))


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Writes the file, with no base, that `read_recipe` reads back equal."""
    # Only training needs it.
    with needs("evaluate"):
        import tomli_w

    tables = table_from(recipe)
    if recipe.network is None:
        tables = {name: table for name, table in tables.items() if name not in OF_NETWORK}
    with replacing(path) as temporary:
        temporary.write_text(tomli_w.dumps(tables), encoding="utf-8")


def recipe_file(name: str) -> Path:
    """The TOML file of a recipe that comes with sigtdnn by name, or of any other by path.

    Raises UnknownRecipeError when it is neither.
    """
    if name in RECIPES:
        from importlib import resources

        return Path(str(resources.files("sigtdnn.models.recipes"))) / f"{name}.toml"
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path
    raise UnknownRecipeError(
        f"'{name}' is neither a TOML file nor one of {', '.join(RECIPES)}", "name one of these"
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

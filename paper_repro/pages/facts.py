"""All that a page may tell: our results, the paper's figures and the recipes, by name.

summary, template, comparison, transfer, realism, cards, elastic   the files of results
paper                                                              what the paper prints
recipe                                                             the recipes of the networks
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sigtdnn.evaluation.paper import (
    GA_AT_FR80,
    GA_AT_FR80_WITHOUT_FIRST_TWO,
    TABLE_1,
    TESTED_FORGERIES,
    TESTED_GENUINES,
    TESTED_SIGNERS,
)
from sigtdnn.tables import table_from
from sigtdnn.training.recipe import read_recipe

FILES = {
    "summary": "summary.json",
    "template": "template.json",
    "comparison": "protocols.json",
    "transfer": "transfer.json",
    "realism": "realism.json",
    "cards": "cards.json",
    "elastic": "elastic.json",
}
PAPER: Mapping[str, Any] = {
    "ga_at_fr80": GA_AT_FR80,
    "without_first_two": GA_AT_FR80_WITHOUT_FIRST_TWO,
    "table_1": {name: asdict(row) for name, row in TABLE_1.items()},
    "signers": TESTED_SIGNERS,
    "genuines": TESTED_GENUINES,
    "forgeries": TESTED_FORGERIES,
}


def read_facts(results: Path) -> dict[str, Any]:
    """The facts, with the results in a folder."""
    own = {
        name: json.loads((results / file).read_text(encoding="utf-8"))
        for name, file in FILES.items()
    }
    recipes = {name: table_from(read_recipe(name)) for name in TABLE_1}
    return {**own, "paper": PAPER, "recipe": recipes}

"""What training may minimise, by name: another objective is one module and one line below."""

from typing import Annotated

from sigtdnn.tables import kinds
from sigtdnn.training.objectives.objective import Objective
from sigtdnn.training.objectives.targets import Targets

OBJECTIVES: dict[str, type[Objective]] = kinds(
    Targets,
)
AnyObjective = Annotated[Objective, OBJECTIVES]

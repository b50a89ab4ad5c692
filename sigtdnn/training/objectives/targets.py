"""The paper's targets: half the squared difference of cosine and target, averaged over pairs.

A genuine pair is pulled towards its target and a forged one towards its own (PAPER section 4).
The paper gives the targets, not the loss; the loss is our declared choice.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sigtdnn.training.objectives.objective import Objective
from sigtdnn.training.sampling.sampler import Pairs

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Targets(Objective):
    """The wanted cosine of each kind of pair; the defaults are the paper's."""

    kind = "targets"
    residuals = True
    genuine: float = 1.0
    skilled: float = -1.0
    random: float = -1.0

    def __post_init__(self) -> None:
        if any(abs(target) > 1 for target in (self.genuine, self.skilled, self.random)):
            raise ValueError("targets are cosines, in -1..1")

    def loss(self, cosines: "Tensor", pairs: Pairs) -> "Tensor":
        """Mean over pairs of half the squared difference from the target; cosines (pairs,)."""
        from torch import as_tensor

        # In the order of GENUINE, SKILLED, RANDOM.
        targets = cosines.new_tensor([self.genuine, self.skilled, self.random])
        wanted = targets[as_tensor(pairs.kind, device=cosines.device)]
        return 0.5 * (cosines - wanted).square().mean()

    @property
    def boundary(self) -> float:
        """Midway between the targets of genuine and forged pairs: the paper's 0."""
        return (self.genuine + self.skilled) / 2

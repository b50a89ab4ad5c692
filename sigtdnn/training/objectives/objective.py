"""What an objective is: settings that give the loss of a batch of pairs from their cosines.

Gradients reach the weights through the cosines. torch is imported where it is used, so that
a recipe is read without it.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from sigtdnn.training.sampling.sampler import Pairs

if TYPE_CHECKING:
    from torch import Tensor


class Objective(ABC):
    """A loss, and the cosine that divides acceptance from rejection."""

    kind: ClassVar[str]
    # Whether the loss is the mean of half a squared residual, each a cosine less a constant:
    # Levenberg-Marquardt takes its curvature from that.
    residuals: ClassVar[bool] = False

    @abstractmethod
    def loss(self, cosines: "Tensor", pairs: Pairs) -> "Tensor":
        """The loss, a scalar, of a batch of pairs with cosines (pairs,)."""

    @property
    @abstractmethod
    def boundary(self) -> float:
        """The cosine above which a pair counts as accepted, in GA and FR of Table 1."""

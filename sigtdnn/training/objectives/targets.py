"""What training minimises: half the squared difference of cosine and target.

The paper gives the targets, not the loss; the loss is our declared choice (PAPER section 4).
"""

import torch
from torch import Tensor

from sigtdnn.training.sampling import GENUINE, RANDOM, SKILLED
from sigtdnn.training.settings import TrainingSettings


def targets(settings: TrainingSettings) -> Tensor:
    """The wanted cosine by kind of pair, (3,)."""
    wanted = torch.empty(3)
    wanted[GENUINE] = settings.target_genuine
    wanted[SKILLED] = settings.target_skilled
    wanted[RANDOM] = settings.target_random
    return wanted


def loss(cosines: Tensor, wanted: Tensor) -> Tensor:
    """Mean over pairs of half the squared difference; both arguments have shape (pairs,)."""
    return 0.5 * (cosines - wanted).square().mean()


def boundary(settings: TrainingSettings) -> float:
    """The cosine between acceptance and rejection of a pair: midway between its targets.

    With the paper's targets of +1 and -1 that is its 0.
    """
    return (settings.target_genuine + settings.target_skilled) / 2


def rates(cosines: Tensor, kind: Tensor, boundary: float) -> tuple[float, float]:
    """GA and FR of Table 1, as fractions; tensors have shape (pairs,).

    GA is the share of genuine pairs with a cosine above the boundary, FR that of
    genuine:forgery pairs with a cosine below it.
    """
    accepted = (cosines[kind == GENUINE] > boundary).float().mean()
    rejected = (cosines[kind == SKILLED] < boundary).float().mean()
    return float(accepted), float(rejected)

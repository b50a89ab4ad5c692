"""GA and FR of Table 1: rates of pairs of signatures, not of trials of enrolled signers."""

import torch
from torch import Tensor

from sigtdnn.training.sampling.sampler import GENUINE, SKILLED, Pairs


def rates(cosines: Tensor, pairs: Pairs, boundary: float) -> tuple[float, float]:
    """GA and FR as fractions, from the cosines (pairs,) of those pairs.

    GA, genuines accepted, is the share of genuine pairs with a cosine above the boundary; FR,
    forgeries rejected, that of genuine:forgery pairs with a cosine below it.
    """
    kind = torch.as_tensor(pairs.kind, device=cosines.device)
    accepted = (cosines[kind == GENUINE] > boundary).float().mean()
    rejected = (cosines[kind == SKILLED] < boundary).float().mean()
    return float(accepted), float(rejected)

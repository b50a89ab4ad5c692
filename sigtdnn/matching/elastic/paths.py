"""Distances by warping paths that a gradient goes back through, for learning.

The best path is held fixed: what an aligned pair of frames adds to the distance has a gradient,
which frames are aligned has none. Where a single path is best, that is the gradient of the
distance itself.
"""

import os
from typing import Any

import numpy as np
import torch

from sigtdnn.arrays import Float32, Rows
from sigtdnn.matching.elastic.dtw import Cost, pair_paths


class PathDistances(torch.autograd.Function):
    """Distances (p,) of pairs (p, 2) of signatures, by their learnt functions (total, d).

    These stand beside given functions (n_i, k) of each signature; `learnt` has all signatures one
    below the other.
    """

    @staticmethod
    def forward(
        context: Any, learnt: torch.Tensor, given: list[Float32], pairs: Rows, cost: Cost
    ) -> torch.Tensor:
        """The distances, as `dtw.pair_distances` gives them."""
        lengths = np.array([len(functions) for functions in given])
        starts = np.cumsum(lengths) - lengths
        values = learnt.detach().numpy()
        frames = [
            np.hstack([functions, own])
            for functions, own in zip(given, np.split(values, starts[1:]), strict=True)
        ]
        distances, paths = pair_paths(
            frames, pairs, cost, given[0].shape[1], jobs=os.cpu_count() or 1
        )
        pair, step = np.nonzero(paths[..., 0] >= 0)
        aligned = paths[pair, step] + starts[pairs[pair]]
        share = 1 / lengths[pairs].sum(axis=1)
        context.kept = values, aligned, pair, share, cost
        return torch.from_numpy(distances)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The gradient of the learnt functions."""
        values, aligned, pair, share, cost = context.kept
        apart = values[aligned[:, 0]] - values[aligned[:, 1]]
        slope = np.sign(apart)
        if cost == "saturating":
            slope /= (1 + np.abs(apart)) ** 2
        slope *= (gradient.numpy() * share)[pair, None].astype(np.float32)
        one, other = (torch.from_numpy(column) for column in aligned.T.copy())
        found = torch.zeros(values.shape)
        found.index_add_(0, one, torch.from_numpy(slope))
        found.index_add_(0, other, torch.from_numpy(-slope))
        return found, None, None, None

"""Two branches with the same weights, joined by the cosine of the angle between them."""

from torch import Tensor, nn
from torch.nn.functional import cosine_similarity


class Siamese(nn.Module):
    """One sub-network used twice: tying is identity, so both branches train it at once."""

    def __init__(self, branch: nn.Module) -> None:
        """`branch` maps (pairs, channels, frames) to feature vectors (pairs, d)."""
        super().__init__()
        self.branch = branch

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Cosines (pairs,) of two sets of scaled inputs, each (pairs, channels, frames)."""
        return cosine_similarity(self.branch(first), self.branch(second), dim=-1)

    def among(self, inputs: Tensor, first: Tensor, second: Tensor) -> Tensor:
        """Cosines (pairs,) of the rows `first` and `second` of inputs (n, channels, frames).

        The same as `forward` on those rows, with each input encoded once.
        """
        vectors = self.branch(inputs)
        # Plain indexing sums its gradients in the order in which threads come by; this does not.
        one, other = (vectors.index_select(0, rows) for rows in (first, second))
        return cosine_similarity(one, other, dim=-1)

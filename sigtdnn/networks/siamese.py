"""Two branches joined by the cosine of the angle between their feature vectors."""

from torch import Tensor, nn
from torch.nn.functional import cosine_similarity


class Siamese(nn.Module):
    """Twins: one sub-network used twice, so that each pair trains it from both sides at once.

    With another branch for the second inputs, each branch has its own weights.
    """

    def __init__(self, branch: nn.Module, other: nn.Module | None = None) -> None:
        """A branch maps (pairs, channels, frames) to feature vectors (pairs, d)."""
        super().__init__()
        self.branch = branch
        # None for twins, so that their weights have one name.
        self.other: nn.Module | None
        self.register_module("other", other)

    @property
    def second(self) -> nn.Module:
        """The branch of the second inputs: of twins, `branch` itself."""
        return self.branch if self.other is None else self.other

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Cosines (pairs,) of two sets of scaled inputs, each (pairs, channels, frames)."""
        return cosine_similarity(self.branch(first), self.second(second), dim=-1)

    def among(self, inputs: Tensor, first: Tensor, second: Tensor) -> Tensor:
        """Cosines (pairs,) of the rows `first` and `second` of inputs (n, channels, frames).

        The same as `forward` on those rows, with each input encoded once by each branch.
        """
        ones = self.branch(inputs)
        others = ones if self.other is None else self.other(inputs)
        # Plain indexing sums its gradients in whatever order the threads finish; this does not.
        one, other = ones.index_select(0, first), others.index_select(0, second)
        return cosine_similarity(one, other, dim=-1)

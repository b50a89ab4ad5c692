"""Stochastic diagonal Levenberg-Marquardt: descent with a rate of its own for every weight.

The method of LeCun (1989) and of the paper's group: the rate of a weight is
rate / (damping + curvature), the curvature being the diagonal of the Gauss-Newton
approximation to the second derivative. For half a squared error it is the squared
derivative of the cosine by the weight, averaged over pairs. Both branches are summed before
squaring, since they share the weight: where the 1989 method drops the cross terms between
uses of a shared weight, this diagonal is exact.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from sigtdnn.networks.siamese import Siamese
from sigtdnn.training.settings import OptimiserSettings


class LevenbergMarquardt(torch.optim.Optimizer):
    """Divides each weight's gradient by its damped curvature."""

    def __init__(self, params: Iterable[nn.Parameter], lr: float, damping: float) -> None:
        """`lr` is the global rate; `damping` bounds the step where the error is flat."""
        super().__init__(params, {"lr": lr, "damping": damping})

    def set_curvature(self, curvature: Iterable[Tensor]) -> None:
        """Replaces the diagonal, one tensor a parameter, in their order."""
        parameters = (p for group in self.param_groups for p in group["params"])
        for parameter, diagonal in zip(parameters, curvature, strict=True):
            self.state[parameter]["curvature"] = diagonal

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """One step down; the curvature must have been set."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    curvature = self.state[parameter]["curvature"]
                    parameter -= group["lr"] * parameter.grad / (group["damping"] + curvature)


def curvature(siamese: Siamese, first: Tensor, second: Tensor) -> list[Tensor]:
    """The diagonal over pairs of scaled inputs, each (pairs, channels, frames).

    One tensor a parameter, of its shape, in the order of `siamese.parameters()`.
    """
    weights: dict[str, Tensor] = dict(siamese.named_parameters())

    def cosine(weights: dict[str, Tensor], one: Tensor, other: Tensor) -> Tensor:
        joined: Tensor = functional_call(siamese, weights, (one[None], other[None]))
        return joined.squeeze(0)

    by_pair = vmap(grad(cosine), in_dims=(None, 0, 0))(weights, first, second)
    return [by_pair[name].square().mean(0).detach() for name in weights]


def make_optimiser(settings: OptimiserSettings, siamese: Siamese) -> torch.optim.Optimizer:
    """The optimiser that the settings name, on the shared weights."""
    match settings.kind:
        case "levenberg-marquardt":
            return LevenbergMarquardt(siamese.parameters(), settings.rate, settings.damping)
        case "sgd":
            return torch.optim.SGD(siamese.parameters(), settings.rate)
        case "adam":
            return torch.optim.Adam(siamese.parameters(), settings.rate)

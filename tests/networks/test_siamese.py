import copy

import pytest
import torch
from torch.autograd import gradcheck
from torch.func import functional_call
from torch.nn.functional import cosine_similarity

from sigtdnn.networks.config import LayerConfig, NetworkConfig
from sigtdnn.networks.siamese import Siamese
from sigtdnn.networks.tdnn import TDNN

SMALL = NetworkConfig(
    "small",
    ("x", "y"),
    (
        LayerConfig("convolution", 3, 10, 5, 1),
        LayerConfig("averaging", 3, 5, 2, 2),
        LayerConfig("convolution", 2, 2, 3, 2),
    ),
    14,
)
TARGETS = torch.tensor([1.0, -1.0, -0.9], dtype=torch.float64)


def build(config):
    return Siamese(TDNN(config, torch.Generator().manual_seed(3)).double())


def pairs(config):
    generator = torch.Generator().manual_seed(4)
    shape = (2, len(TARGETS), len(config.inputs), config.frames)
    return tuple(torch.randn(shape, generator=generator, dtype=torch.float64))


def loss(cosines):
    return (0.5 * (cosines - TARGETS) ** 2).mean()


def test_output_is_the_cosine_of_the_angle_between_the_feature_vectors(network):
    siamese = build(network("network-4"))
    first, second = pairs(network("network-4"))
    one, other = siamese.branch(first), siamese.branch(second)
    wanted = (one * other).sum(1) / (one.norm(dim=1) * other.norm(dim=1))
    torch.testing.assert_close(siamese(first, second), wanted)


def test_order_of_a_pair_does_not_matter_and_equals_have_cosine_one(network):
    siamese = build(network("network-5"))
    first, second = pairs(network("network-5"))
    torch.testing.assert_close(siamese(first, second), siamese(second, first))
    torch.testing.assert_close(siamese(first, first), torch.ones_like(TARGETS))


def test_pairs_among_rows_are_those_pairs_one_by_one(network):
    siamese = build(network("network-5"))
    inputs, _ = pairs(network("network-5"))
    first, second = torch.tensor([0, 2, 1, 0]), torch.tensor([1, 1, 1, 2])
    wanted = siamese(inputs[first], inputs[second])
    torch.testing.assert_close(siamese.among(inputs, first, second), wanted)


def test_tied_branches_hold_each_weight_once(network):
    weights = list(build(network("network-5")).parameters())
    assert sum(weight.numel() for weight in weights) == 654


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_one_gradient_step_on_a_pair_is_the_sum_of_the_steps_of_both_branches(network, name):
    siamese = build(network(name))
    left, right = copy.deepcopy(siamese.branch), copy.deepcopy(siamese.branch)
    before = [weight.detach().clone() for weight in siamese.parameters()]
    first, second = (side[:1] for side in pairs(network(name)))

    optimiser = torch.optim.SGD(siamese.parameters(), lr=0.1)
    (0.5 * (siamese(first, second) + 1) ** 2).sum().backward()
    optimiser.step()
    (0.5 * (cosine_similarity(left(first), right(second)) + 1) ** 2).sum().backward()

    both = zip(before, siamese.parameters(), left.parameters(), right.parameters(), strict=True)
    for old, new, one, other in both:
        assert one.grad.abs().max() > 0
        assert other.grad.abs().max() > 0
        torch.testing.assert_close(new - old, -0.1 * (one.grad + other.grad))


def check(siamese, first, second, fast):
    names = [name for name, _ in siamese.named_parameters()]

    def loss_of(one, other, *weights):
        named = dict(zip(names, weights, strict=True))
        return loss(functional_call(siamese, named, (one, other)))

    inputs = [
        value.detach().clone().requires_grad_() for value in (first, second, *siamese.parameters())
    ]
    return gradcheck(loss_of, inputs, fast_mode=fast)


def test_gradient_of_the_loss_through_both_branches_entry_by_entry():
    assert check(build(SMALL), *pairs(SMALL), fast=False)


@pytest.mark.parametrize("name", ["network-4", "network-5"])
def test_gradient_of_the_loss_through_both_branches_of_the_paper(network, name):
    assert check(build(network(name)), *pairs(network(name)), fast=True)

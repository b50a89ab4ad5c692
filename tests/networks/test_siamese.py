import copy

import pytest
import torch
from torch.autograd import gradcheck
from torch.func import functional_call
from torch.nn.functional import cosine_similarity

from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.networks.siamese import Siamese
from sigtdnn.networks.tdnn import TDNN

SMALL = NetworkConfig(
    "small",
    ("x", "y"),
    (
        Convolution(3, 10, 5, 1),
        Averaging(3, 5, 2, 2),
        Convolution(2, 2, 3, 2),
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


def test_twins_are_one_branch_whose_weights_have_one_name(network):
    siamese = build(network("network-5"))
    assert siamese.second is siamese.branch
    assert sum(weight.numel() for weight in siamese.parameters()) == 654
    assert set(siamese.state_dict()) == {f"branch.{n}" for n in siamese.branch.state_dict()}


@pytest.fixture
def half_twins(network):
    """Two branches with weights of their own."""
    branches = (TDNN(network("network-5"), torch.Generator().manual_seed(s)) for s in (3, 9))
    return Siamese(*(branch.double() for branch in branches))


def test_half_twins_have_two_sets_of_weights_and_gradients(network, half_twins):
    assert sum(weight.numel() for weight in half_twins.parameters()) == 2 * 654
    first, second = pairs(network("network-5"))
    loss(half_twins(first, second)).backward()
    both = zip(half_twins.branch.parameters(), half_twins.second.parameters(), strict=True)
    for one, other in both:
        assert one.grad.abs().max() > 0
        assert other.grad.abs().max() > 0
        assert not torch.allclose(one.grad, other.grad)


def test_half_twins_see_the_two_signatures_each_in_its_own_way(network, half_twins):
    first, second = pairs(network("network-5"))
    wanted = cosine_similarity(half_twins.branch(first), half_twins.other(second))
    torch.testing.assert_close(half_twins(first, second), wanted)
    assert not torch.allclose(half_twins(second, first), wanted)


def test_pairs_of_half_twins_among_rows_are_those_pairs_one_by_one(network, half_twins):
    inputs, _ = pairs(network("network-5"))
    first, second = torch.tensor([0, 2, 1, 0]), torch.tensor([1, 1, 1, 2])
    wanted = half_twins(inputs[first], inputs[second])
    torch.testing.assert_close(half_twins.among(inputs, first, second), wanted)


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

import pytest
import torch

from sigtdnn.networks.siamese import Siamese
from sigtdnn.networks.tdnn import TDNN
from sigtdnn.training.optimiser import LevenbergMarquardt, curvature, make_optimiser
from sigtdnn.training.settings import OptimiserSettings


@pytest.fixture
def siamese(network):
    return Siamese(TDNN(network, torch.Generator().manual_seed(0)).double())


@pytest.fixture
def pairs(network):
    shape = (2, 6, len(network.inputs), network.frames)
    generator = torch.Generator().manual_seed(1)
    return tuple(torch.randn(shape, generator=generator, dtype=torch.float64))


def test_curvature_is_the_mean_squared_derivative_of_the_cosine_pair_by_pair(siamese, pairs):
    first, second = pairs
    wanted = [torch.zeros_like(weight) for weight in siamese.parameters()]
    for one, other in zip(first, second, strict=True):
        cosine = siamese(one[None], other[None]).squeeze()
        gradients = torch.autograd.grad(cosine, list(siamese.parameters()))
        for total, gradient in zip(wanted, gradients, strict=True):
            total += gradient**2 / len(first)
    found = curvature(siamese, first, second)
    assert len(found) == len(wanted)
    for diagonal, total in zip(found, wanted, strict=True):
        assert not diagonal.requires_grad
        torch.testing.assert_close(diagonal, total)


def test_curvature_sums_both_branches_before_squaring(siamese, pairs):
    first, second = pairs
    branches = [Siamese(siamese.branch), Siamese(siamese.branch)]
    one = branches[0].branch(first[:1]).detach()
    other = branches[1].branch(second[:1]).detach()
    cosine = torch.nn.functional.cosine_similarity
    weights = list(siamese.parameters())
    left = torch.autograd.grad(cosine(siamese.branch(first[:1]), other).sum(), weights)
    right = torch.autograd.grad(cosine(one, siamese.branch(second[:1])).sum(), weights)
    for diagonal, a, b in zip(curvature(siamese, first[:1], second[:1]), left, right, strict=True):
        torch.testing.assert_close(diagonal, (a + b) ** 2)
        assert not torch.allclose(diagonal, a**2 + b**2)


def test_one_step_by_hand():
    weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    optimiser = LevenbergMarquardt([weight], lr=0.5, damping=0.1)
    optimiser.set_curvature([torch.tensor([0.4, 0.0])])
    weight.grad = torch.tensor([1.0, -0.2])
    optimiser.step()
    # 1 - 0.5 x 1 / (0.1 + 0.4) and 2 + 0.5 x 0.2 / 0.1
    assert weight.tolist() == pytest.approx([0.0, 3.0])


def test_damping_bounds_the_step_where_the_error_is_flat():
    weight = torch.nn.Parameter(torch.zeros(1))
    optimiser = LevenbergMarquardt([weight], lr=1.0, damping=0.25)
    optimiser.set_curvature([torch.zeros(1)])
    weight.grad = torch.ones(1)
    optimiser.step()
    assert weight.item() == -4


def test_a_weight_without_gradient_stays():
    moving, idle = (torch.nn.Parameter(torch.zeros(1)) for _ in range(2))
    optimiser = LevenbergMarquardt([moving, idle], lr=1.0, damping=1.0)
    optimiser.set_curvature([torch.zeros(1), torch.zeros(1)])
    moving.grad = torch.ones(1)
    optimiser.step()
    assert (moving.item(), idle.item()) == (-1, 0)


def test_curvature_must_fit_the_parameters():
    optimiser = LevenbergMarquardt([torch.nn.Parameter(torch.zeros(1))], lr=1.0, damping=1.0)
    with pytest.raises(ValueError, match="shorter"):
        optimiser.set_curvature([])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("levenberg-marquardt", LevenbergMarquardt),
        ("sgd", torch.optim.SGD),
        ("adam", torch.optim.Adam),
    ],
)
def test_each_optimiser_by_name(siamese, name, kind):
    optimiser = make_optimiser(OptimiserSettings(kind=name, rate=0.125), siamese)
    assert type(optimiser) is kind
    assert optimiser.param_groups[0]["lr"] == 0.125
    held = [weight for group in optimiser.param_groups for weight in group["params"]]
    assert [id(w) for w in held] == [id(w) for w in siamese.parameters()]

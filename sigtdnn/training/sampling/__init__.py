"""How training draws its pairs, by name: another sampler is one module and one line below."""

from typing import Annotated

from sigtdnn.tables import kinds
from sigtdnn.training.sampling.pairs import PairSampler
from sigtdnn.training.sampling.sampler import Sampler

SAMPLERS: dict[str, type[Sampler]] = kinds(
    PairSampler,
)
AnySampler = Annotated[Sampler, SAMPLERS]

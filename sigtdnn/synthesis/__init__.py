"""Artificial signers and forgers by the sigma-lognormal model: nobody's, so free to share."""

from sigtdnn.synthesis.folder import write_study
from sigtdnn.synthesis.population import generate_population
from sigtdnn.synthesis.study import Recording, Study, generate_study
from sigtdnn.synthesis.tablet import NCR_5990, Tablet

__all__ = [
    "NCR_5990", "Recording", "Study", "Tablet", "generate_population", "generate_study",
    "write_study",
]  # fmt: skip

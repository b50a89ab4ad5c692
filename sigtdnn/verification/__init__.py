"""Templates of signers and scores of questioned signatures (PAPER sections 5 and 6)."""

from sigtdnn.matching.gaussian.density import Density, fit_density, log_density, single_density
from sigtdnn.matching.gaussian.template import Template
from sigtdnn.verification.enrolment import Enrolment
from sigtdnn.verification.habits import Profile
from sigtdnn.verification.verifier import Score, Verifier

__all__ = [
    "Density",
    "Enrolment",
    "Profile",
    "Score",
    "Template",
    "Verifier",
    "fit_density",
    "log_density",
    "single_density",
]

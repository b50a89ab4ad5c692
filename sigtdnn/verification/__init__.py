"""Templates of signers and scores of questioned signatures (PAPER sections 5 and 6)."""

from sigtdnn.verification.density import Density, fit_density, log_density, single_density
from sigtdnn.verification.enrolment import Enrolment
from sigtdnn.verification.profile import Profile
from sigtdnn.verification.template import Template
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

"""Templates of signers and scores of questioned signatures (PAPER section 5)."""

from sigtdnn.verification.density import Density, fit_density, log_density
from sigtdnn.verification.template import Template
from sigtdnn.verification.verifier import Score, Verifier

__all__ = ["Density", "Score", "Template", "Verifier", "fit_density", "log_density"]

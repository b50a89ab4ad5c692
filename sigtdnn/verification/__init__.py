"""Templates of signers and scores of questioned signatures (PAPER section 5)."""

from sigtdnn.verification.template import Template, log_density, make_template
from sigtdnn.verification.verifier import Score, Verifier

__all__ = ["Score", "Template", "Verifier", "log_density", "make_template"]

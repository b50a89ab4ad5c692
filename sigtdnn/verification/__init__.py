"""Enrolling, verifying and identifying signers with a model (PAPER sections 5 and 6)."""

from sigtdnn.verification.enrolment import Enrolment
from sigtdnn.verification.habits import Habits
from sigtdnn.verification.record import SignerRecord
from sigtdnn.verification.verdict import Score, Verdict
from sigtdnn.verification.verifier import Verifier

__all__ = ["Enrolment", "Habits", "Score", "SignerRecord", "Verdict", "Verifier"]

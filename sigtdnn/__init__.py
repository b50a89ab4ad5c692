"""Verify signatures written on a tablet.

stroke file -> `read_signature` -> `Signature` -> `preprocess` -> features (10 x 200)
-> network -> feature vector -> template -> score -> decision

"PAPER section n" in these modules is a section of paper_repro/PAPER.md.
"""

from sigtdnn.errors import SigtdnnError
from sigtdnn.formats import read_signature
from sigtdnn.models.file import load_model
from sigtdnn.preprocessing import preprocess
from sigtdnn.signature import Signature
from sigtdnn.verification import Verifier

__all__ = [
    "Signature",
    "SigtdnnError",
    "Verifier",
    "load_model",
    "preprocess",
    "read_signature",
]

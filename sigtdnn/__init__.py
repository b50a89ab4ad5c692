"""Verify signatures written on a tablet.

stroke file -> `read_signature` -> `Signature` -> functions of time -> encoder -> representation
-> matcher -> template, raw number -> calibration -> log-odds, score -> decision

"PAPER section n" in these modules is a section of paper_repro/PAPER.md. The names below are
imported when they are first used, so that none waits for another.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sigtdnn.errors import SigtdnnError
    from sigtdnn.formats import read_signature
    from sigtdnn.models.file import load_model
    from sigtdnn.preprocessing import preprocess
    from sigtdnn.signature import Signature
    from sigtdnn.verification import SignerRecord, Verifier

__all__ = [
    "Signature",
    "SignerRecord",
    "SigtdnnError",
    "Verifier",
    "load_model",
    "preprocess",
    "read_signature",
]

_HOMES = {
    "Signature": "sigtdnn.signature",
    "SignerRecord": "sigtdnn.verification",
    "SigtdnnError": "sigtdnn.errors",
    "Verifier": "sigtdnn.verification",
    "load_model": "sigtdnn.models.file",
    "preprocess": "sigtdnn.preprocessing",
    "read_signature": "sigtdnn.formats",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("sigtdnn")
    if name not in _HOMES:
        raise AttributeError(f"module 'sigtdnn' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

"""Model: all that scoring needs, in five parts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sigtdnn.matching.calibration import Calibrations
from sigtdnn.matching.matcher import Matcher, Representations
from sigtdnn.matching.packing import FINGERPRINT
from sigtdnn.models.norms import Norms
from sigtdnn.networks.encoder import Encoder
from sigtdnn.signature import Signature
from sigtdnn.tables import tensors_of


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from."""

    corpus: str  # what it was trained on, in words
    training_signers: tuple[str, ...]
    validation_signers: tuple[str, ...]
    forgers: tuple[str, ...]  # writers of the forgeries seen in training and validation
    seed: int
    passes: int  # after which the weights were kept; 0 for a model without network
    sigtdnn: str  # version that trained it
    licence: str = ""  # on which terms it may be passed on, as an SPDX identifier; else unsaid

    @property
    def signers(self) -> frozenset[str]:
        """All signers that the model was trained or validated on."""
        return frozenset(self.training_signers + self.validation_signers)


@dataclass(frozen=True, eq=False)
class Model:
    """How signatures are represented, compared and judged; immutable."""

    name: str
    encoder: Encoder | None  # None: the matcher represents signatures itself
    matcher: Matcher[Any]
    calibrations: Calibrations
    norms: Norms
    provenance: Provenance

    def represent(self, signatures: Sequence[Signature]) -> Representations:
        """What the matcher takes, one of each signature.

        Raises PreprocessingError for a signature without size.
        """
        return (self.encoder or self.matcher).represent(signatures)

    @cached_property
    def id(self) -> bytes:
        """The first four bytes of the fingerprint, which templates carry."""
        return self.fingerprint[:FINGERPRINT]

    @cached_property
    def fingerprint(self) -> bytes:
        """32 bytes that change with anything that changes a representation or a template."""
        encoder = self.encoder
        tables = [] if encoder is None else encoder.tables()
        layout = self.matcher.layout()
        settings = [*tables, *(layout if isinstance(layout, list) else [layout])]
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
        arrays = list(tensors_of(self.matcher).values())
        if encoder is not None:
            arrays += [encoder.scales, *(w for _, w in sorted(encoder.weights.items()))]
        for array in arrays:
            digest.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return digest.digest()

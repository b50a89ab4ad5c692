"""Verifier: a model at work. Signatures in, templates and scores out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sigtdnn.network.model_file import Model, load_model
from sigtdnn.preprocessing import preprocess_batch
from sigtdnn.signature import Signature
from sigtdnn.verification.calibration import calibrated_score, paper_score
from sigtdnn.verification.template import Template, log_density, make_template


@dataclass(frozen=True)
class Score:
    """One comparison in three numbers of one order; higher is more genuine."""

    log_odds: float  # log p-yes - log p-no
    paper_score: float  # p-yes / (p-yes + p-no)
    score: float  # calibrated probability of genuineness


class Verifier:
    """Enrols and scores with one model."""

    def __init__(self, model: Model) -> None:
        """`model` is used as it is, never changed."""
        self.model = model

    @classmethod
    def load(cls, path: Path | str) -> "Verifier":
        """The verifier of a model file or run folder; raises ModelError."""
        return cls(load_model(path))

    def vectors(self, signatures: Sequence[Signature]) -> NDArray[np.float32]:
        """Feature vectors (n, d); raises PreprocessingError for a signature without size."""
        return self.model.encode(preprocess_batch(signatures, self.model.preprocessing))

    def enroll(self, signatures: Sequence[Signature]) -> Template:
        """The template of a signer's references, the paper's being his last six."""
        return self.enroll_vectors(self.vectors(signatures))

    def enroll_vectors(self, vectors: NDArray[np.float32]) -> Template:
        """The template of reference vectors (n, d)."""
        return make_template(vectors, self.model.decision.variance_floor)

    def log_odds(self, template: Template, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """log p-yes - log p-no (n,) of questioned vectors (n, d)."""
        return log_density(template, vectors) - self.model.decision.log_p_no

    def score(self, template: Template, signature: Signature) -> Score:
        """How genuine a questioned signature is."""
        log_odds = self.log_odds(template, self.vectors([signature]))
        return Score(
            float(log_odds[0]),
            float(paper_score(log_odds)[0]),
            float(calibrated_score(log_odds, self.model.decision)[0]),
        )

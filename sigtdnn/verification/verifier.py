"""Verifier: a model at work. Signatures in, templates and scores out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.errors import ModelError
from sigtdnn.matching.calibration import calibrated_score, paper_score
from sigtdnn.matching.gaussian.density import fit_density, log_density
from sigtdnn.matching.gaussian.template import Template
from sigtdnn.matching.gaussian.update import updated
from sigtdnn.matching.threshold import choose_threshold
from sigtdnn.models.file import Model, load_model
from sigtdnn.preprocessing import preprocess_batch
from sigtdnn.signature import Signature
from sigtdnn.verification.enrolment import WANTED, Enrolment, assess
from sigtdnn.verification.habits import Profile, reason
from sigtdnn.verification.traits import STATISTICS, statistics_of


@dataclass(frozen=True)
class Score:
    """One comparison in three numbers of one order; higher is more genuine."""

    log_odds: float  # log p-yes - log p-no
    paper_score: float  # p-yes / (p-yes + p-no)
    score: float  # calibrated probability of genuineness


class Verifier:
    """Enrols and scores with one model, by templates of 80 bytes.

    Vectors here are those of the model's card, (n, k) with k at most 76.
    """

    def __init__(self, model: Model) -> None:
        """`model` is used as it is, never changed.

        Raises ModelError when it was made for other statistics of a profile.
        """
        if len(model.card.population.habits) != len(STATISTICS):
            raise ModelError(
                f"the model knows the habits of {len(model.card.population.habits)} statistics, "
                f"this sigtdnn has {len(STATISTICS)}; train again"
            )
        self.model = model
        self._components = np.array(model.card.components)

    @classmethod
    def load(cls, path: Path | str) -> "Verifier":
        """The verifier of a model file or run folder; raises ModelError."""
        return cls(load_model(path))

    def vectors(self, signatures: Sequence[Signature]) -> Float32:
        """Card vectors (n, k); raises PreprocessingError for a signature without size."""
        outputs = self.model.outputs(preprocess_batch(signatures, self.model.preprocessing))
        return outputs.take(self._components, axis=1)

    def enroll(self, signatures: Sequence[Signature]) -> Template:
        """The template of a signer's references, the paper's being his last six.

        Raises ModelError for fewer than 2, PreprocessingError for one without size.
        """
        return self.enroll_vectors(self.vectors(signatures))

    def enroll_vectors(self, vectors: Float32) -> Template:
        """The template of reference vectors (n, k)."""
        density = fit_density(vectors, self.model.card.decision.variance_floor)
        return Template.rounded(density, self.model)

    def template(self, data: bytes) -> Template:
        """The template of 80 bytes; raises ModelError by name, as `Template.from_bytes`."""
        return Template.from_bytes(data, self.model)

    def score(self, template: Template, signature: Signature) -> Score:
        """How genuine a questioned signature is."""
        return self._score(self.log_odds(template, self.vectors([signature])[0]))

    def score_many(self, template: Template, signatures: Sequence[Signature]) -> list[Score]:
        """How genuine each of several questioned signatures is."""
        return self.scores(self.log_odds(template, self.vectors(signatures)))

    def log_odds(self, template: Template, vectors: Float32) -> Float64:
        """log p-yes - log p-no, shape (...), of questioned vectors (..., k)."""
        return log_density(template, vectors) - self.model.card.decision.log_p_no

    def scores(self, log_odds: Float64) -> list[Score]:
        """The three numbers of each of the log-odds (n,)."""
        return [self._score(value) for value in log_odds]

    def _score(self, log_odds: Float64) -> Score:
        """Of one number: NumPy's scalars cost a fraction of its arrays."""
        calibrated = calibrated_score(log_odds, self.model.card.decision)
        return Score(float(log_odds), float(paper_score(log_odds)), float(calibrated))

    def threshold(self, far: float | None = None, fr: float | None = None) -> float:
        """The `score` from which a signature is accepted; accept when score >= threshold.

        Chosen on validation signers, as the least that accepts at most the share `far` of
        forgeries, or detects at least the share `fr` of them; with neither, the paper's
        point, that detects 80 %. Raises ModelError for a share outside 0..1 or so small
        that the forgeries were too few to measure it.
        """
        return self.scores(np.array([choose_threshold(self.model.card, far, fr)]))[0].score

    def update(self, template: Template, signature: Signature, first: Template) -> Template | None:
        """The template after a signature, or None where that is not accepted with confidence.

        `first` is the template as first enrolled: it must be as confident, and bounds the drift.

        Raises ModelError when another model made one of the templates.
        """
        return self.update_vector(template, self.vectors([signature])[0], first)

    def update_vector(
        self, template: Template, vector: Float32, first: Template
    ) -> Template | None:
        """The same after a signature's vector (k,)."""
        least = min(self.log_odds(near, vector) for near in (template, first))
        if least < self.model.card.population.update:
            return None
        return updated(template, vector, first, self.model)

    def enrolment(self, signatures: Sequence[Signature], wanted: int = WANTED) -> Enrolment:
        """The state of an enrolment with these signatures; see `Enrolment`."""
        return assess(self.vectors(signatures), self.model.card, wanted)

    def profile(self, signatures: Sequence[Signature]) -> Profile:
        """What these signatures are like; kept beside the template for `reason`."""
        return Profile.of(statistics_of(signatures))

    def reason(self, profile: Profile, signature: Signature) -> str:
        """In what a signature is furthest from a profile; one of `statistics.GROUPS`."""
        habits = np.array(self.model.card.population.habits)
        return reason(profile, statistics_of([signature])[0], habits)

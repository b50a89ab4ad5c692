"""Systems under test, behind one small interface: enrol references, score the questioned.

A system works on the rows of one corpus. Its scores are numbers of which higher means more
genuine; for a system of odds they are log-odds, and it also tells the two probabilities
that go with them. `run` puts a system through trials and gives the scores table, one line
a questioned recording, which every figure and picture is made from:

system       name
draw         of the trials
signer       the identity claimed
questioned   file of the recording
kind         genuine, skilled or random
raw          the system's own score, on whatever scale
log_odds     calibrated natural log-likelihood ratio, NaN without calibration
score        its logistic, the probability of genuineness at prior 1/2
"""

from collections.abc import Collection
from typing import Any, Protocol

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.matching.calibration import calibrated_score, paper_score
from sigtdnn.models.file import Model
from sigtdnn.trials.table import Trials
from sigtdnn.verification import (
    Density,
    Template,
    Verifier,
    fit_density,
    log_density,
    single_density,
)

# A probability of exactly 0 or 1 was rounded there; its odds are large, not infinite.
ROUNDING = 2.0**-53


class System(Protocol):
    """What can be evaluated."""

    @property
    def name(self) -> str:
        """As it appears in tables."""
        ...

    @property
    def trained_on(self) -> Collection[str]:
        """Signers of whom it, or anything tuned in it, has seen recordings."""
        ...

    @property
    def threshold(self) -> float | None:
        """The score that detects 80 % of the forgeries of its validation signers, if known."""
        ...

    def prepare(self, trials: Trials) -> None:
        """Computes once what the trials share."""
        ...

    def enroll(self, references: Rows) -> Any:
        """A template of these rows of the corpus."""
        ...

    def score(self, template: Any, questioned: Rows) -> Float64:
        """Scores, shape as `questioned`."""
        ...

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """paper_score and score of each score; NaN where the system has none."""
        ...


def run(system: System, trials: Trials) -> pd.DataFrame:
    """The scores table of a system on the corpus that it and the trials were made for."""
    system.prepare(trials)
    parts = []
    for draw, signer, references, questioned in trials.enrolments():
        rows = questioned.index.to_numpy(np.intp)
        raw = system.score(system.enroll(references), rows)
        _, score = system.probabilities(raw)
        clipped = score.clip(ROUNDING, 1 - ROUNDING)
        parts.append(
            pd.DataFrame(
                {
                    "system": system.name,
                    "draw": draw,
                    "signer": signer,
                    "questioned": questioned["file"].to_numpy(),
                    "kind": questioned["role"].to_numpy(),
                    "raw": raw,
                    "log_odds": np.log(clipped) - np.log1p(-clipped),
                    "score": score,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


class Encoded:
    """The network's outputs of one model for the rows of a corpus, each computed once."""

    def __init__(self, model: Model, corpus: Corpus) -> None:
        """Nothing is computed yet."""
        self.model = model
        self._corpus = corpus
        self._outputs: dict[int, Float32] = {}

    def prepare(self, rows: Rows) -> None:
        """Computes the outputs for these rows that are not there yet."""
        missing = np.setdiff1d(rows, np.fromiter(self._outputs, np.intp, len(self._outputs)))
        if len(missing):
            features = self._corpus.select(missing).features(self.model.preprocessing)
            self._outputs.update(zip(missing.tolist(), self.model.outputs(features), strict=True))

    def of(self, rows: Rows) -> Float32:
        """The feature vectors (n, d) of n rows."""
        return self._components(rows, self.model.components)

    def card(self, rows: Rows) -> Float32:
        """The vectors (n, k) of n rows that a template of 80 bytes is made of."""
        return self._components(rows, self.model.card.components)

    def _components(self, rows: Rows, components: tuple[int, ...]) -> Float32:
        self.prepare(rows)
        return np.stack([self._outputs[row] for row in rows.tolist()])[:, list(components)]


class Gaussian:
    """A model with the paper's normal density over feature vectors (PAPER section 5).

    A single reference shows no variance; the model's least one serves. p-no, calibration
    and threshold stay those of six references.
    """

    def __init__(self, name: str, encoded: Encoded) -> None:
        """`encoded` may be shared with other systems of the same model."""
        self.name = name
        self._encoded = encoded
        self._decision = encoded.model.decision
        self.trained_on = seen_signers(encoded.model)
        self.threshold = self._decision.threshold_fr80

    def prepare(self, trials: Trials) -> None:
        """Encodes every recording of the trials."""
        self._encoded.prepare(np.unique(trials.rows))

    def enroll(self, references: Rows) -> Density:
        """The normal density of the references' vectors, in full precision."""
        fit = single_density if len(references) == 1 else fit_density
        return fit(self._encoded.of(references), self._decision.variance_floor)

    def score(self, template: Density, questioned: Rows) -> Float64:
        """log p-yes - log p-no."""
        return log_density(template, self._encoded.of(questioned)) - self._decision.log_p_no

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """The paper's score and the calibrated one."""
        return paper_score(scores), calibrated_score(scores, self._decision)


class Carded:
    """A model as it is put to use: every template goes through its 80 bytes.

    They are made of 2 references at least; a single one is refused.
    """

    def __init__(self, name: str, encoded: Encoded) -> None:
        """`encoded` may be shared with other systems of the same model."""
        self.name = name
        self._encoded = encoded
        self._verifier = Verifier(encoded.model)
        self._decision = encoded.model.card.decision
        self.trained_on = seen_signers(encoded.model)
        self.threshold = self._decision.threshold_fr80

    def prepare(self, trials: Trials) -> None:
        """Encodes every recording of the trials."""
        self._encoded.prepare(np.unique(trials.rows))

    def enroll(self, references: Rows) -> Template:
        """What the 80 bytes of the references' template say."""
        template = self._verifier.enroll_vectors(self._encoded.card(references))
        return self._verifier.template(template.to_bytes())

    def score(self, template: Template, questioned: Rows) -> Float64:
        """log p-yes - log p-no."""
        return self._verifier.log_odds(template, self._encoded.card(questioned))

    def probabilities(self, scores: Float64) -> tuple[Float64, Float64]:
        """The paper's score and the calibrated one."""
        return paper_score(scores), calibrated_score(scores, self._decision)


def seen_signers(model: Model) -> frozenset[str]:
    """The signers that a model was trained or validated on."""
    return frozenset(model.provenance.training_signers + model.provenance.validation_signers)


def without_odds(scores: Float64) -> tuple[Float64, Float64]:
    """paper_score and score of a system that has neither: NaN."""
    return np.full_like(scores, np.nan), np.full_like(scores, np.nan)

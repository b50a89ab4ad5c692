"""Systems under test, behind one small interface: enrol references, compare the questioned.

A system works on the rows of one corpus. `run` puts it through trials and gives the scores table,
one line a questioned recording, which every figure and picture is made from:

system      name
draw        of the trials
signer      the identity claimed
questioned  file of the recording
kind        genuine, skilled or random
raw         the matcher's own number; higher means more genuine
log_odds    calibrated, at prior 1/2; NaN without calibration
score       probability of genuineness at prior 1/2; NaN without calibration
references  signatures behind the template
threshold   raw number of the paper's operating point; NaN without calibration
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from sigtdnn.arrays import Float64, Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import SystemNameError, TooFewReferencesError
from sigtdnn.matching.calibration import Calibrations, logistic
from sigtdnn.matching.elastic import TEXTBOOK
from sigtdnn.matching.matcher import Comparator, Representations
from sigtdnn.matching.packing import StoredTemplates
from sigtdnn.models.model import Model
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature
from sigtdnn.trials.table import Trials


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

    def prepare(self, trials: Trials) -> None:
        """Computes once what the trials share."""
        ...

    def enroll(self, references: Rows) -> Any:
        """A template of these rows of the corpus."""
        ...

    def compare(self, template: Any, questioned: Rows) -> Float64:
        """Raw numbers, shape as `questioned`."""
        ...

    def log_odds(self, raw: Float64, references: int) -> Float64:
        """The calibrated log-odds of raw numbers; NaN without calibration.

        `references` are behind the template that was compared.
        """
        ...

    def threshold(
        self, references: int, far: float | None = None, far_random: float | None = None
    ) -> float | None:
        """The raw number to accept from, as in `Calibration.threshold`; None without."""
        ...


def run(system: System, trials: Trials) -> pd.DataFrame:
    """The scores table of a system on the corpus that it and the trials were made for.

    Raises TooFewReferencesError, naming the system, when it needs more than the protocol gives.
    """
    system.prepare(trials)
    parts = []
    for draw, signer, references, questioned in trials.enrolments():
        rows = questioned.index.to_numpy(np.intp)
        try:
            template = system.enroll(references)
        except TooFewReferencesError as error:
            error.problem = f"{system.name}: {error.problem}"
            error.remedy = "choose another protocol, or a variant such as MODEL:whole"
            raise
        raw = system.compare(template, rows)
        log_odds = system.log_odds(raw, len(references))
        with np.errstate(invalid="ignore"):  # NaN without calibration
            score = logistic(log_odds)
        threshold = system.threshold(len(references))
        parts.append(
            pd.DataFrame(
                {
                    "system": system.name,
                    "draw": draw,
                    "signer": signer,
                    "questioned": questioned["file"].to_numpy(),
                    "kind": questioned["role"].to_numpy(),
                    "raw": raw,
                    "log_odds": log_odds,
                    "score": score,
                    "references": len(references),
                    "threshold": np.nan if threshold is None else threshold,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


class RowRepresentations:
    """What one model makes of the rows of a corpus, each computed once."""

    def __init__(
        self, represent: Callable[[Sequence[Signature]], Representations], corpus: Corpus
    ) -> None:
        """Nothing is computed yet."""
        self._represent = represent
        self._corpus = corpus
        self._known: dict[int, Any] = {}

    def of(self, rows: Rows) -> Representations:
        """The representations of rows (n,)."""
        missing = sorted(set(rows.tolist()) - set(self._known))
        if missing:
            found = self._represent([self._corpus.signature(row) for row in missing])
            self._known.update(zip(missing, found, strict=True))
        return [self._known[row] for row in rows.tolist()]


@dataclass
class ComparatorSystem:
    """A comparator on representations of rows."""

    name: str
    represented: RowRepresentations
    comparator: Comparator[Any]
    calibrations: Calibrations | None = None
    trained_on: frozenset[str] = frozenset()
    progress: Progress = field(default=ignore_progress, repr=False)

    def prepare(self, trials: Trials) -> None:
        """Represents every recording of the trials, and gives the comparator the pairs."""
        rows = np.unique(trials.rows)
        pairs = [np.empty((0, 2), np.intp)]
        for _, _, references, questioned in trials.enrolments():
            others = np.searchsorted(rows, np.concatenate([references, questioned.index]))
            own = np.searchsorted(rows, references)
            pairs.append(np.stack(np.meshgrid(own, others), axis=-1).reshape(-1, 2))
        self.comparator = self.comparator.prepared(
            self.represented.of(rows), np.concatenate(pairs), self.progress
        )

    def enroll(self, references: Rows) -> Any:
        """The comparator's template."""
        return self.comparator.enroll(self.represented.of(references))

    def compare(self, template: Any, questioned: Rows) -> Float64:
        """The comparator's raw numbers."""
        return self.comparator.compare(template, self.represented.of(questioned))

    def log_odds(self, raw: Float64, references: int) -> Float64:
        """Calibrated, or NaN."""
        if self.calibrations is None:
            return np.full_like(raw, np.nan)
        return self.calibrations.of(references).log_odds(raw)

    def threshold(
        self, references: int, far: float | None = None, far_random: float | None = None
    ) -> float | None:
        """That of the calibration, if there is one."""
        if self.calibrations is None:
            return None
        return self.calibrations.of(references).threshold(far, far_random)


def model_system(
    name: str, model: Model, represented: RowRepresentations, variant: str = ""
) -> ComparatorSystem:
    """Exactly what verification runs with a model; or another `variant` of its matcher.

    `represented`, of `model.represent`, may be shared by systems of the same model.

    Raises SystemNameError for a variant that the matcher does not have.
    """
    seen = model.provenance.signers
    if not variant:
        stored = StoredTemplates(model.matcher, model.id)
        return ComparatorSystem(name, represented, stored, model.calibrations, seen)
    variants = model.matcher.variants()
    if variant not in variants:
        known = ", ".join(variants) or "none"
        raise SystemNameError(
            f"{model.name} has no variant '{variant}'", f"its variants are: {known}"
        )
    comparator, calibrations = variants[variant]
    return ComparatorSystem(name, represented, comparator, calibrations, seen)


def dtw_system(corpus: Corpus, progress: Progress = ignore_progress) -> ComparatorSystem:
    """The baseline: untrained DTW, the elastic matcher without an encoder or a calibration.

    Trained on nobody, so that it may be tested on everybody.
    """
    represented = RowRepresentations(TEXTBOOK.represent, corpus)
    return ComparatorSystem("dtw", represented, TEXTBOOK, progress=progress)

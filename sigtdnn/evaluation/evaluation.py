"""An evaluation: systems, one protocol, one corpus, and every figure with its interval.

All systems are run on the same trials and resampled with the same signers, so that their
differences are paired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pandas as pd

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.identity import Kind
from sigtdnn.evaluation.figures import Estimate, difference, eer_of_signers, estimates
from sigtdnn.evaluation.guard import Guard, guard_signers
from sigtdnn.evaluation.promise import Promise, promises
from sigtdnn.evaluation.systems import System, run
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import Protocol
from sigtdnn.trials.table import Trials, read_trials

FORGERIES: tuple[str, ...] = (Kind.SKILLED, Kind.RANDOM)

Figures = dict[str, dict[str, Estimate]]  # by kind of forgery, then by name


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was tested, and the results."""

    trials: Trials
    guard: Guard
    scores: pd.DataFrame  # of all systems, columns as in `systems`
    figures: dict[str, Figures]  # by system, in the order given
    differences: dict[tuple[str, str], Figures]  # first - second, for every two systems
    promises: dict[str, list[Promise]]  # of the systems that are calibrated
    signer_eer: pd.DataFrame  # one row a signer, a column (system, kind)

    @property
    def systems(self) -> list[str]:
        """The names of the systems, in the order given."""
        return list(self.figures)

    def trial_counts(self) -> dict[str, int]:
        """Questioned recordings of each kind, all draws together."""
        roles = self.trials.table["role"]
        return {kind: int((roles == kind).sum()) for kind in (Kind.GENUINE, *FORGERIES)}


def evaluate(
    corpus: Corpus,
    systems: Sequence[System],
    protocol: Protocol | Path,
    *,
    allow_overlap: bool = False,
    seed: int = 0,
) -> Evaluation:
    """Runs the systems, whose names differ, under a protocol or on the trials of a CSV file.

    `seed` draws the references and the bootstrap's signers.

    Raises ProtocolError when the protocol does not serve the corpus, NobodyToTestError when all
    its signers were trained on and `allow_overlap` is not given, TrialsError for a bad file.
    """
    signers = [signer for signer in corpus.recordings["signer"].unique() if signer != ""]
    guard = guard_signers(signers, systems, allow_overlap)
    if isinstance(protocol, Path):
        trials = read_trials(corpus, protocol).without(corpus, guard.left_out)
    else:
        trials = make_trials(corpus, protocol, guard.tested, seed)
    tables = {system.name: run(system, trials) for system in systems}
    figures = {
        system.name: {kind: estimates(tables[system.name], kind, seed) for kind in FORGERIES}
        for system in systems
    }
    return Evaluation(
        trials,
        guard,
        pd.concat(tables.values(), ignore_index=True),
        figures,
        {
            pair: _differences(*(figures[name] for name in pair))
            for pair in combinations(figures, 2)
        },
        {
            system.name: found
            for system in systems
            if (found := promises(system, tables[system.name], seed))
        },
        pd.DataFrame(
            {
                (name, kind): eer_of_signers(tables[name], kind)
                for name in tables
                for kind in FORGERIES
            }
        ),
    )


def _differences(one: Figures, other: Figures) -> Figures:
    return {
        kind: {name: difference(one[kind][name], other[kind][name]) for name in one[kind]}
        for kind in one
    }

"""Trials on a corpus: who enrols with which recordings, and which are then questioned.

The table is what `trials.csv` holds (see `format`), so that another system can be run on
exactly the same trials.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from sigtdnn.arrays import Rows
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import NobodyToTestError, TrialsError
from sigtdnn.files import replacing
from sigtdnn.trials.format import COLUMNS, REFERENCE, ROLES

Part = tuple[int, str, str, Rows]  # draw, signer, role, corpus rows


@dataclass(frozen=True, eq=False)
class Trials:
    """Trials on one corpus; see `format` for the columns of `table`."""

    protocol: str
    words: str  # the protocol in full sentences
    table: pd.DataFrame
    rows: Rows  # (lines of table,), the corpus row of each recording
    left_out: Mapping[str, tuple[str, ...]]  # by cause, the signers that are not tested

    @property
    def signers(self) -> list[str]:
        """The signers tested, sorted by name."""
        return sorted(self.table["signer"].unique())

    @property
    def draws(self) -> int:
        """How many independent choices of references there are."""
        return int(self.table["draw"].nunique())

    @property
    def min_references(self) -> int:
        """The smallest number of references that a signer is enrolled with."""
        references = self.table[self.table["role"] == REFERENCE]
        return int(references.groupby(["draw", "signer"]).size().min())

    def without(self, corpus: Corpus, signers: Collection[str]) -> "Trials":
        """The trials that neither claim these signers nor question their recordings.

        Raises NobodyToTestError when none is left.
        """
        if not signers:
            return self
        written = corpus.recordings["signer"].to_numpy()[self.rows]
        kept = ~(
            self.table["signer"].isin(list(signers)).to_numpy() | np.isin(written, list(signers))
        )
        if not kept.any():
            raise NobodyToTestError(
                f"{self.protocol}: every trial is of signers that were trained or validated on",
                "test on others, or pass --allow-overlap and have every figure marked",
            )
        table = self.table[kept].reset_index(drop=True)
        return replace(self, table=table, rows=self.rows[kept])

    def enrolments(self) -> Iterator[tuple[int, str, Rows, pd.DataFrame]]:
        """For each draw and signer: the corpus rows of the references, and the questioned.

        The questioned recordings come as lines of `table` with their corpus row in the index.
        """
        placed = self.table.set_axis(pd.Index(self.rows))
        for key, group in placed.groupby(["draw", "signer"], sort=False):
            draw, signer = cast(tuple[int, str], key)
            reference = (group["role"] == REFERENCE).to_numpy()
            yield int(draw), signer, group.index.to_numpy()[reference], group[~reference]


def trials_from_parts(
    corpus: Corpus,
    protocol: str,
    words: str,
    parts: Iterable[Part],
    left_out: Mapping[str, tuple[str, ...]],
) -> Trials:
    """Trials from parts, kept in order."""
    draws, signers, roles, rows = zip(*parts, strict=True)
    sizes = [len(part) for part in rows]
    placed = np.concatenate(rows)
    table = pd.DataFrame(
        {
            "draw": np.repeat(draws, sizes),
            "signer": np.repeat(np.array(signers, dtype=object), sizes),
            "role": np.repeat(np.array(roles, dtype=object), sizes),
            "file": corpus.recordings["file"].to_numpy()[placed],
        }
    )
    return Trials(protocol, words, table, placed, left_out)


def write_trials(trials: Trials, path: Path) -> None:
    """Writes the table as CSV, whole or not at all."""
    with replacing(path) as temporary:
        trials.table.to_csv(temporary, index=False)


def read_trials(corpus: Corpus, path: Path) -> Trials:
    """The trials of a CSV file (see `format`), on the recordings of a corpus.

    Raises TrialsError naming the line when the file is not of that form, names a
    recording that the corpus does not hold, gives one two roles for a signer and draw, or
    does not give all references before what is questioned.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise TrialsError(
            path, None, f"cannot be read as CSV ({error})", "give a file of trials"
        ) from error
    if tuple(table.columns) != COLUMNS:
        raise TrialsError(path, 1, f"the columns must be {','.join(COLUMNS)}", "correct the line")

    def refuse(wrong: pd.Series, problem: str, remedy: str = "correct the line") -> None:
        if wrong.any():
            # Line 1 is the header.
            raise TrialsError(path, int(np.argmax(wrong)) + 2, problem, remedy)

    refuse(~table["draw"].str.fullmatch(r"\d{1,9}"), "draw must be a whole number, 0 or more")
    refuse(~table["role"].isin(ROLES), f"role must be one of {', '.join(ROLES)}")
    table["draw"] = table["draw"].astype(int)
    rows = pd.Index(corpus.recordings["file"]).get_indexer(pd.Index(table["file"]))
    refuse(
        pd.Series(rows < 0),
        "the corpus does not hold this file",
        "preprocess it, or correct the name",
    )
    refuse(
        table.duplicated(["draw", "signer", "file"]),
        "this file already has a role for this signer and draw",
        "remove the line",
    )
    references = table["role"] == REFERENCE
    by_signer = [table["draw"], table["signer"]]
    refuse(
        references.groupby(by_signer).cumsum() == 0,
        "this signer has no reference yet in this draw",
        "put the lines with role reference first",
    )
    refuse(
        references & ((~references).groupby(by_signer).cumsum() > 0),
        "a reference after what is questioned",
        "put the references of this signer and draw first",
    )
    words = (
        f"The trials listed in {path.name}. Random forgeries are signatures of other people, who "
        "imitate nobody."
    )
    return Trials(path.name, words, table, rows, {})

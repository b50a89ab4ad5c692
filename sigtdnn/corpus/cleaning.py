"""The paper's three cleaning rules (PAPER section 1), for training and validation.

strokes of genuines   a genuine has 80-120 % of the strokes of that signer's first genuine
strokes of forgeries  so has a forgery; the paper's other condition, that it is an attempt to copy,
                      is what 'skilled' says
signatures a signer   a signer has at least 6 genuines, counted after the first rule; else all
                      recordings of the signer go

First is first in order of session and number, where known. Recordings without signer or
kind cannot be judged, and are left out by a rule of their own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigtdnn.arrays import Bool
from sigtdnn.corpus.corpus import labelled, signing_order
from sigtdnn.corpus.identity import Kind

MIN_GENUINE = 6


@dataclass(frozen=True, eq=False)
class Cleaning:
    """What the rules keep, and how many recordings each rule took out."""

    kept: Bool  # (N,)
    taken: dict[str, int]  # by rule


def clean(recordings: pd.DataFrame) -> Cleaning:
    """Applies the rules to a table of recordings with columns as in `Corpus`."""
    known = labelled(recordings)
    genuine = known & (recordings["kind"] == Kind.GENUINE).to_numpy()
    skilled = known & ~genuine
    firsts = signing_order(recordings[genuine]).groupby("signer")["strokes"].first()
    first = recordings["signer"].map(firsts).to_numpy(dtype=np.float64, na_value=np.nan)
    strokes = recordings["strokes"].to_numpy()
    # In whole numbers, so that exactly 80 and 120 % stay; a forgery of a signer without
    # genuines has no first signature, and the comparison with NaN fails.
    alike = (5 * strokes >= 4 * first) & (5 * strokes <= 6 * first)
    left = known & alike
    genuines = recordings["signer"].map(recordings["signer"][left & genuine].value_counts())
    enough = genuines.to_numpy(dtype=np.float64, na_value=0) >= MIN_GENUINE
    return Cleaning(
        left & enough,
        {
            "unlabelled": int((~known).sum()),
            "strokes of genuines": int((genuine & ~alike).sum()),
            "strokes of forgeries": int((skilled & ~alike).sum()),
            "signatures a signer": int((left & ~enough).sum()),
        },
    )

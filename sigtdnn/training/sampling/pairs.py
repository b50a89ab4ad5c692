"""Pairs in the paper's mix (PAPER section 4).

Half of the pairs are two genuines of a signer, two fifths a genuine and a forgery of that
signer, one tenth genuines of two signers (the paper's zero-effort forgery, here a random one).
Where nobody has a forgery, random ones take the place of skilled ones, too.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sigtdnn.arrays import Rows
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import TooFewPairsError
from sigtdnn.training.sampling.sampler import GENUINE, RANDOM, SKILLED, Pairs, Sampler

if TYPE_CHECKING:
    import pandas as pd

SKILLED_SHARE, RANDOM_SHARE = 0.4, 0.1  # the rest is genuine
# Number of signers whose pairs are neighbours in a pass.
NEIGHBOURS = 8


@dataclass(frozen=True)
class PairSampler(Sampler):
    """How many pairs, and whether they stay the same."""

    kind = "pairs"
    pairs: int = 7701  # the paper's number, an upper limit
    validation_pairs: int = 960  # the paper's number, an upper limit
    # New pairs for every pass see more combinations than one list of 7,701 does.
    fresh: bool = False

    def __post_init__(self) -> None:
        # One in ten pairs is a random one.
        if min(self.pairs, self.validation_pairs) < 10:
            raise ValueError("pairs and validation_pairs are 10 or more")

    def draw_training(self, recordings: "pd.DataFrame", rng: np.random.Generator) -> Pairs:
        """At most `pairs`; raises TooFewPairsError when a kind of pair is missing."""
        return draw_pairs(recordings, self.pairs, rng)

    def draw_validation(self, recordings: "pd.DataFrame", rng: np.random.Generator) -> Pairs:
        """At most `validation_pairs`; raises TooFewPairsError when a kind of pair is missing."""
        return draw_pairs(recordings, self.validation_pairs, rng)

    def batches(
        self, recordings: "pd.DataFrame", pairs: Pairs, size: int, rng: np.random.Generator
    ) -> list[Pairs]:
        """`pairs`, or as many fresh ones, so ordered that a batch holds few signers."""
        if self.fresh:
            pairs = draw_pairs(recordings, self.pairs, rng)
        pairs = pairs.take(_order(recordings, pairs, rng))
        return [pairs.take(slice(start, start + size)) for start in range(0, len(pairs), size)]


def draw_pairs(recordings: "pd.DataFrame", limit: int, rng: np.random.Generator) -> Pairs:
    """As many pairs as the mix allows, at most `limit`, none twice, in random order.

    A pair is unordered and no recording meets itself.

    Raises TooFewPairsError when one of the three kinds of pair is missing.
    """
    genuine = _rows_by_signer(recordings, Kind.GENUINE)
    skilled = _rows_by_signer(recordings, Kind.SKILLED)
    genuine_pairs = [_pairs_within(rows) for rows in genuine.values()]
    skilled_pairs = [
        _pairs_between(rows, skilled[signer])
        for signer, rows in genuine.items()
        if signer in skilled
    ]
    sizes = np.array([len(rows) for rows in genuine.values()])
    between = int(sizes.sum() ** 2 - (sizes**2).sum()) // 2
    forged = sum(pairs.shape[1] for pairs in skilled_pairs)
    if not skilled:
        # In the mix, so that none is missing for the other.
        forged = int(between * SKILLED_SHARE / (SKILLED_SHARE + RANDOM_SHARE))
    available = (
        sum(pairs.shape[1] for pairs in genuine_pairs),
        forged,
        between if skilled else between - forged,
    )
    counts = _mix(available, limit)
    if min(counts) == 0:
        raise TooFewPairsError(
            f"{available[0]} genuine, {available[1]} forged and {available[2]} random pairs are "
            "too few for the paper's mix of 5 : 4 : 1",
            "give more signers, with forgeries",
        )
    parts = [_choose(np.concatenate(genuine_pairs, axis=1), counts[GENUINE], rng)]
    strangers = counts[RANDOM]
    if skilled:
        parts.append(_choose(np.concatenate(skilled_pairs, axis=1), counts[SKILLED], rng))
    else:
        strangers += counts[SKILLED]
    parts.append(_draw_random(list(genuine.values()), strangers, rng))
    first, second = np.concatenate(parts, axis=1)
    order = rng.permutation(len(first))
    return Pairs(first, second, np.repeat(np.arange(3), counts)).take(order)


def _order(recordings: "pd.DataFrame", pairs: Pairs, rng: np.random.Generator) -> Rows:
    """A random order in which pairs of the same few signers are neighbours.

    A large batch then holds many pairs of few recordings, and each is encoded once.
    """
    signers, signer = np.unique(recordings["signer"], return_inverse=True)
    group = rng.permutation(len(signers)) // NEIGHBOURS
    return np.lexsort([rng.random(len(pairs)), group[signer[pairs.first]]])


def _mix(available: tuple[int, int, int], limit: int) -> tuple[int, int, int]:
    """The largest counts in the paper's mix, with a sum of at most `limit`."""
    shares = (1 - SKILLED_SHARE - RANDOM_SHARE, SKILLED_SHARE, RANDOM_SHARE)
    total = min(limit, *(int(n / share) for n, share in zip(available, shares, strict=True)))
    skilled, random = int(total * SKILLED_SHARE), int(total * RANDOM_SHARE)
    return min(total - skilled - random, available[GENUINE]), skilled, random


def _rows_by_signer(recordings: "pd.DataFrame", kind: Kind) -> dict[str, Rows]:
    rows = np.flatnonzero(recordings["kind"] == kind)
    signers = recordings["signer"].to_numpy()[rows]
    return {str(signer): rows[signers == signer] for signer in np.unique(signers)}


def _pairs_within(rows: Rows) -> Rows:
    """All unordered pairs of different rows, (2, pairs)."""
    return rows[np.stack(np.triu_indices(len(rows), k=1))]


def _pairs_between(first: Rows, second: Rows) -> Rows:
    """All pairs of a row of `first` and one of `second`, (2, pairs)."""
    return np.stack([np.repeat(first, len(second)), np.tile(second, len(first))])


def _choose(pairs: Rows, count: int, rng: np.random.Generator) -> Rows:
    """`count` different columns of `pairs`."""
    return pairs[:, rng.choice(pairs.shape[1], count, replace=False)]


def _draw_random(genuine: list[Rows], count: int, rng: np.random.Generator) -> Rows:
    """`count` different pairs of genuines of two signers, (2, count).

    Drawn with rejection: listing all of them would grow with the square of the corpus.
    """
    rows = np.concatenate(genuine)
    signer = np.repeat(np.arange(len(genuine)), [len(own) for own in genuine])
    chosen: dict[tuple[int, int], None] = {}
    while len(chosen) < count:
        for i, j in rng.integers(len(rows), size=(2 * count, 2)):
            if signer[i] != signer[j] and len(chosen) < count:
                chosen[(min(i, j), max(i, j))] = None
    pairs: Rows = rows[np.array(list(chosen)).T]
    return pairs

"""Splits by signer, never by recording, and what else must stay out of training.

Signers with forgeries and signers without are dealt in turn, so that every part gets its share
of both. A split depends on the signers and the seed alone, not on the order of the rows.
"""

from collections.abc import Collection as Set
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sigtdnn.arrays import Bool
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import SplitError


def split_signers(
    recordings: pd.DataFrame, shares: Mapping[str, float], seed: int
) -> dict[str, frozenset[str]]:
    """Deals the signers into parts named and sized by `shares`, which sum to 1.

    Raises SplitError when shares are not positive or do not sum to 1, or a part would be
    empty.
    """
    if not shares or min(shares.values()) <= 0 or not np.isclose(sum(shares.values()), 1):
        raise SplitError(f"shares are {dict(shares)}", "give positive shares that sum to 1")
    parts: dict[str, list[str]] = {name: [] for name in shares}
    for dealt, signer in enumerate(_dealing_order(recordings, seed), 1):
        # The next signer goes to the part that is furthest behind its share.
        behind = max(shares, key=lambda name: shares[name] * dealt - len(parts[name]))
        parts[behind].append(signer)
    for name, signers in parts.items():
        if not signers:
            raise SplitError(
                f"no signer is left for '{name}'", "give more signers or a larger share"
            )
    return {name: frozenset(signers) for name, signers in parts.items()}


def fold_signers(
    recordings: pd.DataFrame, k: int, seed: int, groups: Sequence[Set[str]] = ()
) -> list[frozenset[str]]:
    """Deals the signers into k folds; the signers of a group share a fold.

    Groups are dealt in their order and the other signers by seed, each to the smallest fold
    so far: with k groups, fold i holds group i.

    Raises SplitError when k is below 2, a fold would be empty, or a group names a signer
    who is unknown or in another group.
    """
    order = _dealing_order(recordings, seed)
    grouped = [signer for group in groups for signer in group]
    for signer in grouped:
        if signer not in order:
            raise SplitError(
                f"group names signer '{signer}', who is not there", "correct the group"
            )
        if grouped.count(signer) > 1:
            raise SplitError(f"signer '{signer}' is in two groups", "join them")
    deals = [
        *map(list, filter(None, groups)),
        *([signer] for signer in order if signer not in grouped),
    ]
    if not 2 <= k <= len(deals):
        raise SplitError(
            f"{k} folds of {len(deals)} signers and groups", f"give 2 to {len(deals)} folds"
        )
    folds: list[list[str]] = [[] for _ in range(k)]
    for deal in deals:
        min(folds, key=len).extend(deal)
    return [frozenset(fold) for fold in folds]


def apart_from(recordings: pd.DataFrame, signers: Set[str]) -> Bool:
    """Which recordings share neither signer nor forger with tests on `signers`; shape (N,).

    Left out are recordings signed or written by one of them, and all forgeries by a person
    who forged one of them: a network that has seen a forger's hand is not tested on it.
    Unknown writers are taken to be different people.
    """
    signed = recordings["signer"].isin(signers)
    forged = recordings["kind"] == Kind.SKILLED
    forgers = set(recordings["writer"][signed & forged]) - {""}
    related = signed | recordings["writer"].isin(signers)
    related |= forged & recordings["writer"].isin(forgers)
    return ~related.to_numpy(dtype=np.bool_)


def _dealing_order(recordings: pd.DataFrame, seed: int) -> list[str]:
    """All signers: those with forgeries first, then the others, each shuffled by seed."""
    generator = np.random.default_rng(seed)
    names = set(recordings["signer"]) - {""}
    forged = names & set(recordings["signer"][recordings["kind"] == Kind.SKILLED])
    return [
        str(signer)
        for signers in (sorted(forged), sorted(names - forged))
        for signer in generator.permutation(np.array(signers, dtype=object))
    ]

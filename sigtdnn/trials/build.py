"""From a protocol and a corpus to trials: which recordings enrol, and which are questioned."""

import zlib
from collections.abc import Collection as Group
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sigtdnn.arrays import Rows
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus, signing_order
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import NobodyToTestError, ProtocolError
from sigtdnn.trials.format import REFERENCE
from sigtdnn.trials.protocols import Protocol
from sigtdnn.trials.table import Part, Trials, trials_from_parts


def make_trials(
    corpus: Corpus, protocol: Protocol, signers: Group[str] | None = None, seed: int = 0
) -> Trials:
    """The trials of a protocol on the given signers of a corpus, by default all of them.

    What is drawn for a signer depends on `seed`, the draw and their name only, so that
    testing fewer signers changes nobody's references.

    Raises ProtocolError when a collection lacks the sessions or numbers that the protocol
    needs, NobodyToTestError when no signer has enough signatures.
    """
    recordings = corpus.recordings
    if protocol.cleaned:
        recordings = recordings[clean(recordings).kept]
    recordings = recordings[recordings["signer"] != ""]
    if signers is not None:
        recordings = recordings[recordings["signer"].isin(list(signers))]
    _check(corpus, recordings, protocol)
    ordered = signing_order(recordings)
    genuine = _rows_by_signer(ordered, Kind.GENUINE)
    skilled = _rows_by_signer(ordered, Kind.SKILLED)
    sessions = recordings["session"]

    parts: list[Part] = []
    for draw in range(protocol.draws):
        chosen = {
            signer: _choose(rows, sessions, protocol, [seed, draw, zlib.crc32(signer.encode())])
            for signer, rows in genuine.items()
        }
        parts += _parts(draw, chosen, skilled, recordings["collection"])
    tested = {signer for _, signer, _, _ in parts}
    if not tested:
        raise NobodyToTestError(
            f"no signer has the {protocol.references} references and one more genuine signature "
            f"that protocol '{protocol.name}' needs",
            "choose another protocol or corpus",
        )
    left_out = sorted(set(recordings["signer"]) - tested)
    return trials_from_parts(
        corpus,
        protocol.name,
        " ".join([protocol.words, *_notes(corpus, recordings, protocol)]),
        parts,
        {"too few genuine signatures": tuple(left_out)} if left_out else {},
    )


def _parts(
    draw: int,
    chosen: Mapping[str, tuple[Rows, Rows]],
    skilled: Mapping[str, Rows],
    collections: pd.Series,
) -> list[Part]:
    """The roles of one draw; signers without a questioned genuine are not tested."""
    chosen = {signer: pair for signer, pair in chosen.items() if len(pair[1])}
    collection = {signer: collections[questioned[0]] for signer, (_, questioned) in chosen.items()}
    parts: list[Part] = []
    for signer, (references, questioned) in chosen.items():
        others = [
            first[0]
            for other, (_, first) in chosen.items()
            if other != signer and collection[other] == collection[signer]
        ]
        parts += [
            (draw, signer, REFERENCE, references),
            (draw, signer, Kind.GENUINE, questioned),
            (draw, signer, Kind.SKILLED, skilled.get(signer, np.empty(0, np.intp))),
            (draw, signer, Kind.RANDOM, np.array(others, np.intp)),
        ]
    return parts


def _rows_by_signer(recordings: pd.DataFrame, kind: Kind) -> dict[str, Rows]:
    """Corpus rows of each signer's recordings of a kind, order kept, signers sorted by name."""
    some = recordings[recordings["kind"] == kind]
    return {str(signer): group.index.to_numpy() for signer, group in some.groupby("signer")}


def _choose(
    rows: Rows, sessions: pd.Series, protocol: Protocol, seed: list[int]
) -> tuple[Rows, Rows]:
    """References and questioned genuines among one signer's genuines, which are in order.

    No questioned genuine is returned when the references are not complete.
    """
    candidates, others = rows, rows[protocol.skipped :]
    if protocol.across_sessions:
        first = (sessions[rows] == sessions[rows].iloc[0]).to_numpy(bool)
        candidates, others = rows[first], others[~first[protocol.skipped :]]
    count = protocol.references
    if len(candidates) < count:
        return candidates, np.empty(0, np.intp)
    if protocol.choice == "drawn":
        drawn = np.random.default_rng(seed).choice(len(candidates), count, replace=False)
        references = candidates[np.sort(drawn)]
    else:
        references = candidates[:count] if protocol.choice == "first" else candidates[-count:]
    return references, others[~np.isin(others, references)]


def _check(corpus: Corpus, recordings: pd.DataFrame, protocol: Protocol) -> None:
    """Raises ProtocolError when a collection lacks what the protocol needs."""
    for name in recordings["collection"].unique():
        if protocol.across_sessions and not corpus.collections[name].sessions:
            raise ProtocolError(
                f"protocol '{protocol.name}' needs two sessions, and {name} records none",
                "choose paper, first5, mixed or one",
            )
    unnumbered = recordings[(recordings["kind"] == Kind.GENUINE) & recordings["number"].isna()]
    if len(unnumbered) and protocol.ordered:
        raise ProtocolError(
            f"protocol '{protocol.name}' goes by the order of signing, and "
            f"{unnumbered['file'].iloc[0]} has no number",
            "choose mixed or one, which draw at random, or give numbers in recordings.csv",
        )


def _notes(corpus: Corpus, recordings: pd.DataFrame, protocol: Protocol) -> list[str]:
    """What a reader must know about the order of signing."""
    unordered = [
        name for name in recordings["collection"].unique() if not corpus.collections[name].ordered
    ]
    if not unordered or not protocol.ordered:
        return []
    return [
        f"Whether numbers follow the order of signing is not known for {', '.join(unordered)}; "
        "they are taken as the order."
    ]

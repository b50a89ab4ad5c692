"""Protocols: which signatures are references, and which are questioned, as data.

A protocol moves an error rate more than the method does, so each is a
named, frozen definition that can say itself in words. A signer's genuine signatures are
put in order by (session, number), as the collection gives them.

A signer is tested when the protocol finds all his references and at least one other
genuine signature to question. Beside the questioned genuines stand all skilled forgeries of
him and, as random forgeries, the first questioned genuine of every other tested signer of
the same collection: a signature from another tablet would be too easy to tell.
"""

import zlib
from collections.abc import Collection as Group
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sigtdnn.arrays import Rows
from sigtdnn.corpus.cleaning import clean
from sigtdnn.corpus.corpus import Corpus, signing_order
from sigtdnn.errors import ProtocolError
from sigtdnn.trials.trials import Trials, trials_from_parts


@dataclass(frozen=True)
class Protocol:
    """A test; `words` says it in full."""

    name: str
    references: int
    choice: Literal["first", "last", "drawn"]
    # References from each signer's first session, questioned genuines from his later ones.
    across_sessions: bool = False
    draws: int = 1
    # So many of each signer's first genuines are never questioned (PAPER section 6).
    skipped: int = 0
    # The paper's cleaning rules are applied before anything else (PAPER section 1).
    cleaned: bool = False

    @property
    def words(self) -> str:
        """The protocol in English sentences."""
        count = "one genuine signature" if self.references == 1 else f"{self.references} genuines"
        chosen = {
            "first": f"the first {self.references} genuines of each signer, by session and number",
            "last": f"the last {self.references} genuines of each signer, by session and number",
            "drawn": f"{count} of each signer, drawn at random"
            + (" from his first session" if self.across_sessions else ""),
        }[self.choice]
        others = "genuines of his later sessions" if self.across_sessions else "his other genuines"
        skipped = f", except his first {self.skipped}" if self.skipped else ""
        sentences = [
            "The recordings are cleaned by the paper's three rules first." if self.cleaned else "",
            f"References: {chosen}.",
            f"Questioned: all {others}{skipped}; all skilled forgeries of him; and, as random "
            "forgeries, the first questioned genuine of every other tested signer of the same "
            "collection.",
            "One draw." if self.draws == 1 else f"{self.draws} seeded draws; figures are means.",
        ]
        return " ".join(sentence for sentence in sentences if sentence)


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol("paper", references=6, choice="last"),
        Protocol("paper-without-first-two", references=6, choice="last", skipped=2),
        Protocol("paper-cleaned", references=6, choice="last", cleaned=True),
        Protocol("svc2004", references=5, choice="drawn", across_sessions=True, draws=10),
        Protocol("mixed", references=5, choice="drawn", draws=10),
        Protocol("first5", references=5, choice="first"),
        Protocol("one", references=1, choice="drawn", draws=10),
    )
}


def protocol_named(name: str) -> Protocol:
    """The protocol of that name; raises ProtocolError when there is none."""
    if name not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise ProtocolError(f"'{name}' is no protocol; name one of {known}, or a trials CSV file")
    return PROTOCOLS[name]


def make_trials(
    corpus: Corpus, protocol: Protocol, signers: Group[str] | None = None, seed: int = 0
) -> Trials:
    """The trials of a protocol on the given signers of a corpus, by default all of them.

    What is drawn for a signer depends on `seed`, the draw and his name only, so that
    testing fewer signers changes nobody's references.

    Raises ProtocolError when a collection lacks the sessions or numbers that the protocol
    needs, and when no signer has signatures enough.
    """
    recordings = corpus.recordings
    if protocol.cleaned:
        recordings = recordings[clean(recordings).kept]
    recordings = recordings[recordings["signer"] != ""]
    if signers is not None:
        recordings = recordings[recordings["signer"].isin(list(signers))]
    _check(corpus, recordings, protocol)
    ordered = signing_order(recordings)
    genuine = _rows_by_signer(ordered, "genuine")
    skilled = _rows_by_signer(ordered, "skilled")
    sessions = recordings["session"]

    parts: list[tuple[int, str, str, Rows]] = []
    tested: list[str] = []
    for draw in range(protocol.draws):
        chosen = {
            signer: _choose(rows, sessions, protocol, [seed, draw, zlib.crc32(signer.encode())])
            for signer, rows in genuine.items()
        }
        chosen = {signer: pair for signer, pair in chosen.items() if len(pair[1])}
        tested = list(chosen)
        collection = {
            signer: recordings["collection"][pair[0][0]] for signer, pair in chosen.items()
        }
        for signer, (references, questioned) in chosen.items():
            others = [
                pair[1][0]
                for other, pair in chosen.items()
                if other != signer and collection[other] == collection[signer]
            ]
            parts += [
                (draw, signer, "reference", references),
                (draw, signer, "genuine", questioned),
                (draw, signer, "skilled", skilled.get(signer, np.empty(0, np.intp))),
                (draw, signer, "random", np.array(others, np.intp)),
            ]
    if not tested:
        raise ProtocolError(
            f"no signer has the {protocol.references} references and one more genuine signature "
            f"that protocol '{protocol.name}' needs; choose another protocol or corpus"
        )
    left_out = sorted(set(recordings["signer"]) - set(tested))
    return trials_from_parts(
        corpus,
        protocol.name,
        " ".join([protocol.words, *_notes(corpus, recordings, protocol)]),
        parts,
        {"too few genuine signatures": tuple(left_out)} if left_out else {},
    )


def _rows_by_signer(recordings: pd.DataFrame, kind: str) -> dict[str, Rows]:
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
                f"protocol '{protocol.name}' needs two sessions, and {name} tells none; choose "
                "paper, first5, mixed or one"
            )
    unnumbered = recordings[(recordings["kind"] == "genuine") & recordings["number"].isna()]
    if len(unnumbered):
        raise ProtocolError(
            f"{unnumbered['file'].iloc[0]} has no number, so that its place among its signer's "
            "signatures is unknown; give numbers in recordings.csv"
        )


def _notes(corpus: Corpus, recordings: pd.DataFrame, protocol: Protocol) -> list[str]:
    """What has to be said about the order of signing."""
    unordered = [
        name for name in recordings["collection"].unique() if not corpus.collections[name].ordered
    ]
    if not unordered or (protocol.choice == "drawn" and not protocol.skipped):
        return []
    return [
        f"Whether numbers follow the order of signing is not known for {', '.join(unordered)}; "
        "they are taken as the order."
    ]

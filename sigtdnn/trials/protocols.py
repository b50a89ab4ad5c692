"""Protocols: which signatures are references, and which are questioned, as data.

A protocol can change an error rate more than the method does, so each is a named, frozen
definition that can state itself in words. A signer's genuine signatures are put in order by
(session, number), as the collection gives them.

A signer is tested when the protocol finds all their references and at least one other
genuine signature to question. Beside the questioned genuines stand all skilled forgeries of
their signatures and, as random forgeries, the first questioned genuine of every other tested
signer of the same collection: a signature from another tablet would be too easy to tell.
"""

from dataclasses import dataclass
from typing import Literal

from sigtdnn.errors import UnknownProtocolError


@dataclass(frozen=True)
class Protocol:
    """A test; `words` states it in full."""

    name: str
    references: int
    choice: Literal["first", "last", "drawn"]
    # References from each signer's first session, questioned genuines from their later ones.
    across_sessions: bool = False
    draws: int = 1
    # How many of each signer's first genuines are never questioned (PAPER section 6).
    skipped: int = 0
    # Whether the paper's cleaning rules are applied first (PAPER section 1).
    cleaned: bool = False

    @property
    def ordered(self) -> bool:
        """Whether it goes by the order of signing, and needs numbers."""
        return self.choice != "drawn" or self.skipped > 0 or self.cleaned

    @property
    def words(self) -> str:
        """The protocol in English sentences."""
        cleaning = "The recordings are first cleaned by the paper's three rules. "
        count = "one genuine signature"
        if self.references > 1:
            count = f"{self.references} genuine signatures"
        session = " from their first session" if self.across_sessions else ""
        chosen = {
            "first": f"the first {count} of each signer, by session and number",
            "last": f"the last {count} of each signer, by session and number",
            "drawn": f"{count} of each signer, drawn at random{session}",
        }[self.choice]
        others = (
            "all genuine signatures of their later sessions"
            if self.across_sessions
            else "all their other genuine signatures"
        )
        skipped = f" except their first {self.skipped}" if self.skipped else ""
        draws = "One draw." if self.draws == 1 else f"{self.draws} seeded draws; figures are means."
        return (
            f"{cleaning if self.cleaned else ''}References: {chosen}. Questioned: "
            f"{others}{skipped}; all skilled forgeries of their signatures; and, as random "
            "forgeries (signatures of other people, who imitate nobody), the first questioned "
            "genuine signature of every other tested signer of the same collection. "
            f"{draws}"
        )


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
    """The protocol of that name; raises UnknownProtocolError when there is none."""
    if name not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise UnknownProtocolError(
            f"there is no protocol '{name}'", f"name {known}, or a CSV file of trials"
        )
    return PROTOCOLS[name]

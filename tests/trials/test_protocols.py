import pytest

from sigtdnn.errors import ProtocolError
from sigtdnn.trials.protocols import PROTOCOLS, Protocol, protocol_named


def test_words_say_what_the_protocol_does() -> None:
    assert PROTOCOLS["paper"].words == (
        "References: the last 6 genuine signatures of each signer, by session and number. "
        "Questioned: all their other genuine signatures; all skilled forgeries of their "
        "signatures; and, as random forgeries (signatures of other people, who imitate nobody), "
        "the first questioned genuine signature of every other tested signer of the same "
        "collection. One draw."
    )
    official = PROTOCOLS["svc2004"].words
    assert (
        "5 genuine signatures of each signer, drawn at random from their first session." in official
    )
    assert "Questioned: all genuine signatures of their later sessions;" in official
    assert official.endswith("10 seeded draws; figures are means.")
    assert "one genuine signature of each signer" in PROTOCOLS["one"].words
    assert "except their first 2;" in PROTOCOLS["paper-without-first-two"].words
    assert PROTOCOLS["paper-cleaned"].words.startswith("The recordings are first cleaned")
    assert len({protocol.words for protocol in PROTOCOLS.values()}) == len(PROTOCOLS)


def test_protocols_are_found_by_name() -> None:
    assert protocol_named("paper") == Protocol("paper", references=6, choice="last")
    with pytest.raises(ProtocolError, match="no protocol 'papr'; name paper,"):
        protocol_named("papr")

"""The tables of the cards of the models that ship."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from paper_repro.pages.tables import ABSENT, Table, difference, interval, markdown
from sigtdnn.models.pretrained import NAMES

BASELINE = "dtw"
# Against skilled forgeries with one threshold, with one for each signer; and against random ones.
RATES = ("eer_skilled", "eer_skilled_per_signer", "eer_random")
HEADING = ("EER skilled", "per signer", "EER random")
# By how many references; where there are two, the first that serves the set.
PROTOCOLS: Mapping[int, Sequence[str]] = {5: ("svc2004", "first5"), 1: ("one",)}


def figures(facts: Table, model: str) -> list[str]:
    """A row a set, number of references and system, with the difference to DTW of the model's."""
    heading = ["set", "protocol", "system", *HEADING, "less DTW: skilled"]
    return markdown(heading, _rows(facts["cards"]["sets"], model))


def promises(facts: Table, model: str) -> list[str]:
    """A row a set with five references: of every rate asked for, that met."""
    kept = {
        name: {
            f"{one['forgeries']} {100 * one['asked']:g}": one["far"]
            for one in by_protocol[_protocol(by_protocol, 5)]["promises"][model]
        }
        for name, by_protocol in facts["cards"]["sets"].items()
    }
    asked = list(dict.fromkeys(rate for of in kept.values() for rate in of))
    rows = (
        [name, *(interval(of[rate]) if rate in of else ABSENT for rate in asked)]
        for name, of in kept.items()
    )
    return markdown(["forgeries accepted where asked for", *asked], rows)


TABLES: Mapping[str, Mapping[str, Callable[[Table], list[str]]]] = {
    name: {"figures": partial(figures, model=name), "promises": partial(promises, model=name)}
    for name in NAMES
}


def _rows(sets: Table, model: str) -> Iterator[list[str]]:
    for name, by_protocol in sets.items():
        for references in PROTOCOLS:
            protocol = _protocol(by_protocol, references)
            found = by_protocol.get(protocol, {"systems": {}})
            if model not in found["systems"]:
                continue
            for system in (model, BASELINE):
                own = found["systems"][system]
                apart = found["less dtw"].get(system)
                yield [
                    name, f"`{protocol}`", system, *(interval(own[key]) for key in RATES),
                    "" if apart is None else difference(apart["eer_skilled"]),
                ]  # fmt: skip


def _protocol(by_protocol: Table, references: int) -> str:
    return next((name for name in PROTOCOLS[references] if name in by_protocol), "")

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
    return markdown(heading, _rows(_sets(facts), model))


def promises(facts: Table, model: str) -> list[str]:
    """A row a set with five references: of every rate asked for, that met."""
    five = {
        name: {protocol: by_protocol[protocol]}
        for name, by_protocol in _sets(facts).items()
        for protocol in [_protocol(by_protocol, 5)]
    }
    return promised(five, model)


def promised(sets: Table, model: str) -> list[str]:
    """A row a set and protocol that a calibrated model was tested on: rates met."""
    met = {
        (name, protocol): {
            f"{one['forgeries']} {100 * one['asked']:g}": one["far"]
            for one in found["promises"][model]
        }
        for name, by_protocol in sets.items()
        for protocol, found in by_protocol.items()
        if model in found["promises"]
    }
    asked = list(dict.fromkeys(rate for of in met.values() for rate in of))
    rows = (
        [name, f"`{protocol}`", *(interval(of[rate]) if rate in of else ABSENT for rate in asked)]
        for (name, protocol), of in met.items()
    )
    return markdown(["forgeries accepted where asked for", "protocol", *asked], rows)


TABLES: Mapping[str, Mapping[str, Callable[[Table], list[str]]]] = {
    name: {"figures": partial(figures, model=name), "promises": partial(promises, model=name)}
    for name in NAMES
}


def _sets(facts: Table) -> Table:
    """All sets that the models were tested on, by protocol."""
    return {**facts["elastic"]["sets"], **facts["cards"]["sets"]}


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

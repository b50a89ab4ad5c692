"""The tables of COMPARISON.md: networks 4 and 5 beside untrained DTW."""

from collections.abc import Iterator

from paper_repro.pages.tables import HEADING, KEYS, Table, difference, markdown, rate


def sets(facts: Table) -> list[str]:
    """A section a data set: a row a protocol and system, with its difference to DTW."""
    heading = ["protocol", "system", *HEADING, "less DTW: skilled", "per signer", "random"]
    lines: list[str] = []
    for dataset, by_protocol in facts["comparison"].items():
        lines += ["", f"## {dataset}", "", *markdown(heading, _rows(by_protocol))]
    return lines[1:]


TABLES = {"sets": sets}


def _rows(by_protocol: Table) -> Iterator[list[str]]:
    for protocol, figures in by_protocol.items():
        for system, own in figures["systems"].items():
            apart = figures["less dtw"].get(system)
            differences = [
                "" if apart is None else difference(apart[key])
                for key in KEYS
                if key != "ga_at_fr80"
            ]
            yield [protocol, system, *(rate(own[key]) for key in KEYS), *differences]

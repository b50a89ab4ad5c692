"""The tables of the cards of the models that ship."""

from collections.abc import Iterator

from paper_repro.pages.tables import HEADING, KEYS, Table, interval, markdown
from sigtdnn.models.pretrained import DEFAULT

BASELINE = "dtw"
ARTIFICIAL = "artificial"  # what a network of results/transfer.json was trained on
PROTOCOLS = ("svc2004", "first5")  # five references; of two sessions where a set knows them


def on_artificial_signers(facts: Table) -> list[str]:
    """A row a system, on artificial signers whom no model has seen."""
    systems = facts["pretrained"]["systems"]
    return markdown(["system", *HEADING], ([name, *_cells(own)] for name, own in systems.items()))


def default_on_real_signers(facts: Table) -> list[str]:
    """A row a real set and system: the default model, and untrained DTW."""
    return markdown(["set", "protocol", "system", *HEADING], _default_rows(facts["comparison"]))


def network_5_on_real_signers(facts: Table) -> list[str]:
    """A row a real set: network 5 as trained on artificial signers."""
    rows = (
        [name, own["protocol"], *_cells(own["network-5"][ARTIFICIAL])]
        for name, own in facts["transfer"].items()
    )
    return markdown(["set", "protocol", *HEADING], rows)


DEFAULT_TABLES = {"artificial": on_artificial_signers, "real": default_on_real_signers}
NETWORK_5_TABLES = {"artificial": on_artificial_signers, "real": network_5_on_real_signers}


def _default_rows(comparison: Table) -> Iterator[list[str]]:
    for dataset, by_protocol in comparison.items():
        protocol = next(name for name in PROTOCOLS if name in by_protocol)
        systems = by_protocol[protocol]["systems"]
        for name in (DEFAULT, BASELINE):
            if name in systems:
                yield [dataset, protocol, name, *_cells(systems[name])]


def _cells(figures: Table) -> list[str]:
    return [interval(figures[key]) for key in KEYS]

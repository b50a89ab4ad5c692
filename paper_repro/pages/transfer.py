"""The tables of TRANSFER.md: what training on artificial signers alone is worth."""

from collections.abc import Iterator

from paper_repro.pages.tables import HEADING, KEYS, Table, difference, markdown, rate

KINDS = ("genuine", "skilled", "random")


def sets(facts: Table) -> list[str]:
    """A section a data set: a row a network and what it was trained on.

    The networks that were trained on the set itself are those of the comparison.
    """
    heading = ["system", "trained on", *HEADING, "artificial less this"]
    lines: list[str] = []
    for dataset, figures in facts["transfer"].items():
        counts = ", ".join(f"{figures['trials'][kind]} {kind}" for kind in KINDS)
        draws = f"{figures['draws']} draw{'s' if figures['draws'] > 1 else ''}"
        same = facts["comparison"][dataset][figures["protocol"]]["systems"]
        lines += [
            "",
            f"## {dataset}",
            "",
            f"Protocol `{figures['protocol']}`; {figures['signers']} signers; in {draws} {counts} "
            "trials.",
            "",
            *markdown(heading, _rows(figures, same)),
        ]
    return lines[1:]


TABLES = {"sets": sets}


def _rows(figures: Table, same: Table) -> Iterator[list[str]]:
    for network in (name for name in figures if name.startswith("network")):
        own = figures[network]
        for source in (name for name in own if "less" not in name):
            apart = own.get(f"artificial less {source}")
            yield [
                network,
                "nothing" if source == "untrained" else source,
                *(rate(own[source][key]) for key in KEYS),
                "" if apart is None else difference(apart["eer_skilled"]),
            ]
        # Random trials of the folds are fewer, and not the same.
        cells = [rate(same[network][key]) if key != "eer_random" else "" for key in KEYS]
        yield [network, "the same set, other signers", *cells, ""]
        yield [
            "dtw", "", *(rate(figures["dtw"][key]) for key in KEYS),
            difference(own["artificial less dtw"]["eer_skilled"]),
        ]  # fmt: skip

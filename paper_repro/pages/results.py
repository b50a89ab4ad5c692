"""The tables of RESULTS.md: the paper's figures beside ours."""

from collections.abc import Iterator, Sequence

from paper_repro.pages.tables import (
    DISJOINT,
    MAIN,
    OVERLAPPING,
    VARIANTS,
    Table,
    markdown,
    percent,
    points,
    rate,
)

ARTIFICIAL = "artificial hands"  # the section of template.json that is of no real set
AS_PRINTED = "as printed"  # the variants that keep to the paper wherever it speaks


def section_6(facts: Table) -> list[str]:
    """A row a network, then the same networks as printed."""
    heading = ["network", "paper", "ours", "mean of folds", "EER skilled", "EER random", "GA", "FR"]
    printed = facts["paper"]["ga_at_fr80"]
    rows = (
        [
            name,
            percent(printed.get(name)),
            rate(figures["ga_at_fr80"]),
            percent(figures["ga_at_fr80_mean_of_folds"]),
            rate(figures["eer_skilled"]),
            rate(figures["eer_random"]),
            percent(figures["ga_at_validation_threshold"]["mean"]),
            percent(figures["fr_at_validation_threshold"]["mean"]),
        ]
        for name, figures in _named_and_printed(facts["summary"][MAIN])
    )
    return markdown(heading, rows)


def table_1(facts: Table) -> list[str]:
    """A row a network, then the same networks as printed."""
    heading = [
        "network", "training, paper", "training, ours", "validation, paper", "validation, ours",
    ]  # fmt: skip
    printed = facts["paper"]["table_1"]
    rows = (
        [
            name,
            _reading(printed[name.split(",")[0]]["training"]),
            _pair(figures, "train"),
            _reading(printed[name.split(",")[0]]["validation"]),
            _pair(figures, "val"),
        ]
        for name, figures in _named_and_printed(facts["summary"][MAIN])
    )
    return markdown(heading, rows)


def beside(facts: Table) -> list[str]:
    """A row a variant that is no network of its own."""
    table = facts["summary"][MAIN]
    without = facts["paper"]["without_first_two"]
    printed = {f"{name}, first two left out": value for name, value in without.items()}
    rows = []
    for name, figures in table[VARIANTS].items():
        network, change = name.split(", ", 1)
        if change != AS_PRINTED:
            same = rate(table[DISJOINT][network]["ga_at_fr80"])
            rows.append([name, percent(printed.get(name)), rate(figures["ga_at_fr80"]), same])
    return markdown(["", "paper", "GA@FR80, ours", "of the same network"], rows)


def overlapping(facts: Table) -> list[str]:
    """A row a network of which a share of the tested signers was trained on."""
    table = facts["summary"][MAIN]
    rows = (
        [name, rate(figures["ga_at_fr80"]), rate(table[DISJOINT][name]["ga_at_fr80"])]
        for name, figures in table[OVERLAPPING].items()
    )
    return markdown(["network", "GA@FR80, overlapping", "signer-disjoint"], rows)


def other_sets(facts: Table) -> list[str]:
    """A row a network of every other data set."""
    heading = ["set", "network", "genuines / forgeries", "GA@FR80", "EER skilled", "EER random"]
    rows = (
        [
            dataset,
            name,
            f"{figures['trials']['genuine']} / {figures['trials']['skilled']}",
            rate(figures["ga_at_fr80"]),
            rate(figures["eer_skilled"]),
            rate(figures["eer_random"]),
        ]
        for dataset, table in facts["summary"].items()
        if dataset != MAIN
        for name, figures in table[DISJOINT].items()
    )
    return markdown(heading, rows)


def loss(facts: Table) -> list[str]:
    """GA@FR80 and EER of whole vectors, and what is lost in bytes."""
    heading = [
        "set", "network", "GA@FR80, whole", "GA@FR80, card", "card less whole",
        "38 at 14 bits", "38 in the paper's bytes", "EER, whole", "card less whole",
        "38 at 14 bits",
    ]  # fmt: skip
    rows = ([*names, *_loss(of["loss"])] for names, of in _measured(facts))
    return markdown(heading, rows)


def variance(facts: Table) -> list[str]:
    """How many updates, and what each layout reads as the variance before and after them."""
    heading = [
        "signers", "", "updates", "paper's bytes, enrolled", "updated", "ours, enrolled", "updated",
    ]  # fmt: skip
    hands = [((ARTIFICIAL, hand), of) for hand, of in facts["template"][ARTIFICIAL].items()]
    rows = [*hands, *((names, of["variance"]) for names, of in _measured(facts))]
    return markdown(heading, ([*names, *_variance(layouts)] for names, layouts in rows))


def updates(facts: Table) -> list[str]:
    """Error rates without updates, and what updates change."""
    heading = [
        "set", "network", "learnt from", "FRR without", "with less without", "FAR without",
        "with less without", "EER without", "with less without", "GA@FR80: with less without",
    ]  # fmt: skip
    rows = ([*names, *_updated(of["updates"])] for names, of in _measured(facts))
    return markdown(heading, rows)


def attack(facts: Table) -> list[str]:
    """Templates under attack, and error rates before and after it."""
    heading = [
        "set", "network", "templates", "learnt a forgery", "taken over", "FAR before", "after",
        "FRR before", "after",
    ]  # fmt: skip
    rows = ([*names, *_attacked(of["updates"])] for names, of in _measured(facts))
    return markdown(heading, rows)


TABLES = {
    "section 6": section_6,
    "table 1": table_1,
    "beside": beside,
    "overlapping": overlapping,
    "other sets": other_sets,
    "loss": loss,
    "variance": variance,
    "updates": updates,
    "attack": attack,
}


def _named_and_printed(table: Table) -> Iterator[tuple[str, Table]]:
    """The five networks with our recipes, then as printed."""
    yield from table[DISJOINT].items()
    for name, figures in table[VARIANTS].items():
        if name.endswith(f", {AS_PRINTED}"):
            yield name, figures


def _measured(facts: Table) -> Iterator[tuple[tuple[str, str], Table]]:
    """What was measured with templates, by real set and network."""
    for dataset, networks in facts["template"].items():
        if dataset != ARTIFICIAL:
            for network, of in networks.items():
                yield (dataset, network), of


def _reading(printed: Table) -> str:
    """GA / FR and the pass, as the paper prints them."""
    return f"{percent(printed['ga'])} / {percent(printed['fr'])} @{printed['at_pass']}"


def _pair(figures: Table, of: str) -> str:
    """GA / FR and the mean pass, over all trainings."""
    ga, fr, at_pass = (figures[f"{name}_{of}"]["mean"] for name in ("ga", "fr", "pass"))
    return f"{percent(ga)} / {percent(fr)} @{at_pass:.0f}"


def _loss(table: Table) -> list[str]:
    less = (table[f"{name} - full"] for name in ("card", "half", "paper"))
    return [
        rate(table["full"]["ga_at_fr80"]),
        rate(table["card"]["ga_at_fr80"]),
        *(points(figures["ga_at_fr80"]) for figures in less),
        rate(table["full"]["eer_global"]),
        *(points(table[f"{name} - full"]["eer_global"]) for name in ("card", "half")),
    ]


def _variance(layouts: Table) -> list[str]:
    read = (
        layouts[layout][when] for layout in ("paper", "ours") for when in ("enrolled", "updated")
    )
    return [
        _around(layouts["paper"]["updates"], ".0f"),
        *(_around(quantiles, ".2f") for quantiles in read),
    ]


def _around(quantiles: Sequence[float], form: str) -> str:
    """The middle one of three numbers, and the others."""
    low, middle, high = (format(number, form) for number in quantiles)
    return f"{middle} ({low} to {high})"


def _updated(table: Table) -> list[str]:
    still, less = table["figures"]["still"], table["figures"]["learning - still"]
    both = ([rate(still[name]), points(less[name])] for name in ("frr", "far", "eer"))
    share = percent(table["learnt"] / table["arrived"])
    return [share, *(cell for cells in both for cell in cells), points(less["ga_at_fr80"])]


def _attacked(table: Table) -> list[str]:
    counts, of = table["attack"], table["figures"]
    rates = [
        rate(of[history][name]) for name in ("far", "frr") for history in ("still", "attacked")
    ]
    return [*(str(counts[name]) for name in ("templates", "let_in", "taken_over")), *rates]

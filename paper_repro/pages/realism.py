"""The tables of REALISM.md: artificial signers beside real ones."""

from collections.abc import Mapping

from paper_repro.pages.tables import Table, markdown


def distances(facts: Table) -> list[str]:
    """A row a figure: the real sets, the range they allow, the seeds, and whether all lie in it."""
    rows = facts["realism"]["distances"]
    first = next(iter(rows.values()))
    seeds = (f"seed {seed}" for seed in range(len(first["artificial"])))
    return markdown(
        ["distances", *first["real"], "allowed", *seeds, "passes"],
        (
            [
                name,
                *(f"{value:.3f}" for value in row["real"].values()),
                f"{row['low']:.3f} to {row['high']:.3f}",
                *(f"{value:.3f}" for value in row["artificial"]),
                "yes" if row["passes"] else "**no**",
            ]
            for name, row in rows.items()
        ),
    )


def statistics(facts: Table) -> list[str]:
    """A table a summary: a row a statistic and a column a set."""
    lines: list[str] = []
    for title, sets in facts["realism"]["statistics"].items():
        lines += ["", *side_by_side(title, sets)]
    return lines[1:]


def side_by_side(title: str, sets: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A table with a row a statistic and a column a set, of cells."""
    rows = next(iter(sets.values()))
    return markdown(
        [title, *sets], ([row, *(cells[row] for cells in sets.values())] for row in rows)
    )


TABLES = {"distances": distances, "statistics": statistics}

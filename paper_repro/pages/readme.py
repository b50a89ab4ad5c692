"""The tables of README.md: the ladder from the paper's network to ours, and to DTW."""

from paper_repro.pages.tables import DISJOINT, MAIN, VARIANTS, Table, markdown, percent, rate

FIGURES = ("ga_at_fr80", "eer_skilled", "eer_random")


def ladder(facts: Table) -> list[str]:
    """A row a step, with the points of GA@FR80 that it brings; then whom to compare with."""
    ours = facts["summary"][MAIN]
    steps = {
        "network 4, untrained": ours[VARIANTS]["network-4, untrained"],
        "trained **as printed**": ours[VARIANTS]["network-4, as printed"],
        "all our changes but one: speed still by frames": (
            ours[VARIANTS]["network-4, speed by frames"]
        ),
        "speed by true time: **our recipe**": ours[DISJOINT]["network-4"],
    }
    rows = []
    before = None
    for name, figures in steps.items():
        now = figures["ga_at_fr80"]["mean"]
        gain = "" if before is None else f"{100 * (now - before):+.1f}"
        rows.append([name, *(rate(figures[key]) for key in FIGURES), gain])
        before = now
    printed = percent(facts["paper"]["ga_at_fr80"]["network-4"])
    dtw = facts["comparison"][MAIN]["paper"]["systems"]["dtw"]
    rows += [
        ["the **paper**, its own signers", printed, "-", "-", ""],
        ["**untrained DTW**, the trials of our recipe", *(rate(dtw[key]) for key in FIGURES), ""],
    ]
    return markdown(["", "GA@FR80", "EER skilled", "EER random", "step, points"], rows)


TABLES = {"ladder": ladder}

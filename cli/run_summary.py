"""A run of training in words and numbers: what was kept, and its test beside the paper's."""

from sigtdnn.evaluation.figures import Estimate
from sigtdnn.evaluation.paper import GA_AT_FR80, TABLE_1, Reading
from sigtdnn.evaluation.report.text import aligned, cell, signers_in_words, tested
from sigtdnn.run_folder import UNTRAINED, Result
from sigtdnn.synthesis.study import COLLECTION
from sigtdnn.training.settings import OptimiserSettings

ABSENT = "-"
IN_BRACKETS = "Per cent; in brackets 95 % intervals over signers."
OF_MATCHER = (
    IN_BRACKETS,
    "Untrained: the same matcher with nothing learnt, calibrated in the same way.",
)
OF_NETWORK = (
    IN_BRACKETS,
    "Untrained: the same network with the weights that it began with, calibrated in the same way.",
    "Pairs: while training, of two signatures; GA is the share of genuine pairs found alike, FR "
    "that of pairs with a forgery told apart.",
)
OTHER_PEOPLE = "Paper: its signers are other people; compare the order of size only."


def summary(result: Result, settings: OptimiserSettings) -> str:
    """What was trained and kept, who was tested, and the figures as a table."""
    rows = _rows(result)
    # Beside people who were invented, the paper's figures would say nothing.
    artificial = COLLECTION in result.model.provenance.corpus
    beside_paper = result.model.name in TABLE_1 and not artificial
    if not beside_paper:
        rows = [(row[0], *row[2:]) for row in rows]
    return "\n".join(
        [
            _trained(result, settings),
            "Tested, as 'sigtdnn verify' runs it, on signers that it never saw: "
            + " ".join(tested(result.evaluation)),
            "",
            *aligned(rows),
            "",
            *(OF_NETWORK if result.history else OF_MATCHER),
            *([OTHER_PEOPLE] if beside_paper else []),
        ]
    )


def _trained(result: Result, settings: OptimiserSettings) -> str:
    """The sentence on what the model was made from."""
    source = result.model.provenance
    trained, others = len(source.training_signers), len(source.validation_signers)
    on_others = f"{others} other signer" + ("" if others == 1 else "s")
    if not result.history:
        kept = f"Calibrated on {on_others}."
    elif settings.keep == "last":
        kept = f"Kept: the last of {source.passes} passes. Calibrated on {on_others}."
    else:
        kept = (
            f"Kept: pass {source.passes} of {len(result.history)}, of the lowest error on "
            f"{on_others}. Calibrated on these, too."
        )
    return f"{result.model.name}: trained on {signers_in_words(trained)} of {source.corpus}. {kept}"


def _rows(result: Result) -> list[tuple[str, ...]]:
    """The table: what, in the paper, here, untrained."""
    name, figures = result.model.name, result.evaluation.figures
    here, untrained = figures[name], figures[f"{name}-{UNTRAINED}"]
    paper = GA_AT_FR80.get(name)
    return [
        ("", "paper", "here", "untrained"),
        (
            "genuine signatures accepted where 80 % of forgeries are detected",
            ABSENT if paper is None else f"{100 * paper:.1f}",
            _rate(here["skilled"]["ga_at_fr80"]),
            _rate(untrained["skilled"]["ga_at_fr80"]),
        ),
        *(
            (
                f"equal error rate, {kind} forgeries",
                ABSENT,
                _rate(here[kind]["eer_global"]),
                _rate(untrained[kind]["eer_global"]),
            )
            for kind in here
        ),
        *(_pairs(result) if result.history else ()),
    ]


def _pairs(result: Result) -> list[tuple[str, ...]]:
    """The rows on pairs of signatures of the pass that was kept."""
    row = TABLE_1.get(result.model.name)
    kept = next(r for r in result.history if r.number == result.model.provenance.passes)
    return [
        (
            "training pairs, GA / FR",
            _reading(row.training if row else None),
            _shares(kept.train_ga, kept.train_fr),
            "",
        ),
        (
            "validation pairs, GA / FR",
            _reading(row.validation if row else None),
            _shares(kept.val_ga, kept.val_fr),
            "",
        ),
    ]


def _rate(estimate: Estimate) -> str:
    return cell(estimate, rate=True, overlap=False)


def _reading(reading: Reading | None) -> str:
    return ABSENT if reading is None else _shares(reading.ga, reading.fr)


def _shares(ga: float, fr: float) -> str:
    return f"{100 * ga:.1f} / {100 * fr:.1f}"

"""An evaluation in words and numbers, for the terminal and the report.

Rates are printed in per cent. An interval is the central 95 % of a bootstrap over signers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sigtdnn.evaluation.evaluation import Evaluation
from sigtdnn.evaluation.figures import Estimate

OVERLAP = "overlap"  # the mark of a figure whose signers were trained on
NOT_COMPUTABLE = "-"
SINGLE = (
    "A single reference does not show how its signer varies: a network takes the least variance "
    "of its templates instead, and distances are not normalised."
)


@dataclass(frozen=True)
class Heading:
    """How a figure is shown."""

    title: str
    rate: bool  # a fraction, printed in per cent; else bits or cost
    explained: str


HEADINGS = {
    "eer_global": Heading(
        "EER", True,
        "equal error rate, where the share of forgeries accepted is that of genuine signatures "
        "rejected; one threshold for all signers",
    ),
    "eer_per_signer": Heading(
        "EER per signer", True,
        "mean over signers of the equal error rate at each signer's own threshold, chosen on the "
        "tested signatures: optimistic",
    ),
    "ga_at_fr80": Heading(
        "GA@FR80", True,
        "genuine signatures accepted (GA) where 80 % of the tested forgeries are detected (FR), "
        "the threshold chosen on those forgeries as in the paper",
    ),
    "ga_at_fr95": Heading("GA@FR95", True, "the same where 95 % are detected"),
    "ga_at_fr99": Heading("GA@FR99", True, "the same where 99 % are detected"),
    "ga_at_validation_threshold": Heading(
        "GA", True,
        "genuine signatures accepted at the model's own threshold, which detects 80 % of the "
        "forgeries of its validation signers",
    ),
    "fr_at_validation_threshold": Heading("FR", True, "forgeries detected at that threshold"),
    "min_dcf": Heading(
        "minDCF", False,
        "least detection cost over all thresholds, at prior 1/2 and equal costs; 1 is worthless",
    ),
    "cllr": Heading(
        "Cllr", False,
        "cost in bits of the calibrated log-likelihood ratio; 1 is worthless",
    ),
    "min_cllr": Heading(
        "minCllr", False,
        "what is left of Cllr after the best recalibration on the tested scores themselves",
    ),
}  # fmt: skip

TERMINAL = (
    "eer_global",
    "eer_per_signer",
    "ga_at_fr80",
    "ga_at_validation_threshold",
    "fr_at_validation_threshold",
)


def number(value: float | None, rate: bool) -> str:
    """A figure: per cent with two decimals, or three decimals."""
    if value is None:
        return NOT_COMPUTABLE
    return f"{100 * value:.2f}" if rate else f"{value:.3f}"


def cell(estimate: Estimate, rate: bool, overlap: bool) -> str:
    """Mean, deviation over draws, interval, and the mark if signers were trained on."""
    if estimate.mean is None:
        return NOT_COMPUTABLE
    parts = [number(estimate.mean, rate)]
    if estimate.std is not None:
        parts.append(f"±{number(estimate.std, rate)}")
    if estimate.ci95 is not None:
        low, high = (number(end, rate) for end in estimate.ci95)
        parts.append(f"[{low}, {high}]")
    return " ".join([*parts, OVERLAP] if overlap else parts)


def signers_in_words(count: int) -> str:
    """A number of signers."""
    return "1 signer" if count == 1 else f"{count} signers"


def tested(evaluation: Evaluation) -> list[str]:
    """Sentences: who was tested, who was left out and why."""
    counts = evaluation.trial_counts()
    guard = evaluation.guard
    sentences = [
        f"{signers_in_words(len(evaluation.trials.signers))}; {counts['genuine']} genuine, "
        f"{counts['skilled']} skilled and {counts['random']} random trials."
    ]
    left_out = evaluation.trials.left_out
    if guard.left_out:
        left_out = {**left_out, "a system was trained or validated on them": guard.left_out}
    sentences += [
        f"Left out: {signers_in_words(len(signers))}; {cause}."
        for cause, signers in left_out.items()
    ]
    if evaluation.trials.min_references == 1:
        sentences.append(SINGLE)
    if guard.overlapping:
        sentences.append(
            f"Trained or validated on: {signers_in_words(len(guard.overlapping))} of these; every "
            f"figure is marked '{OVERLAP}' and says little about strangers."
        )
    return sentences


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells, all of one length, as lines with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def terminal_table(evaluation: Evaluation) -> str:
    """Protocol, signers and the main figures, as plain text."""
    overlap = bool(evaluation.guard.overlapping)
    rows = [["system", "forgeries", *(HEADINGS[name].title + " %" for name in TERMINAL)]]
    for system, kinds in evaluation.figures.items():
        for kind, figures in kinds.items():
            cells = [cell(figures[name], HEADINGS[name].rate, overlap) for name in TERMINAL]
            rows.append([system, kind, *cells])
    heading = f"Protocol {evaluation.trials.protocol}. {evaluation.trials.words}"
    notes = [f"{HEADINGS[name].title}: {HEADINGS[name].explained}." for name in TERMINAL]
    brackets = (
        "In brackets: 95 % interval, bootstrap over signers. ±: deviation over draws. "
        f"{NOT_COMPUTABLE}: cannot be computed."
    )
    return "\n".join([heading, *tested(evaluation), "", *aligned(rows), "", *notes, brackets])

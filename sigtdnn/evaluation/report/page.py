"""report.html: the whole evaluation on one self-contained page."""

import base64
from collections.abc import Iterable, Sequence
from html import escape

from sigtdnn.evaluation.evaluation import Evaluation, Figures
from sigtdnn.evaluation.report.pictures import histogram_picture
from sigtdnn.evaluation.report.text import HEADINGS, cell, number, tested

STYLE = """
body { font: 15px/1.5 sans-serif; max-width: 76em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px }
th, td { text-align: left; padding: .25em .7em; border-bottom: 1px solid #ddd; vertical-align: top }
th { background: #f4f4f4 }
.wide { overflow-x: auto }
.pictures img { max-width: 32em; width: 100% }
.overlap { background: #fff0c0; padding: .5em 1em }
dt { font-weight: bold }
"""

RELIABILITY = "Share of genuine signatures among all that got a score, at prior 1/2"
FIGURE_2 = "Forgeries detected against genuine signatures accepted (figure 2 of the paper)"


def page(evaluation: Evaluation, det: bytes, figure_2: bytes, reliability: bytes | None) -> str:
    """The HTML text, the pictures as data URIs."""
    protocol = f"protocol {escape(evaluation.trials.protocol)}"
    pictures = [
        ("Detection error trade-off (DET)", det),
        (FIGURE_2, figure_2),
        *([] if reliability is None else [(RELIABILITY, reliability)]),
        *(
            (f"Scores of {name}", histogram_picture(evaluation, name))
            for name in evaluation.systems
        ),
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>Evaluation, {protocol}</title>",
            f"<style>{STYLE}</style></head><body>",
            f"<h1>Evaluation, {protocol}</h1>",
            *_trials(evaluation),
            *_main_figures(evaluation),
            *_differences(evaluation),
            *_promises(evaluation),
            "<h2>Curves</h2>",
            '<div class="pictures">',
            *(_picture(title, png) for title, png in pictures),
            "</div>",
            *_signers(evaluation),
            "</body></html>\n",
        ]
    )


def _trials(evaluation: Evaluation) -> list[str]:
    """Who was tested, and how; the last sentence is highlighted when it reports an overlap."""
    *sentences, last = tested(evaluation)
    mark = " class=overlap" if evaluation.guard.overlapping else ""
    return [
        *(f"<p>{escape(sentence)}</p>" for sentence in (evaluation.trials.words, *sentences)),
        f"<p{mark}>{escape(last)}</p>",
    ]


def _main_figures(evaluation: Evaluation) -> list[str]:
    return [
        "<h2>Figures</h2>",
        _figures(evaluation.figures, bool(evaluation.guard.overlapping)),
        "<p>Rates in per cent: mean over draws, ± standard deviation over draws, [95 % interval "
        "by bootstrap over signers].</p>",
        "<dl>",
        *(
            f"<dt>{escape(heading.title)}</dt><dd>{escape(heading.explained)}</dd>"
            for heading in HEADINGS.values()
        ),
        "</dl>",
    ]


def _figures(systems: dict[str, Figures], overlap: bool) -> str:
    titles = [f"{heading.title}{' %' if heading.rate else ''}" for heading in HEADINGS.values()]
    rows = [
        [
            system,
            kind,
            *(cell(figures[name], HEADINGS[name].rate, overlap) for name in HEADINGS),
        ]
        for system, kinds in systems.items()
        for kind, figures in kinds.items()
    ]
    return _table(["System", "Forgeries", *titles], rows)


def _differences(evaluation: Evaluation) -> list[str]:
    if not evaluation.differences:
        return []
    named = {" - ".join(pair): figures for pair, figures in evaluation.differences.items()}
    return [
        "<h2>Differences</h2>",
        "<p>The first system's figure less the second's, paired by signers: an interval without "
        "0 is a difference that these signers show.</p>",
        _figures(named, bool(evaluation.guard.overlapping)),
    ]


def _promises(evaluation: Evaluation) -> list[str]:
    if not evaluation.promises:
        return []
    overlap = bool(evaluation.guard.overlapping)
    rows = [
        [
            system,
            promise.kind,
            f"{100 * promise.asked:g}",
            cell(promise.far, True, overlap),
            cell(promise.ga, True, overlap),
        ]
        for system, kept in evaluation.promises.items()
        for promise in kept
    ]
    return [
        "<h2>Thresholds by false acceptance rate</h2>",
        "<p>The rate asked for, of forgeries of the model's validation signers, and what the "
        "threshold chosen for it accepts here.</p>",
        _table(["System", "Forgeries", "FAR asked %", "FAR met %", "GA %"], rows),
    ]


def _signers(evaluation: Evaluation) -> list[str]:
    table = evaluation.signer_eer
    rows = [
        [str(signer), *(number(None if value != value else value, True) for value in values)]
        for signer, values in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    return [
        "<h2>Equal error rate of each signer</h2>",
        "<p>In per cent, at each signer's own threshold, chosen on the tested signatures. A "
        "signer without forgeries of a kind has no rate for it.</p>",
        _table(["Signer", *(", ".join(column) for column in table.columns)], rows),
    ]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heading)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n'
        "</tbody></table></div>"
    )


def _picture(title: str, png: bytes) -> str:
    data = base64.b64encode(png).decode("ascii")
    return f'<img alt="{escape(title)}" src="data:image/png;base64,{data}">'

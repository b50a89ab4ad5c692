"""A page of pictures, so that a person can judge artificial signatures at a glance.

One row a signer: genuine signatures of both sessions, then forgeries by one forger each. Ink
is black, movements through the air are dotted. The page is one self-contained HTML file.
"""

from collections.abc import Sequence

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.signature import Signature, runs
from sigtdnn.synthesis.study import Recording, Study

ROWS = 30
GENUINE = 4
FORGED = 4
# Every other sample at 200 Hz draws the same line in half the bytes.
THINNED = 2
# Device units of free space around a signature.
MARGIN = 15

STYLE = """
body { font: 14px sans-serif; margin: 2em; color: #222; background: #fff; }
table { border-collapse: collapse; }
td, th { padding: 4px 10px; text-align: center; font-weight: normal; color: #666; }
th { border-bottom: 1px solid #bbb; }
td.forged { background: #faf4ec; }
svg { width: 150px; height: 90px; display: block; }
path { fill: none; stroke: #111; stroke-width: 1.5; stroke-linejoin: round;
  stroke-linecap: round; vector-effect: non-scaling-stroke; }
path.air { stroke: #c33; stroke-width: 0.8; stroke-dasharray: 1 3; }
"""


def gallery_page(study: Study) -> str:
    """The page (HTML) of the first `ROWS` signers who were forged."""
    rows = [_row(recordings) for recordings in _forged_signers(study)[:ROWS]]
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>{study.collection}</title>\n<style>{STYLE}</style>\n"
        "<h1>Artificial signatures</h1>\n"
        "<p>Nobody wrote these. Ink is black; the way of the pen through the air is dotted. "
        "Under each picture: who held the pen, and for how long.</p>\n"
        f'<table>\n<tr><th></th><th colspan="{GENUINE}">genuine, two sessions</th>'
        f'<th colspan="{FORGED}">forged</th></tr>\n' + "\n".join(rows) + "\n</table>\n</html>\n"
    )


def _forged_signers(study: Study) -> list[list[Recording]]:
    """The recordings of each signer who was forged."""
    signers: dict[str, list[Recording]] = {}
    for recording in study.recordings:
        signers.setdefault(recording.signer, []).append(recording)
    return [own for own in signers.values() if any(one.kind == "skilled" for one in own)]


def _row(recordings: Sequence[Recording]) -> str:
    genuine = [one for one in recordings if one.kind == "genuine"]
    forged = [one for one in recordings if one.kind == "skilled"]
    cells = [_cell(one, "genuine") for one in _evenly(genuine, GENUINE)]
    cells += [_cell(one, "forged") for one in _evenly(forged, FORGED)]
    return f"<tr><td>{_person(recordings[0].signer)}</td>{''.join(cells)}</tr>"


def _evenly(recordings: Sequence[Recording], count: int) -> list[Recording]:
    """`count` of the recordings, from the first to the last."""
    chosen = np.linspace(0, len(recordings) - 1, count).round().astype(int)
    return [recordings[i] for i in chosen.tolist()]


def _cell(recording: Recording, kind: str) -> str:
    caption = f"{_person(recording.writer)}, {recording.signature.duration:.1f} s"
    return f'<td class="{kind}">{picture(recording.signature)}{caption}</td>'


def _person(name: str) -> str:
    return name.rpartition("/")[2]


def picture(signature: Signature) -> str:
    """The signature as an SVG element."""
    x, y = signature.x - signature.x.min(), signature.y.max() - signature.y
    width, height = x.max() + 2 * MARGIN, y.max() + 2 * MARGIN
    box = f"{-MARGIN} {-MARGIN} {width:.0f} {height:.0f}"
    pen = signature.pen[:-1]
    ink, air = (_path(x, y, drawn) for drawn in (pen, ~pen))
    return f'<svg viewBox="{box}"><path class="air" d="{air}"/><path d="{ink}"/></svg>'


def _path(x: Float64, y: Float64, drawn: Bool) -> str:
    """The runs of intervals that are drawn, each as a polyline."""
    lines = []
    for first, last in runs(drawn).tolist():
        samples = [*range(first, last, THINNED), last]
        lines.append("M" + " ".join(f"{x[i]:.0f},{y[i]:.0f}" for i in samples))
    return "".join(lines)

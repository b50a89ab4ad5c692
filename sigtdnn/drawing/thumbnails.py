"""All signatures of a corpus on one self-contained page of HTML, to look for what is wrong.

Signer by signer, each signature in its own size, strokes as lines and single points as dots, the
kind by its colour; below it the file, number of samples and duration.
"""

from collections.abc import Iterator
from html import escape

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.corpus.corpus import Corpus
from sigtdnn.signature import Signature

WIDTH, HEIGHT, MARGIN = 180, 90, 5  # of a thumbnail, in pixels
STYLE = """
body { font: 14px/1.4 sans-serif; margin: 2em; color: #222 }
.signer { display: flex; flex-wrap: wrap; gap: 6px }
figure { margin: 0; border: 1px solid #ddd; width: 190px; overflow-wrap: anywhere }
figcaption { font-size: 10px; padding: 2px 4px; color: #555 }
path { fill: none; stroke-width: 1.5; stroke-linecap: round; stroke: #333f50 }
.skilled path { stroke: #d1495b }
.unlabelled path { stroke: #8a8a8a }
"""


def thumbnail_page(title: str, corpus: Corpus) -> str:
    """The HTML text."""
    recordings = corpus.recordings.sort_values(["collection", "signer", "kind", "file"])
    kinds = recordings["kind"].replace("", "unlabelled").value_counts().sort_index()
    summary = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{len(corpus)} recordings: {escape(summary)}.</p>",
    ]
    for (collection, signer), own in recordings.groupby(["collection", "signer"], sort=True):
        lines.append(f"<h2>{escape(str(signer) or str(collection))}</h2>")
        lines.append('<div class="signer">')
        for row, file, kind in zip(own.index, own["file"], own["kind"], strict=True):
            lines += _figure(file, kind or "unlabelled", corpus.signature(row))
        lines.append("</div>")
    return "\n".join([*lines, "</body></html>\n"])


def _figure(name: str, kind: str, signature: Signature) -> Iterator[str]:
    yield f'<figure class="{escape(kind)}">'
    yield f'<svg viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{_path(signature)}"/></svg>'
    told = f"{name}: {len(signature)} samples, {signature.duration:.2f} s"
    yield f"<figcaption>{escape(told)}</figcaption></figure>"


def _path(signature: Signature) -> str:
    """The strokes in the thumbnail's pixels, y downward, in steps of half a pixel."""
    places = np.column_stack([signature.x, -signature.y])
    places -= places.min(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    spans = places.max(axis=0)
    # One scale for both, the smaller one, and what is left over on either side.
    scale = min((room[spans > 0] / spans[spans > 0]).tolist(), default=1.0)
    places = MARGIN + (room - spans * scale) / 2 + places * scale
    places = np.rint(2 * places) / 2
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in _distinct(places[signature.stroke == number]))
        for number in range(signature.strokes)
    )


def _distinct(places: Float64) -> list[list[float]]:
    """The places without repetitions; a dot twice, so that it is drawn."""
    kept = places[np.append(True, (np.diff(places, axis=0) != 0).any(axis=1))]
    drawn: list[list[float]] = (kept if len(kept) > 1 else np.repeat(kept, 2, axis=0)).tolist()
    return drawn

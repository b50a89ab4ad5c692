"""The study as files: one plain CSV a signature, and `recordings.csv`, which says who signed.

t         seconds from the first contact
x, y      device units, y upward
pen       1 on the surface, 0 in the air, until the next row
pressure  0..1 of the device range
"""

import csv
from pathlib import Path

from sigtdnn.files import replacing
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature
from sigtdnn.synthesis.study import Study

RECORDINGS = "recordings.csv"
COLUMNS = ("file", "collection", "signer", "writer", "kind", "session", "number")
HEADER = "t,x,y,pen,pressure"


def write_study(study: Study, path: Path, progress: Progress = ignore_progress) -> None:
    """Writes the folder `path`, which must be absent or empty; it appears whole or not at all.

    `progress` counts files.
    """
    prefix = f"{study.collection}/"
    with replacing(path) as folder:
        folder.mkdir()
        with (folder / RECORDINGS).open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            for done, one in enumerate(study.recordings, start=1):
                (folder / one.file).write_text(stroke_file(one.signature), encoding="utf-8")
                signer, writer = one.signer.removeprefix(prefix), one.writer.removeprefix(prefix)
                rows.writerow(
                    [one.file, study.collection, signer, writer, one.kind, one.session, one.number]
                )
                progress(done, len(study.recordings))


def stroke_file(signature: Signature) -> str:
    """The text of a stroke file; every number reads back equal."""
    columns = [signature.t.tolist(), signature.x.tolist(), signature.y.tolist()]
    rows = [HEADER]
    if signature.pressure is None:
        rows[0] = HEADER.removesuffix(",pressure")
    else:
        columns.append(signature.pressure.tolist())
    pen = signature.pen.copy()
    # A last touch, which no interval follows, would else be cut off in reading.
    pen[-1] = signature.stroke[-1] >= 0
    pens = pen.astype(int).tolist()
    rows += [
        ",".join([repr(t), f"{x:.17g}", f"{y:.17g}", str(pen), *map(repr, pressure)])
        for t, x, y, pen, *pressure in zip(*columns[:3], pens, *columns[3:], strict=True)
    ]
    return "\n".join(rows) + "\n"
